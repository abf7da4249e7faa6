"""Inference: from columns to fields, and from differing tables to common columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import attrs
import numpy as np
import polars as pl

from identigraph.fields import (
    Address,
    Category,
    Date,
    Email,
    FieldKind,
    FreeText,
    Identifier,
    Number,
    Organisation,
    PersonName,
    Phone,
    Url,
)
from identigraph.records.ages import with_ages
from identigraph.records.column_words import (
    BIRTH_WORDS,
    CITY_WORDS,
    COUNTRY_WORDS,
    DISTRICT_WORDS,
    FAMILY,
    FULL,
    GIVEN,
    HOUSE_NUMBER_WORDS,
    MIDDLE,
    POSTCODE_WORDS,
    STATE_WORDS,
    STREET_WORDS,
)
from identigraph.records.context import recognize_in_context
from identigraph.records.copies import copies
from identigraph.records.elements import count_several
from identigraph.records.profile import ColumnProfile
from identigraph.records.recognition import recognize, told_date
from identigraph.records.recognized import GENDER, UNTOLD_NAMES, Recognized
from identigraph.records.records import Records
from identigraph.records.tables import as_text, list_columns, read

SINGLE: Mapping[str, Callable[[str], FieldKind]] = {
    "email": Email,
    "phone": Phone,
    "organisation": Organisation,
    "identifier": Identifier,
    "category": Category,
    "number": Number,
    "text": FreeText,
    "url": Url,
}
GROUPED: Mapping[str, tuple[str, Callable[..., FieldKind]]] = {
    "person_name": ("name", PersonName),
    "date": ("birth_date", Date),
    "address": ("address", Address),
}
ROLE_WORDS = frozenset(
    (
        *GIVEN, *FAMILY, *MIDDLE, *FULL, *BIRTH_WORDS,
        *STREET_WORDS, *HOUSE_NUMBER_WORDS, *CITY_WORDS, *DISTRICT_WORDS, *POSTCODE_WORDS, *STATE_WORDS,
        *COUNTRY_WORDS,
        "and", "of", "full", "f", "l", "c", "sur", "fore", "house", "number", "no", "nr", "country", "code", "date",
        "day", "month", "year", "suffix", "title", "part", "user", "customer",
    )
)  # fmt: skip
"""Words in column names that tell a role; what remains tells one group of columns from another."""

COMMON_NAMES: Mapping[tuple[str, str], str] = {
    ("person_name", "full"): "full_name",
    ("person_name", "given"): "given_name",
    ("person_name", "middle"): "middle_name",
    ("person_name", "family"): "family_name",
    ("person_name", "suffix"): "name_suffix",
    ("organisation", "column"): "organisation",
    ("date", "full"): "birth_date",
    ("email", "column"): "email",
    ("phone", "column"): "phone",
    ("address", "street"): "street",
    ("address", "number"): "street_number",
    ("address", "city"): "city",
    ("address", "postcode"): "postcode",
    ("address", "state"): "state",
    ("address", "country"): "country",
    ("url", "column"): "website",
}
"""What columns of several tables are called once they are recognized as the same."""

Roles: TypeAlias = Mapping[str, tuple[str, str]]
"""Kind and role of each column of a table; the kind is empty where the column is set aside."""


@attrs.frozen(eq=False)
class Inferred:
    """What the columns of a table were taken for.

    Args:
        fields: field name to kind, as one would write it.
        columns: column name to what it was recognized as.
        set_aside: column name to the reason why it is left out.
    """

    fields: dict[str, FieldKind]
    columns: dict[str, Recognized]
    set_aside: dict[str, str]


def infer_fields(table: pl.DataFrame, *, lists: Iterable[str] | None = None) -> Inferred:
    """Return the fields that a table of text columns holds.

    Columns that make one thing are grouped: the parts of a name, of a birth date, of an address. Columns that say
    nothing about identity are set aside with the reason, and so are columns of lists where a row has several values,
    and columns that say the same as another.

    Args:
        table: as made by `identigraph.records.tables.as_text`.
        lists: the columns that held lists; left out, these are told by the separator between their elements.

    Examples:
        >>> table = pl.DataFrame({"fname": ["Ann", "Bob"], "lname": ["Lee", "Ray"], "EMail": ["a@x.com", "b@x.com"]})
        >>> inferred = infer_fields(table)
        >>> inferred.fields["name"].given, inferred.fields["EMail"]
        ('fname', Email(column='EMail'))
    """
    profiles = {name: ColumnProfile.of(table.get_column(name)) for name in table.columns}
    columns = {name: recognize(profile) for name, profile in profiles.items()}
    columns |= _split_dates(profiles)
    columns |= recognize_in_context(table, profiles, columns)
    columns |= _names_of_people(columns)
    columns |= _lists(table, table.columns if lists is None else lists)
    columns |= copies(table, profiles, columns)
    set_aside = {name: found.reason for name, found in columns.items() if found.kind is None}
    fields: dict[str, FieldKind] = {}
    for name, found in columns.items():
        if found.kind is not None and found.kind in SINGLE:
            fields[_free_name(name, fields)] = SINGLE[found.kind](name)
    for kind in GROUPED:
        _add_groups(kind, {n: f.role for n, f in columns.items() if f.kind == kind}, profiles, fields, set_aside)
    return Inferred(with_ages(table, profiles, fields), columns, set_aside)


def align_columns(
    tables: Mapping[Any, Any],
    *,
    id: str | Mapping[str, str] | None = None,  # noqa: A002 - the caller's word for it
) -> dict[str, dict[str, str]]:
    """Return ``{source: {its column: common name}}`` for tables whose columns differ in name.

    Columns of one name in several tables are taken as the same. Of the others, those that are recognized as the same
    part of the same kind, and are the only such column of their table, get a common name.

    Examples:
        >>> crm, web = {"Mail": ["a@x.com", "b@x.com"]}, {"e_mail": ["c@x.com", "d@x.com"]}
        >>> align_columns({"crm": crm, "web": web})
        {'crm': {'Mail': 'email'}, 'web': {'e_mail': 'email'}}
    """
    roles = {str(source): _roles(_without_id(read(table), str(source), id)) for source, table in tables.items()}
    wanted = {source: _common_names(source, roles) for source in roles}
    return {source: _met_elsewhere(source, names, roles, wanted) for source, names in wanted.items()}


def _roles(table: pl.DataFrame) -> Roles:
    inferred = infer_fields(as_text(table), lists=list_columns(table))
    return {name: (found.kind or "", found.role) for name, found in inferred.columns.items()}


def _lists(table: pl.DataFrame, names: Iterable[str]) -> dict[str, Recognized]:
    """Return the columns of lists that cannot be read as single values, set aside."""
    several = {name: count_several(table.get_column(name)) for name in names}
    return {name: Recognized(None, reason=_holds_lists(name, found)) for name, found in several.items() if found}


def _holds_lists(name: str, several: int) -> str:
    rows = f"{several:,} row{'s'[: several != 1]} ha{'s' if several == 1 else 've'} several values"
    return f"lists, {rows}: pair records that share any element with ig.blocking.any_shared({name!r})"


def _common_names(source: str, roles: Mapping[str, Roles]) -> dict[str, str]:
    """Return the common name of each column that only this table has and that is the only one of its role in it."""
    mine, others = roles[source], [theirs for other, theirs in roles.items() if other != source]
    found = {}
    for name, role in mine.items():
        common = COMMON_NAMES.get(role)
        alone = list(mine.values()).count(role) == 1 and not any(name in theirs for theirs in others)
        if common is None or common == name or not alone:
            continue
        if all(theirs.get(common, role) == role for theirs in (mine, *others)):
            found[name] = common
    return found


def _met_elsewhere(
    source: str, names: Mapping[str, str], roles: Mapping[str, Roles], wanted: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the common names that another table has as well, from the start or as a new name."""
    others = [other for other in roles if other != source]
    met = {name for other in others for name in (*roles[other], *wanted[other].values())}
    return {name: common for name, common in names.items() if common in met}


