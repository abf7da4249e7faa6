"""What columns are, told from the other columns of the same rows, where neither name nor form tells it.

Names of people are met in the local parts of their e-mail addresses, names of organisations in the domains. A given
name tells the gender. Towns lie where their postcodes begin alike. The words of a full name are those of the columns of
given and family names, and a second family name is one of the first ones. All of it is counted over rows, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import combine, encode
from identigraph.fields.address_words import country_codes
from identigraph.records.profile import LEGAL_FORM, STREET, UK_POSTCODE, ColumnProfile
from identigraph.records.recognized import GENDER, UNDECIDED, Recognized
from identigraph.text import clean, squash, words

Mask = npt.NDArray[np.bool_]

MET = 0.15
"""Names are met in addresses in at least this much larger a share of rows than by chance."""
SETTLED = 0.8
"""One column settles another where so many of the rows of a value have one value in the other."""
OFTEN = 10
"""Values that fewer rows carry are left out of that."""
SAME_WORDS = 0.6
"""Columns hold the same things where so many of their rows have words of each other."""
HOUSE_NUMBER = r"^\d{1,5}\s?[a-z]?(?:\s?[-/+]\s?\d{1,4}\s?[a-z]?)?$"
POSTCODE = rf"^(?:[a-z]{{1,2}}-?)?\d{{2,6}}(?:[ -]?(?:\d{{3,4}}|[a-z]{{2}}))?$|{UK_POSTCODE}|^[a-z]\d[a-z] ?\d[a-z]\d$"
MONTHS, DAYS, MOST_STATES = 12, 31, 120
TOGETHER = 0.95
"""Columns are filled alike where so many of the rows that fill one fill both."""


@attrs.define(eq=False)
class _Table:
    """The columns of a table with what they were taken for, which the steps below add to."""

    table: pl.DataFrame
    profiles: Mapping[str, ColumnProfile]
    columns: dict[str, Recognized]
    found: dict[str, Recognized] = attrs.field(factory=dict)

    def open(self, *kinds: str) -> list[str]:
        """Return the columns that are not decided yet, of the given kinds."""
        return [n for n, c in self.columns.items() if c.reason in UNDECIDED and c.kind in kinds and n not in self.found]

    def wordy(self) -> list[str]:
        """Return the open columns of short texts without digits."""
        return [name for name in self.open("text", "category", "organisation") if _is_wordy(self.profiles[name])]

    def namelike(self) -> list[str]:
        """Return the open columns of short texts without digits and legal forms."""
        return [name for name in self.wordy() if self.profiles[name].share(LEGAL_FORM) < 0.1]

    def of(self, kind: str, *roles: str) -> list[str]:
        """Return the columns taken for a kind, in one of the roles."""
        both = self.columns | self.found
        return [name for name, c in both.items() if c.kind == kind and (not roles or c.role in roles)]

    def take(self, name: str, kind: str, role: str, reason: str) -> None:
        """Take a column for something."""
        self.found[name] = Recognized(kind, role, reason)

    def filled_alike(self, name: str, others: Iterable[str], least: float = TOGETHER) -> bool:
        """Tell whether a column is filled mostly in the same rows as one of the others."""
        mine = self.table.get_column(name).is_not_null().to_numpy()
        theirs = (self.table.get_column(other).is_not_null().to_numpy() for other in others)
        return any((mine & other).sum() >= least * (mine | other).sum() for other in theirs)

    def codes(self, name: str) -> npt.NDArray[np.int32]:
        """Return the codes of the words of a column."""
        return encode(words(self.table.get_column(name))).codes


def recognize_in_context(
    table: pl.DataFrame, profiles: Mapping[str, ColumnProfile], columns: Mapping[str, Recognized]
) -> dict[str, Recognized]:
    """Return what the other columns tell of those that are not decided.

    Examples:
        >>> rows = [(f"{'bcdf'[i % 4]}o{'klmn'[i // 4 % 4]}{'aeiou'[i // 16]}", i) for i in range(80)]
        >>> table = pl.DataFrame({"c1": [name for name, _ in rows], "c2": [f"{name}.{i}@x.com" for name, i in rows]})
        >>> profiles = {name: ColumnProfile.of(table.get_column(name)) for name in table.columns}
        >>> columns = {"c1": Recognized("text", reason="text"), "c2": Recognized("email", reason="addresses with an @")}
        >>> recognize_in_context(table, profiles, columns)["c1"]
        Recognized(kind='person_name', role='given', reason='in the local parts of e-mail addresses')
    """
    seen = _Table(table, profiles, dict(columns))
    for step in (_parts_of_dates, _streets, _places, _countries, _house_numbers, _named_in_addresses, _by_gender,
                 _beside_birth_dates, _family_beside_given, _same_words):  # fmt: skip
        step(seen)
    return seen.found


def _is_wordy(column: ColumnProfile) -> bool:
    return (
        column.digits_each < 0.05
        and column.words_each <= 4
        and column.distinct >= 20
        and column.share(r"^[a-z&' .,()/-]+$") >= 0.8
    )


def _parts_of_dates(seen: _Table) -> None:
    """Year, month and day: one column of years, one with all twelve months, one with all days."""
    if seen.of("date"):
        return
    wanted = (("year", 1880, 2025, 30), ("month", 1, MONTHS, MONTHS), ("day", 1, DAYS, DAYS))
    parts: dict[str, list[str]] = {}
    for name in seen.open("number", "category", "identifier"):
        column = seen.profiles[name]
        for role, low, high, distinct in wanted:
            if column.within(low, high) >= 0.98 and distinct <= column.distinct <= max(2 * distinct, high - low + 3):
                parts.setdefault(role, []).append(name)
                break
    if [len(parts.get(role, ())) for role, *_ in wanted] == [1, 1, 1]:
        for role, (name,) in parts.items():
            seen.take(name, "date", role, "years, months and days side by side")


def _countries(seen: _Table) -> None:
    """Names or codes of countries."""
    known = pl.Series([*country_codes(), *set(country_codes().values())]).implode()
    for name in seen.open("category", "text"):
        column = seen.profiles[name]
        told = column.weighed(words(column.sample).is_in(known)) >= 0.95
        if told and column.distinct > 1 and not seen.of("address", "country") and seen.of("address"):
            seen.take(name, "address", "country", "countries")


def _streets(seen: _Table) -> None:
    """Words of streets, the house number elsewhere; or numbers at one end and words of streets in some."""
    for name in seen.open("text"):
        column = seen.profiles[name]
        bare = column.share(STREET) >= 0.5 and column.digits_each < 0.5
        ends = column.share(r"^\d+[a-z]?,?\s|\s\d+[a-z]?$") >= 0.8
        some = column.share(STREET) >= 0.05 and 1.5 < column.words_each < 6
        if (bare or (ends and some)) and not seen.of("address", "street"):
            seen.take(name, "address", "street", "words of streets")


def _places(seen: _Table) -> None:
    """Towns, whose postcodes begin alike, or which lie in one state each; and postcodes beside them."""
    postcodes = seen.of("address", "postcode")
    codes = [n for n in seen.open("identifier", "category", "number", "text") if _like_postcodes(seen.profiles[n])]
    found = [(code, _towns(seen, clean(seen.table.get_column(code)).str.slice(0, 2))) for code in postcodes or codes]
    code, towns = max(found, key=lambda item: len(item[1]), default=("", []))
    if towns and not postcodes:
        seen.take(code, "address", "postcode", "towns share their beginnings")
    _take_places(seen, towns, "its postcodes begin alike")
    if seen.of("address", "street", "postcode"):
        few = [n for n in seen.open("category", "text", "person_name") if 2 < seen.profiles[n].distinct <= MOST_STATES]
        for state in seen.of("address", "state") or few:
            towns = _towns(seen, words(seen.table.get_column(state)), state)
            if towns and not seen.of("address", "city"):
                seen.take(state, "address", "state", "each town lies in one")
                _take_places(seen, towns, "it lies in one state")
    _beside_streets(seen)


def _beside_streets(seen: _Table) -> None:
    """Postcodes and towns, filled in the rows where the street is: whole addresses are known or none."""
    town = seen.of("address", "city")
    streets = [n for n in seen.of("address", "street") if town or seen.profiles[n].filled < TOGETHER]
    codes = [n for n in seen.open("identifier", "category", "number", "text") if _like_postcodes(seen.profiles[n])]
    towns = [n for n in seen.namelike() if seen.profiles[n].variety < 0.5]
    for role, names in (("postcode", codes), ("city", towns)):
        together = [n for n in names if streets and seen.filled_alike(n, streets)]
        if len(together) == 1 and not seen.of("address", role):
            seen.take(together[0], "address", role, "filled where the street is")


def _towns(seen: _Table, areas: pl.Series, without: str = "") -> list[str]:
    """Return the columns of short texts whose values lie in one area each."""
    area = encode(areas).codes
    wordy = [*seen.of("address", "city"), *seen.wordy()]
    return [
        n for n in wordy if n != without and seen.profiles[n].variety < 0.5 and _settled(seen.codes(n), area) >= SETTLED
    ]


def _take_places(seen: _Table, names: list[str], reason: str) -> None:
    """Take the column of most values for the town, the next for the state."""
    ranked = sorted((n for n in names if n not in seen.of("address")), key=lambda n: -seen.profiles[n].distinct)
    for role in ("city", "state"):
        if ranked and not seen.of("address", role):
            seen.take(ranked.pop(0), "address", role, reason)


def _like_postcodes(column: ColumnProfile) -> bool:
    return column.share(POSTCODE) >= 0.9 and column.distinct >= OFTEN and column.share(r"^.{4,10}$") >= 0.9


def _house_numbers(seen: _Table) -> None:
    """Small numbers beside streets that have none."""
    streets = [n for n in seen.of("address", "street") if seen.profiles[n].digits_each < 0.5]
    if not streets or seen.of("address", "number"):
        return
    for name in seen.open("identifier", "number", "category", "text"):
        column = seen.profiles[name]
        small, large = column.within(1, 17), column.share(r"[a-z]|^\d{3}")
        if column.share(HOUSE_NUMBER) >= 0.95 and small >= 0.05 and large >= 0.01 and column.distinct > DAYS:
            seen.take(name, "address", "number", "small numbers beside streets")
            return


def _named_in_addresses(seen: _Table) -> None:
    """Names of people in the local parts of e-mail addresses, of organisations in domains."""
    emails, urls = seen.of("email"), seen.of("url")
    parts = {(n, "local"): clean(seen.table.get_column(n)).str.extract("^([^@]+)@") for n in emails}
    parts |= {(n, "domain"): clean(seen.table.get_column(n)).str.extract("@(.+)$") for n in emails}
    parts |= {(n, "url"): clean(seen.table.get_column(n)) for n in urls}
    people: list[str] = []
    for name in seen.wordy():
        met = {part: _met(words(seen.table.get_column(name)), squash(text)) for (_, part), text in parts.items()}
        where, share = max(met.items(), key=lambda item: item[1], default=("", 0.0))
        if share < MET:
            continue
        if where != "local":
            seen.take(name, "organisation", "column", "in the domains of addresses")
        elif seen.profiles[name].words_each >= 1.7:
            seen.take(name, "person_name", "full", "in the local parts of e-mail addresses")
        else:
            people.append(name)
    _given_and_family(seen, people, "in the local parts of e-mail addresses")


def _given_and_family(seen: _Table, people: Iterable[str], reason: str) -> None:
    """Take single names for given names, fewer, and family names, more, as far as these have no column yet."""
    open_roles = [role for role in ("given", "family") if not seen.of("person_name", role)]
    ranked = sorted(people, key=lambda name: (-seen.profiles[name].given_name_share, seen.profiles[name].distinct))
    for role, name in zip(open_roles, ranked, strict=False):
        seen.take(name, "person_name", role, reason)


def _by_gender(seen: _Table) -> None:
    """Given names, which tell the gender."""
    genders = [name for name, column in seen.columns.items() if column.reason == GENDER]
    if not genders or seen.of("person_name", "given", "full"):
        return
    gender = encode(words(seen.table.get_column(genders[0])).str.slice(0, 1)).codes
    shares = {name: _settled(seen.codes(name), gender, 0.25) for name in seen.namelike()}
    told = [name for name, share in shares.items() if share >= SETTLED]
    if told:
        seen.take(max(told, key=lambda n: shares[n]), "person_name", "given", "it tells the gender")


def _beside_birth_dates(seen: _Table) -> None:
    """Names of people who have birth dates: the two short texts of most values that are filled alike."""
    if not seen.of("date") or seen.of("person_name") or seen.of("organisation"):
        return
    short = sorted(
        (n for n in seen.namelike() if seen.profiles[n].words_each < 2.2), key=lambda n: -seen.profiles[n].distinct
    )
    for one, other in combinations(short, 2):
        if seen.filled_alike(one, [other]):
            _given_and_family(seen, (one, other), "beside birth dates")
            return


def _family_beside_given(seen: _Table) -> None:
    """The family name: of the short texts left beside a given name that of most values, mostly filled as that is."""
    if not seen.of("person_name", "given") or seen.of("person_name", "family"):
        return
    wordy = [n for n in seen.namelike() if seen.profiles[n].words_each < 2.2 and seen.profiles[n].variety > 0.01]
    for name in sorted(wordy, key=lambda name: -seen.profiles[name].distinct):
        whole = _holds(seen, name, seen.of("person_name", "given")) >= SAME_WORDS
        if not whole and seen.filled_alike(name, seen.of("person_name", "given"), 0.8):
            seen.take(name, "person_name", "family", "beside given names")
            return


def _same_words(seen: _Table) -> None:
    """Columns of the same words as those of names: a second family name, a middle name, a full name."""
    given, family = seen.of("person_name", "given"), seen.of("person_name", "family")
    if not given or not family:
        return
    alone = {role: _vocabulary(seen.table, names) for role, names in (("given", given), ("family", family))}
    every = pl.concat([*alone.values()]).unique()
    for name in seen.namelike():
        column = seen.profiles[name]
        if column.words_each >= 1.7 and max(_share_of(column, every), _holds(seen, name, family)) >= SAME_WORDS:
            seen.take(name, "person_name", "full", "words of given and family names")
        elif column.words_each < 1.7:
            role, share = max(((role, _share_of(column, known)) for role, known in alone.items()), key=lambda r: r[1])
            if share >= SAME_WORDS:
                seen.take(name, "person_name", role, f"words of {role} names")


def _holds(seen: _Table, name: str, parts: Iterable[str]) -> float:
    """Return the largest share of rows whose text holds that of another column."""
    text = words(seen.table.get_column(name))
    held = pl.col("text").str.contains(pl.col("part"), literal=True).cast(pl.Float64).mean()
    frames = (pl.DataFrame({"text": text, "part": words(seen.table.get_column(part))}) for part in parts)
    return max(float(frame.select(held).item() or 0) for frame in frames)


def _vocabulary(table: pl.DataFrame, names: Iterable[str]) -> pl.Series:
    """Return the words that at least two rows of some columns have."""
    texts = pl.concat([words(table.get_column(name)).alias("word") for name in names])
    counted = texts.drop_nulls().str.split(" ").explode().value_counts()
    return counted.filter(pl.col("count") > 1)["word"]


def _share_of(column: ColumnProfile, known: pl.Series) -> float:
    """Return the share of rows of a column with only known words."""
    split = words(column.sample).str.split(" ")
    return column.weighed(split.list.eval(pl.element().is_in(known.implode())).list.all())


def _settled(codes: npt.NDArray[np.int32], others: npt.NDArray[np.int32], usual: float = 0.5) -> float:
    """Return the share of rows with the most frequent other value of their value; 0 where one is frequent at large."""
    rows = np.flatnonzero((codes >= 0) & (others >= 0))
    if not len(rows) or np.bincount(others[rows]).max() > (1 - usual / 2) * len(rows):
        return 0.0
    rows = rows[np.bincount(codes[rows])[codes[rows]] >= OFTEN]
    if len(rows) < OFTEN**2:
        return 0.0
    together, size = combine([codes[rows], others[rows]])
    counts = np.bincount(together, minlength=size)
    first = np.unique(together, return_index=True)[1]
    most = np.zeros(int(codes.max()) + 1, dtype=np.int64)
    np.maximum.at(most, codes[rows][first], counts)
    return float(most.sum() / len(rows))


def _met(names: pl.Series, addresses: pl.Series) -> float:
    """Return how much more often a word of three letters of a name is in the address of its row than in another's."""
    frame = pl.DataFrame({"name": names, "address": addresses}).drop_nulls().unique().sort("name", "address")
    if frame.height < OFTEN:
        return 0.0
    word = frame.select(pl.int_range(pl.len()).alias("row"), pl.col("name").str.split(" ")).explode("name")
    word = word.filter(pl.col("name").str.len_chars() > 2)
    step = frame.height // 2

    def share(of: pl.Series) -> float:
        texts = pl.DataFrame({"name": word["name"], "text": of.gather(word["row"]), "row": word["row"]})
        hit = texts.filter(pl.col("text").str.contains(pl.col("name"), literal=True))
        return hit["row"].n_unique() / frame.height

    other = frame["address"].gather((np.arange(frame.height) + step) % frame.height)
    return share(frame["address"]) - share(other)
