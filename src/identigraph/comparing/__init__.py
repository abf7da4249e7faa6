"""Comparing: how pairs of records agree, as levels and packed patterns."""

from identigraph.comparing import measures
from identigraph.comparing.alone import Agreement
from identigraph.comparing.building import (
    age,
    category,
    date,
    distance,
    exact,
    measured,
    number,
    scored_by,
    shared,
    similar,
    sounds,
    text,
    typos,
    vectors,
    year,
)
from identigraph.comparing.categories import CloseCategory
from identigraph.comparing.comparator import Comparator, Graded, Grader, Measured, Measuring, Quantified
from identigraph.comparing.comparisons import Comparisons, compare
from identigraph.comparing.contacts import Carriers, ContactProfile, profile_contacts
from identigraph.comparing.embeddings import NearVector, cosine
from identigraph.comparing.frequencies import Frequencies
from identigraph.comparing.graders import (
    Abbreviated,
    Acronym,
    Contained,
    Different,
    JaroWinkler,
    Nickname,
    Same,
    SharedWord,
    Typos,
)
from identigraph.comparing.layout import Layout, Pattern
from identigraph.comparing.lists import SharedElements
from identigraph.comparing.mail_names import MadeOfNames, NameInMail
from identigraph.comparing.mail_rest import RestOfMail
from identigraph.comparing.models import SameModel
from identigraph.comparing.patterns import Comparison, Patterns
from identigraph.comparing.people import AmongWords, Crossed, Misplaced, Rarer, Unless
from identigraph.comparing.places import NearPlace, haversine
from identigraph.comparing.quantities import NearDate, NearNumber
from identigraph.comparing.sounds import SameSound
from identigraph.comparing.suited import (
    address,
    email,
    family_name,
    given_name,
    identifier,
    model_numbers,
    money,
    organisation_name,
    person_name,
    phone,
    postcode,
    url,
)
from identigraph.comparing.texts import TextMeasure
from identigraph.comparing.tokens import TokenCosine

__all__ = [
    "Abbreviated",
    "Acronym",
    "Agreement",
    "AmongWords",
    "Carriers",
    "CloseCategory",
    "Comparator",
    "Comparison",
    "Comparisons",
    "ContactProfile",
    "Contained",
    "Crossed",
    "Different",
    "Frequencies",
    "Graded",
    "Grader",
    "JaroWinkler",
    "Layout",
    "MadeOfNames",
    "Measured",
    "Measuring",
    "Misplaced",
    "NameInMail",
    "NearDate",
    "NearNumber",
    "NearPlace",
    "NearVector",
    "Nickname",
    "Pattern",
    "Patterns",
    "Quantified",
    "Rarer",
    "RestOfMail",
    "Same",
    "SameModel",
    "SameSound",
    "SharedElements",
    "SharedWord",
    "TextMeasure",
    "TokenCosine",
    "Typos",
    "Unless",
    "address",
    "age",
    "category",
    "compare",
    "cosine",
    "date",
    "distance",
    "email",
    "exact",
    "family_name",
    "given_name",
    "haversine",
    "identifier",
    "measured",
    "measures",
    "model_numbers",
    "money",
    "number",
    "organisation_name",
    "person_name",
    "phone",
    "postcode",
    "profile_contacts",
    "scored_by",
    "shared",
    "similar",
    "sounds",
    "text",
    "typos",
    "url",
    "vectors",
    "year",
]