def source_differences(records: Records) -> tuple[str, ...]:
    """Return how the columns of the sources differ, as sentences: those that got a common name, those not in all.

    Examples:
        >>> tables = {"crm": {"Mail": ["a@x.com"], "age": [44]}, "web": {"e_mail": ["a@x.com"]}}
        >>> names = {"crm": {"Mail": "email"}, "web": {"e_mail": "email"}}
        >>> for sentence in source_differences(Records.of(tables, columns=names)):
        ...     print(sentence)
        columns were aligned: 'email' = 'Mail' (crm), 'e_mail' (web)
        columns have values in some sources only: 'age' (crm)
    """
    aligned: dict[str, list[str]] = {}
    for source, names in records.renamed.items():
        for name, common in names.items():
            aligned.setdefault(common, []).append(f"{name!r} ({source})")
    told = [f"{common!r} = {', '.join(origins)}" for common, origins in sorted(aligned.items())]
    sentences = [f"columns were aligned: {'; '.join(told)}"] if told else []
    partial = [f"{name!r} ({', '.join(sources)})" for name, sources in _partial_columns(records).items()]
    return (*sentences, *([f"columns have values in some sources only: {', '.join(partial)}"] if partial else []))


def _partial_columns(records: Records) -> dict[str, list[str]]:
    """Return the columns that have values in some of the sources, but not in all, with these sources."""
    names, partial = records.sources.values, {}
    for column in records.table:
        rows = records.sources.codes[column.is_not_null().to_numpy()]
        filled = np.flatnonzero(np.bincount(rows, minlength=len(names)))
        if 0 < len(filled) < len(names):
            partial[column.name] = names.gather(filled).to_list()
    return partial


