"""Comparators of kinds of fields: names, organisations, contacts, addresses."""

from __future__ import annotations

from identigraph.comparing.building import name_of
from identigraph.comparing.comparator import Graded, Grader
from identigraph.comparing.frequencies import Frequencies
from identigraph.comparing.graders import (
    Abbreviated,
    Contained,
    Different,
    JaroWinkler,
    Nickname,
    Same,
    SharedWord,
    Typos,
)
from identigraph.comparing.mail_names import MadeOfNames
from identigraph.comparing.measures import address as address_similarity
from identigraph.comparing.measures import given_name as given_similarity
from identigraph.comparing.measures import organisation_name as organisation_similarity
from identigraph.comparing.measures import person_name as name_similarity
from identigraph.comparing.models import SameModel
from identigraph.comparing.people import AmongWords, Crossed, Misplaced, Rarer, Unless
from identigraph.comparing.quantities import NearNumber
from identigraph.comparing.texts import TextMeasure
from identigraph.comparing.tokens import TokenCosine
from identigraph.fields import (
    Address,
    Email,
    FreeText,
    Identifier,
    Money,
    Organisation,
    PersonName,
    Phone,
    Postcode,
    Url,
)
from identigraph.fields.derived import Feature

SWAPPED = 0.85
"""The Jaro-Winkler similarity from which on names are swapped though they are not equal."""
MISPLACED = 0.9
"""The same of a name alone in the column of the other."""


def given_name(
    feature: Feature,
    *,
    family: Feature | None = None,
    middle: Feature | None = None,
    frequency: bool | Frequencies = True,
) -> Graded:
    """Return the comparator of given names: similar, nickname, initial or beginning.

    Args:
        feature: the given name.
        family: the family name; with it, given and family name swapped are levels, and so is a lone word in the column
            of given names that is the family name of the other record.
        middle: further given names; with them, a given name that is one of those of the other record is a level.
        frequency: weigh agreement by how common the value is, among the records or by a table.

    Examples:
        >>> [given_name("given").compare("Robert", other).label for other in ("Bob", "R", "Roberta", "Ann")]
        ['nickname', 'initial', 'similar, 0.9', 'differs']
    """
    graders: list[Grader] = [Rarer(JaroWinkler(feature, (0.9,)))]
    if family is not None:
        graders.append(Crossed(feature, family, cutoff=SWAPPED, frequency=True))
        graders.append(Misplaced(feature, family, "family name", cutoff=MISPLACED, frequency=True))
    graders += [Nickname(feature), JaroWinkler(feature, (0.8,)), Abbreviated(feature)]
    if middle is not None:
        graders.append(AmongWords(feature, middle, "middle name"))
    graders.append(JaroWinkler(feature, (0.7,)))
    measure = TextMeasure(feature, given_similarity, ())
    found = Graded(name_of(feature), feature, tuple(graders), frequency=frequency, measure=measure)
    return found if frequency else found.plain()


def family_name(
    feature: Feature,
    *,
    given: Feature | None = None,
    middle: Feature | None = None,
    frequency: bool | Frequencies = True,
) -> Graded:
    """Return the comparator of family names: similar, or one word of several shared, as of *Smith* and *Smith Jones*.

    Args:
        feature: the family name.
        given: the given name; with it, a lone word in the column of family names that is the given name of the other
            record is a level. Of names that are swapped it says nothing, as the comparator of given names tells it.
        middle: further given names; with them, a family name that is one of those of the other record, as a maiden
            name may be, is a level.
        frequency: weigh agreement by how common the value is, among the records or by a table.

    Examples:
        >>> [family_name("family").compare("Smith", other).label for other in ("Jones-Smith", "Smyth", "Lee")]
        ['shared word', 'similar, 0.82', 'differs']
    """
    graders: list[Grader] = [Rarer(JaroWinkler(feature, (0.92,))), SharedWord(feature)]
    if given is not None:
        graders.append(Misplaced(feature, given, "given name", cutoff=MISPLACED, frequency=True))
    if middle is not None:
        graders.append(AmongWords(feature, middle, "middle name"))
    graders += [JaroWinkler(feature, (0.82,)), Abbreviated(feature), JaroWinkler(feature, (0.7,))]
    silent = None if given is None else Crossed(feature, given, cutoff=SWAPPED)
    found = Graded(name_of(feature), feature, tuple(graders), frequency=frequency, silent=silent)
    return found if frequency else found.plain()


