"""Which comparators suit a field, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import attrs

from identigraph.comparing.building import date, exact, number, similar, text, typos
from identigraph.comparing.comparator import PATTERN_BITS, Comparator, Graded, Measured, level_bits
from identigraph.comparing.contacts import carriers_of
from identigraph.comparing.graders import Abbreviated, Acronym, Different, JaroWinkler, Same, SharedWord, Typos
from identigraph.comparing.mail_names import NameInMail
from identigraph.comparing.mail_rest import RestOfMail, mails_in_pieces
from identigraph.comparing.quantities import NearNumber
from identigraph.comparing.siblings import naming_text, steady
from identigraph.comparing.suited import (
    address,
    email,
    family_name,
    given_name,
    model_numbers,
    money,
    phone,
    postcode,
    url,
)
from identigraph.comparing.tokens import TokenCosine
from identigraph.fields import (
    Address,
    Category,
    Date,
    Email,
    FieldKind,
    FreeText,
    Identifier,
    Money,
    Number,
    Organisation,
    PersonName,
    Phone,
    Postcode,
    Url,
)
from identigraph.fields.derived import Feature, initials, prefix, year
from identigraph.fields.kind import feature_name
from identigraph.records import Records

LONG_TEXT = 2.5
"""Mean words of a text from which on its words are compared, and not its letters."""

LONG_NAME = 4.0
"""Mean words of an organisation name from which on only its words are compared: long names begin alike."""

MODEL_NUMBERS = "model_numbers"
NUMBERED = 0.3
"""Share of the records whose text has a model number, from which on these are compared."""

USUAL = 0.5
"""Share of the records that have a name, from which on it may tell them apart."""

PIECED = 0.5
"""Share of the organisation names with more in them than the name of a body, from which on these are compared."""

YEAR = r"^(?:1[5-9]|20)\d\d[a-z]?$"
NEAR_YEARS = (1, 3)
"""Years between two, at the most, that may be the year of one thing."""
MUCH_JUNK = 0.05
"""Share of the records with a contact that carry one of strangers, from which on those that several share are weighed
apart."""
PIECES = 0.01
"""Share of the records with an address that is not whole, from which on what is left of it is compared."""

WORD_CUTOFFS = (0.3, 0.5, 0.7, 0.85, 0.99)

Ranked: TypeAlias = tuple[int, Graded | Measured]
"""A comparator with its rank: 0 goes first into a pattern."""


def default_comparators(records: Records) -> tuple[Comparator, ...]:
    """Return comparators for all fields of `records`, the most telling first, as many as fit into a pattern.

    Features that no two records carry, or that all share, are left out.
    """
    ranked = sorted(
        (item for name, kind in records.fields.items() for item in _ranked(records, name, kind)),
        key=lambda item: (item[0], item[1].name),
    )
    chosen: list[Comparator] = []
    bits = 0
    for _, comparator in ranked:
        if _useful(records, comparator) and bits + level_bits(comparator) <= PATTERN_BITS:
            chosen.append(comparator)
            bits += level_bits(comparator)
    return tuple(chosen)


def field_comparators(records: Records, name: str) -> tuple[Graded | Measured, ...]:
    """Return the comparators that suit one field of `records`, the most telling first.

    Examples:
        >>> records = Records.of({"mail": ["ann@x.com"]}).with_fields({"mail": Email()})
        >>> [comparator.name for comparator in field_comparators(records, "mail")]
        ['mail']
    """
    ranked = sorted(_ranked(records, name, records.fields[name]), key=lambda item: (item[0], item[1].name))
    return tuple(comparator for _, comparator in ranked)


def household_comparators(records: Records, comparators: Iterable[Comparator]) -> tuple[str, ...]:
    """Return the names of the comparators on which siblings agree: others who have much in common with an entity.

    Of people these are the members of a household, who share family name, address and contacts, or of a firm, which
    they share, and what other texts say, for many a town stands in a column of any name; there must be given and family
    names. Of organisations these are sister firms and branches, which share
    all but their names. Of things with model numbers these are the other models of a series, which share all but these
    numbers; of things with several texts, such as songs, those that share all but the text that names them. Other
    records have none.
    """
    comparators = tuple(comparators)
    names = [comparator.name for comparator in comparators]
    people = [name for name, kind in records.fields.items() if isinstance(kind, PersonName)]
    if people:
        given, family = ({f"{name}.{part}" for name in people} & set(names) for part in ("given", "family"))
        return _shared_at_home(records, names, family) if given and family else ()
    firms = {name for name, kind in records.fields.items() if isinstance(kind, Organisation)}
    own = {f"{name}{part}" for name in firms if _names_things(records, name) for part in ("", ".core")}
    own = own or {name for name in names if name.endswith(f".{MODEL_NUMBERS}")} or _naming_text(records, comparators)
    return tuple(name for name in names if name not in own) if own & set(names) else ()


def edition_comparators(records: Records, comparators: Iterable[Comparator]) -> tuple[str, ...]:
    """Return the names of the comparators on which editions of one thing agree, such as versions of a song.

    Editions share texts and differ in numbers: years, lengths. So there must be texts that name things, and numbers
    that mostly agree where these texts are equal, as prices do not. Other records have no editions.
    """
    comparators = tuple(comparators)
    own = _steady_numbers(records, comparators)
    return tuple(each.name for each in comparators if each.name not in own) if own else ()


def _steady_numbers(records: Records, comparators: tuple[Comparator, ...]) -> tuple[str, ...]:
    """Return the names of the comparators of numbers that editions differ in."""
    texts = _naming_texts(records, comparators)
    numbers = [each for each in comparators if isinstance(each, Graded) and _counts(records, each.name)]
    return steady(records, [text.feature for text in texts], numbers) if texts else ()


def _counts(records: Records, name: str) -> bool:
    """Tell whether a comparator is that of a field of numbers, no money, or of years."""
    kind = records.fields.get(name)
    return isinstance(kind, Number) or (isinstance(kind, FreeText) and _years(records, name))


def _naming_text(records: Records, comparators: Iterable[Comparator]) -> set[str]:
    """Return the name of the comparator of the text that tells siblings apart, if one does."""
    name = naming_text(records, _naming_texts(records, comparators))
    return set() if name is None else {name}


def _naming_texts(records: Records, comparators: Iterable[Comparator]) -> list[Graded]:
    """Return the comparators of the texts that name things which have no other name and no model numbers."""
    if any(isinstance(kind, PersonName | Date) for kind in records.fields.values()):
        return []
    firms = [name for name, kind in records.fields.items() if isinstance(kind, Organisation)]
    graded = [each for each in comparators if isinstance(each, Graded)]
    if any(_names_things(records, name) for name in firms) or any(each.name.endswith(MODEL_NUMBERS) for each in graded):
        return []
    texts = {name for name, kind in records.fields.items() if isinstance(kind, FreeText) and not _years(records, name)}
    return [each for each in graded if each.name in texts and _names_things(records, each.name)]


def _shared_at_home(records: Records, names: list[str], family: set[str]) -> tuple[str, ...]:
    """Return which of the comparators members of a household agree on, `family` being those of family names."""
    shared = set(family)
    for name, kind in records.fields.items():
        if isinstance(kind, Address):
            shared |= {feature_name(name, part) for part in kind.parts}
        elif isinstance(kind, Email | Phone | Url):
            shared |= {name, f"{name}.rest"}
        elif isinstance(kind, Organisation):
            shared |= {name, f"{name}.core"}
        elif isinstance(kind, FreeText | Postcode):
            shared.add(name)
    return tuple(name for name in names if name in shared)


def identity_comparators(records: Records, comparators: Iterable[Comparator]) -> tuple[str, ...]:
    """Return the names of the comparators on which records of one entity hardly ever contradict each other.

    Names and birth dates, names of organisations where there are no people, and the texts of things that have no name,
    with the numbers that editions differ in; not what changes or what one has several of, such as contacts, addresses
    and employers.
    """
    comparators = tuple(comparators)
    names: set[str] = set()
    people = any(isinstance(kind, PersonName) for kind in records.fields.values())
    for name, kind in records.fields.items():
        if isinstance(kind, PersonName):
            names |= {f"{name}.given", f"{name}.family"}
        elif isinstance(kind, Date):
            names.add(name)
        elif isinstance(kind, Organisation) and not people and records.column(name).present >= USUAL * len(records):
            names |= {name, f"{name}.core"}
    if not names:
        texts = [name for name, kind in records.fields.items() if isinstance(kind, FreeText)]
        names = {name for name in texts if _names_things(records, name)}
        names |= {f"{name}.{MODEL_NUMBERS}" for name in names} | set(_steady_numbers(records, comparators))
    return tuple(comparator.name for comparator in comparators if comparator.name in names)


def _useful(records: Records, comparator: Graded | Measured) -> bool:
    """Tell whether records have what is compared, and not all the same."""
    if isinstance(comparator, Measured):
        return True
    column = records.column(comparator.feature)
    return column.present > 1 and len(column.values) > 1


def _ranked(records: Records, name: str, kind: FieldKind) -> list[Ranked]:
    """Return the comparators of one field with their rank: 0 goes first into a pattern."""
    suited = SUITED.get(type(kind))
    return [(3, similar(name))] if suited is None else suited(records, name)


def _person_name(name: str) -> list[Ranked]:
    given, family, middle = f"{name}.given", f"{name}.family", f"{name}.middle"
    suffix = Different(f"{name}.suffix", "suffix differs")
    return [
        (0, attrs.evolve(given_name(given, family=family, middle=middle), conflict=suffix)),
        (0, family_name(family, given=given, middle=middle)),
        (
            4,
            Graded(
                middle, middle, (JaroWinkler(middle, (0.85,)), SharedWord(middle), Abbreviated(middle)), frequency=False
            ),
        ),
    ]


def _email(records: Records, name: str) -> list[Ranked]:
    """Return the comparators of an e-mail field: with names where there is one field of them, and some lack a name.

    Where some addresses are not whole, what is left of them is compared as well.
    """
    people = [field for field, kind in records.fields.items() if isinstance(kind, PersonName)]
    rest: list[Ranked] = [(1, Measured(f"{name}.rest", RestOfMail(name)))]
    rest = rest if mails_in_pieces(records, name) >= PIECES * len(records) else []
    if len(people) != 1:
        return [(1, email(name)), *rest]
    names = (f"{people[0]}.given", f"{people[0]}.family")
    compared: list[Ranked] = [(1, _profiled(records, email(name, names=names))), *rest]
    if any(records.column(part).present < len(records) for part in names):
        compared.append((3, Measured(f"{name}.name", NameInMail(f"{name}.local", names))))
    return compared


def _profiled(records: Records, contact: Graded) -> Graded:
    """Return the comparator of a contact, with levels of their own for values that several share where these are many.

    Elsewhere the bands of common values and the class of households tell as much, and more levels are more to learn.
    """
    carriers = carriers_of(records)
    if carriers is None or carriers.junk_share(records, contact.feature) < MUCH_JUNK:
        return contact
    return attrs.evolve(contact, shared_by=carriers)


def _address(records: Records, name: str) -> list[Ranked]:
    return [
        (1, _profiled(records, address(name))),
        (2, _postcode(f"{name}.postcode")),
        (2, similar(f"{name}.city", 0.7, 0.8, 0.9)),
        (5, exact(f"{name}.state", frequency=False)),
        (5, exact(f"{name}.country", frequency=False)),
    ]


def _postcode(feature: str) -> Graded:
    """Return the comparator of postcodes whose country is not told: typos, then how much of the beginning is equal."""
    beginnings = tuple(Same(prefix(feature, n), f"first {n} equal") for n in (4, 3, 2))
    return Graded(feature, feature, (Typos(feature, 2), *beginnings))


def _organisation(records: Records, name: str) -> list[Ranked]:
    """Return the comparators of organisation names: letters and words; words alone where names are long.

    Where department and place stand beside most names, the names alone are compared as well.
    """
    if _words_each(records, name) < LONG_NAME:
        return [(0, _by_letters_and_words(name, f"{name}.initials"))]
    core = f"{name}.core"
    in_pieces = (records.column(core).decoded() != records.column(name).decoded()).sum()
    names = [_by_letters_and_words(core, initials(core))] if in_pieces >= PIECED * len(records) else []
    return [(0, comparator) for comparator in (text(name, *WORD_CUTOFFS, spelling=True), *names)]


def _by_letters_and_words(name: str, acronyms: Feature) -> Graded:
    """Return the comparator of short names: letters, words, acronyms."""
    close, alike = JaroWinkler(name, (0.92,)), JaroWinkler(name, (0.8,))
    return Graded(name, name, (close, TokenCosine(name, WORD_CUTOFFS, spelling=True), Acronym(name, acronyms), alike))


def _free_text(records: Records, name: str) -> list[Ranked]:
    """Return the comparators of a text: its letters where it is short, else its words, and the model numbers in it."""
    if _years(records, name):
        return [(4, _year(name))]
    if _words_each(records, name) < LONG_TEXT:
        return [(3, similar(name))]
    numbers = model_numbers(name)
    numbered = records.column(numbers.feature).present >= NUMBERED * len(records)
    return [
        (3, text(name, *WORD_CUTOFFS, spelling=True)),
        *([(1, numbers)] if numbered and _names_things(records, name) else []),
    ]


def _number(records: Records, name: str) -> list[Ranked]:
    """Return the comparator of numbers: years by how many lie between them, others by shares."""
    return [(4, _year(name) if _years(records, name) else number(name))]


def _year(name: str) -> Graded:
    """Return the comparator of years: a share of one is centuries."""
    feature = year(name)
    return Graded(name, feature, (NearNumber(feature, absolute=NEAR_YEARS),))


def _years(records: Records, name: str) -> bool:
    """Tell whether nearly all values of a field are years, a letter behind some, as of the publications of a year."""
    column = records.column(name)
    years = column.values.str.contains(YEAR).to_numpy()
    return bool(column.counts[years].sum() >= 0.9 * max(column.present, 1))


def _names_things(records: Records, name: str) -> bool:
    """Tell whether nearly all records have a text, so that it may stand for a name."""
    return records.column(name).present >= 0.9 * len(records)


def _words_each(records: Records, name: str) -> float:
    """Return the mean number of words of the distinct values of a field."""
    return float(records.column(name).values.str.count_matches(r"\S+").mean() or 0.0)  # type: ignore[arg-type]


SUITED: Mapping[type, Callable[[Records, str], list[Ranked]]] = {
    PersonName: lambda _, name: _person_name(name),
    Date: lambda _, name: [(0, date(name))],
    Organisation: _organisation,
    Address: _address,
    Email: _email,
    Phone: lambda records, name: [(1, _profiled(records, attrs.evolve(phone(name), conflict=None)))],
    Identifier: lambda _, name: [(2, typos(name, 1))],
    FreeText: _free_text,
    Url: lambda _, name: [(3, url(name))],
    Postcode: lambda _, name: [(2, postcode(name))],
    Money: lambda _, name: [(4, money(name))],
    Number: _number,
    Category: lambda _, name: [(5, exact(name))],
}
"""The comparators that suit each kind of field, with their ranks."""