def _without_id(table: pl.DataFrame, source: str, id: str | Mapping[str, str] | None) -> pl.DataFrame:  # noqa: A002
    column = id.get(source) if isinstance(id, Mapping) else id
    return table.drop(column) if column in table.columns else table


def _free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted`, numbered if it is taken; dots would read as parts."""
    plain = wanted.replace(".", "_")
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}_{number}", number + 1
    return name


def _split_dates(profiles: Mapping[str, ColumnProfile]) -> dict[str, Recognized]:
    """Recognize year, month and day in columns of their own, by names that differ in these and by their ranges."""
    stems: dict[str, dict[str, str]] = {}
    for name, profile in profiles.items():
        for role, low, high in (("year", 1000, 2100), ("month", 1, 12), ("day", 1, 31)):
            stem = _without(profile.squashed, role)
            if stem is not None and profile.within(low, high) >= 0.9:
                stems.setdefault(stem, {}).setdefault(role, name)
    whole = [roles for roles in stems.values() if set(roles) == {"year", "month", "day"}]
    return {name: found for roles in whole for name, found in _parts_of_date(roles, profiles).items()}


def _parts_of_date(roles: Mapping[str, str], profiles: Mapping[str, ColumnProfile]) -> dict[str, Recognized]:
    """Return the columns of one date as its parts, or set aside where it is the date of an event."""
    told = told_date(profiles[roles["year"]], profiles[roles["year"]].numbers.drop_nulls())
    return {name: attrs.evolve(told, role=role) if told.kind else told for role, name in roles.items()}


def _names_of_people(columns: Mapping[str, Recognized]) -> dict[str, Recognized]:
    """Recognize names that could be of anything as names of people where birth dates or genders stand beside them."""
    if not any(found.kind == "date" or found.reason == GENDER for found in columns.values()):
        return {}
    people = Recognized("person_name", "full", "names beside birth dates or genders")
    return {name: people for name, found in columns.items() if found.reason == UNTOLD_NAMES}


def _without(name: str, role: str) -> str | None:
    """Return a column name without the word, or the letter, that names a part of a date."""
    for mark in (role, role[0]):
        if name.endswith(mark):
            return name.removesuffix(mark)
        if name.startswith(mark):
            return name.removeprefix(mark)
    return None


def _add_groups(
    kind: str,
    roles: Mapping[str, str],
    profiles: Mapping[str, ColumnProfile],
    fields: dict[str, FieldKind],
    set_aside: dict[str, str],
) -> None:
    """Add the fields of one grouped kind; columns whose names share their remaining words make one field.

    Of two columns of one role the fuller is the first.
    """
    default, make = GROUPED[kind]
    groups: dict[str, dict[str, str]] = {}
    for name, role in sorted(roles.items(), key=lambda item: (-profiles[item[0]].present, item[0])):
        stem = " ".join(token for token in profiles[name].tokens if token not in ROLE_WORDS and not token.isdigit())
        group = groups.setdefault(stem, {})
        if role in group:
            _place_second(kind, group, role, name, profiles, fields, set_aside)
        else:
            group[role] = name
    merged = _merged(groups)
    for stem, group in merged.items():
        name = _free_name(f"{stem.replace(' ', '_')}_{default}" if stem and len(merged) > 1 else default, fields)
        fields[name] = make(**group)


def _place_second(
    kind: str,
    group: dict[str, str],
    role: str,
    name: str,
    profiles: Mapping[str, ColumnProfile],
    fields: dict[str, FieldKind],
    set_aside: dict[str, str],
) -> None:
    """Find a place for a second column of one role: a second given name is a middle name, a second city a district."""
    spare = {"given": "middle", "family": "family2", "street": "street2", "city": "district"}.get(role)
    if role == "full" and kind == "date":
        fields[_free_name(name, fields)] = Date(full=name)
    elif role == "full":
        first, second = profiles[group["full"]], profiles[name]
        if second.words_each > first.words_each:
            group["full"], name = name, group["full"]
        set_aside[name] = f"says the same as {group['full']}"
    elif spare is not None and spare not in group:
        group[spare] = name
    else:
        fields[_free_name(name, fields)] = FreeText(name)


def _merged(groups: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return the groups with those that share no role joined to the largest."""
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    merged: dict[str, dict[str, str]] = {}
    for stem, group in ordered:
        home = next((other for other in merged.values() if not set(other) & set(group)), None)
        if home is None:
            merged[stem] = dict(group)
        else:
            home.update(group)
    return merged