def person_name(field: str, *cutoffs: float, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of full names in any order, with initials, nicknames and particles.

    Levels: equal; the same words in another order; one per cutoff on `measures.person_name` (left out: .8, .88, .94).
    Junior and senior are in conflict.

    Args:
        field: a field of `PersonName`, or a column of full names.
        cutoffs: 0 to 1.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Examples:
        >>> names = person_name("name")
        >>> names.compare("Lee, Ann", "Ann Lee").label
        'equal'
        >>> names.compare("Bob Smith Jr.", "Robert Smith Sr.").label
        'differs'
    """
    aligned = TextMeasure(field, name_similarity, cutoffs or (0.8, 0.88, 0.94), label="aligned")
    graders = (Same(f"{field}.sorted", "same words"), aligned)
    conflict = Different(f"{field}.suffix", "suffix differs")
    return Graded(field, field, graders, conflict, frequency, fields={field: PersonName()})


def organisation_name(field: str, *cutoffs: float, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of names of organisations: legal forms dropped, generic words weighed down.

    Levels: equal but for the legal form; the same words in another order; one per cutoff on
    `measures.organisation_name` (left out: .7, .8 and .9), where words that many records have weigh little.

    Args:
        field: a field of `Organisation`, or a column of names.
        cutoffs: 0 to 1.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Examples:
        >>> organisation_name("company").compare("Acme Trading Ltd.", "ACME Trading Limited").label
        'equal'
    """
    close = TextMeasure(field, organisation_similarity, cutoffs or (0.7, 0.8, 0.9), label="close name")
    graders = (Same(f"{field}.sorted", "same words"), close)
    return Graded(field, field, graders, frequency=frequency, fields={field: Organisation()})


def email(field: str, *, names: tuple[Feature, Feature] | None = None, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of an e-mail field: equal, up to four typos, same or similar local part.

    A ``+tag`` means nothing, as the field drops it. The raw similarity is one less the typos as a share of the longer
    address.

    Args:
        field: a field of `Email`, or a column of addresses.
        names: given and family name; with them, local parts that are both made of the names of their records are
            a level of their own, for it says little that they are similar.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Examples:
        >>> email("mail", frequency=False).labels[-2:]
        ('1 typo', 'equal')
        >>> email("mail").compare("ann.lee@mail.com", "Ann.Lee+news@Post.org").label
        'same local part'
    """
    local = f"{field}.local"
    graders: tuple[Grader, ...] = (Typos(field, 4), Same(local, "same local part"), JaroWinkler(local, (0.85, 0.92)))
    if names is not None:
        made = MadeOfNames(local, names)
        graders = (
            Unless(graders[0], MadeOfNames(local, names, same=False, domain=f"{field}.domain")),
            *(Unless(grader, made) for grader in graders[1:]),
            made,
        )
    return Graded(field, field, graders, frequency=frequency, measure=Typos(field, 4), fields={field: Email()})


def phone(field: str, *, region: str | None = None, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of a phone field: equal, last digits equal, one inside the other, up to three typos.

    Numbers are equal within their country, international and national forms alike; where both state a country and it is
    not the same, they are in conflict.

    Args:
        field: a field of `Phone`, or a column of numbers.
        region: for a column: the country of numbers that state none, as its two-letter code.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Examples:
        >>> phone("tel", frequency=False).labels
        ('differs', '3 typos', '2 typos', '1 typo', 'contained', 'last digits equal', 'equal')
        >>> phone("tel", region="GB").compare("+44 20 7946 0958", "(020) 7946 0958 ext. 3").label
        'equal'
    """
    graders = (Same(f"{field}.tail", "last digits equal"), Contained(field), Typos(field, 3))
    conflict = Different(f"{field}.country", "other country")
    return Graded(field, field, graders, conflict, frequency, fields={field: Phone(region=region)})


def address(field: str, *, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of street addresses.

    Levels: equal; up to two typos; the same street with another number; words in common, in any order, rare words
    counting more; similar letters. The raw similarity is `measures.address`, which weighs the house number against the
    street.

    Examples:
        >>> homes = address("home")
        >>> [homes.compare("12 Main St", other).label for other in ("12, Main Street", "14 Main Street", "9 Oak Av")]
        ['equal', '1 typo', 'differs']
    """
    graders = (
        Typos(field, 2),
        Same(f"{field}.street", "same street"),
        TokenCosine(field, (0.6,)),
        JaroWinkler(field, (0.85,)),
        TokenCosine(field, (0.3,)),
        JaroWinkler(field, (0.75,)),
    )
    measure = TextMeasure(field, address_similarity, ())
    return Graded(field, field, graders, frequency=frequency, measure=measure, fields={field: Address()})


def postcode(field: str, *, country: str | None = None, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of postcodes: equal, one typo, same district, same area, as its country cuts them.

    Args:
        field: a field of `Postcode`, or a column of postcodes.
        country: for a column: the two-letter code of the country; left out, told from the pattern of each value.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Examples:
        >>> codes = postcode("zip", country="GB")
        >>> [codes.compare("SW1A 1AA", other).label for other in ("sw1a1aa", "SW1A 2AB", "SW9 8JX", "M1 1AE")]
        ['equal', 'same district', 'same area', 'differs']
    """
    graders = (Typos(field, 1), Same(f"{field}.district", "same district"), Same(f"{field}.area", "same area"))
    return Graded(field, field, graders, frequency=frequency, fields={field: Postcode(country=country)})


def money(field: str, *, relative: tuple[float, ...] = (0.1, 0.01), frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of amounts of money: equal, or within a share of the larger; other currencies differ.

    Nothing is converted. Where only one side says its currency, amounts are compared.

    Args:
        field: a field of `Money`, or a column of amounts.
        relative: shares of the larger amount, 0 to 1.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Examples:
        >>> prices = money("price")
        >>> [prices.compare("EUR 12.50", other).label for other in ("12,50 €", "12.49", "$12.50")]
        ['equal', 'within 0.01 of it', 'differs']
    """
    amount = NearNumber(f"{field}.amount", relative)
    conflict = Different(f"{field}.currency", "other currency")
    return Graded(field, field, (amount,), conflict, frequency, fields={field: Money()})


def url(field: str, *, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of addresses of web pages: equal, same domain, similar.

    Examples:
        >>> [url("site").compare("https://www.acme.com/", other).label for other in ("acme.com", "acme.com/shop")]
        ['equal', 'same domain']
    """
    graders = (Same(f"{field}.domain", "same domain"), JaroWinkler(field, (0.9,)))
    return Graded(field, field, graders, frequency=frequency, fields={field: Url()})


def identifier(field: str, *, scheme: str | None = None, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of identifiers: equal, or one typo.

    With a scheme, values whose check digits are wrong are missing: then two that differ by one typo are two
    identifiers, for check digits rule out single typos, and there is no such level.

    Args:
        field: a field of `Identifier`, or a column of identifiers.
        scheme: for a column: the scheme of its check digits, such as ``"iban"`` or ``"us.ssn"``; see `Identifier`.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Raises:
        ConfigurationError: there is no such scheme.

    Examples:
        >>> identifier("account").compare("RUK-109 337", "ruk109338").label
        '1 typo'
        >>> identifier("account", scheme="iban").compare("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432").label
        'equal'
    """
    graders = () if scheme else (Typos(field, 1),)
    return Graded(field, field, graders, frequency=frequency, fields={field: Identifier(scheme=scheme)})


def model_numbers(field: str, *, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of the model numbers in texts: all equal, one shared, one a part of the other.

    A text without a model number is missing. See `identigraph.text.model_numbers` for what is taken for one.

    Args:
        field: a field of `FreeText`, or a column of texts.
        frequency: weigh equality by how common the numbers are, among the records or by a table.

    Examples:
        >>> titles = model_numbers("title")
        >>> others = ("Zeon RX-V863 radio", "Radio - RXV863BL", "Zeon RXV864 radio", "Zeon lamp")
        >>> [titles.compare("Radio Zeon RXV863", other).label for other in others]
        ['equal', 'part of the other', 'differs', 'missing']
    """
    feature = f"{field}.model_numbers"
    return Graded(feature, feature, (SameModel(feature),), frequency=frequency, fields={field: FreeText()})
