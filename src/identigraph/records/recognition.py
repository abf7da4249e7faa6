"""Recognition of columns: which kind of field a column is, by its name and by its values.

A column name is a hint, its values decide. The rules below are tried in order; the first that fits names the kind and
the role of the column, or sets it aside with a reason. Columns are looked at one by one here;
`identigraph.records.infer` then groups those that make one thing.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from identigraph.records.column_words import (
    BIRTH_WORDS,
    CITY_WORDS,
    COUNTRY_WORDS,
    DISTRICT_WORDS,
    EMAIL_WORDS,
    EVENT_WORDS,
    FAMILY,
    FULL,
    GENDER_WORDS,
    GIVEN,
    HOUSE_NUMBER_WORDS,
    ID_WORDS,
    MIDDLE,
    NAME,
    ORGANISATION,
    OTHER_NAMES,
    PHONE_WORDS,
    POSTCODE_WORDS,
    STATE_WORDS,
    STREET_WORDS,
    TITLE_WORDS,
    WHOLE,
)
from identigraph.records.numerals import amount, checked, identifier, named_identifier, number
from identigraph.records.profile import (
    EMAIL,
    GENDERS,
    LEGAL_FORM,
    PHONE,
    PHONE_MARKS,
    STREET,
    TIME_OF_DAY,
    UK_POSTCODE,
    URL,
    ColumnProfile,
)
from identigraph.records.recognized import FEW, GENDER, KNOWN, TEXT, UNTOLD_NAMES, Recognized

Rule = Callable[[ColumnProfile], "Recognized | None"]

NATIONAL_PHONE = r"^0[1-9]\d{8,9}$"
EPOCH = r"^1\d{9}(?:\d{3})?(?:\.\d+)?$"
YES_OR_NO = "^(?:true|false|yes|no|[tfyn01])$"


def recognize(column: ColumnProfile) -> Recognized:
    """Return what a column is taken for, alone.

    Examples:
        >>> import polars as pl
        >>> recognize(ColumnProfile.of(pl.Series("EMail", ["a@x.com", "b@y.org"]))).kind
        'email'
        >>> recognize(ColumnProfile.of(pl.Series("note", ["same", "same"]))).reason
        'the same value everywhere'
    """
    for rule in RULES:
        found = rule(column)
        if found is not None:
            return found
    return _text(column)


def _useless(column: ColumnProfile) -> Recognized | None:
    if column.present == 0:
        return Recognized(None, reason="empty")
    if column.distinct == 1 and column.present > 1 and column.filled > 0.5:
        return Recognized(None, reason="the same value everywhere")
    return None


def _row_number(column: ColumnProfile) -> Recognized | None:
    if column.variety < 1 or column.filled < 1 or column.rows < 20 or column.number_share < 1:
        return None
    width = float(column.numbers.max() or 0) - float(column.numbers.min() or 0) + 1  # type: ignore[arg-type]
    if width <= column.rows * 1.05 and column.within(-float("inf"), float("inf")) == 1:
        return Recognized(None, reason="numbers the rows")
    return None


def _email(column: ColumnProfile) -> Recognized | None:
    needed = 0.1 if column.named(*EMAIL_WORDS) else 0.5
    return Recognized("email", reason="addresses with an @") if column.share(EMAIL) >= needed else None


def _url(column: ColumnProfile) -> Recognized | None:
    named = column.named("url", "website", "web", "homepage", "domain", "site", "www")
    if column.share(URL) >= (0.5 if named else 0.9) and column.words_each > 1.5:
        return Recognized("url", reason="web addresses")
    return None


def _phone(column: ColumnProfile) -> Recognized | None:
    shaped = column.share(PHONE)
    if column.named("type", "kind", "country", "code") and shaped < 0.5:
        return None
    if column.named(*PHONE_WORDS) and shaped >= 0.3:
        return Recognized("phone", reason="named so, and digits")
    marked = column.share(PHONE_MARKS) >= 0.4 or (
        column.share(NATIONAL_PHONE) >= 0.9 and not column.named("customer", "member", *ID_WORDS)
    )
    marked |= column.share(r"^(?:\+|00)\d") >= 0.03 and column.share(r"(?:\d\D*){8}") >= 0.9
    if shaped >= 0.9 and marked and column.date_share < 0.2:
        return Recognized("phone", reason="digits written as phone numbers")
    return None


def _date(column: ColumnProfile) -> Recognized | None:
    birth = column.named(*BIRTH_WORDS)
    separated = column.share(r"\d[-/. ]\d|\d[T:]\d|[a-z]{3}") >= 0.5
    if column.named("age", "place", "country", "city") or column.date_share < (0.4 if birth else 0.8):
        return _birth_year(column) if birth else None
    bare = not separated and not birth and not column.named("date", "day", "datum")
    if bare and column.share(r"^(?:18|19|20)\d{6}$") < 0.95:
        return None
    return told_date(column, column.years)


def _birth_year(column: ColumnProfile) -> Recognized | None:
    if column.named("year", "y", "yob", "birthyear") and column.within(1000, 2100) >= 0.9:
        return Recognized("date", "year", "years, named so")
    if column.named("month", "m", "mon") and column.within(1, 12) >= 0.9:
        return Recognized("date", "month", "1 to 12, named so")
    if column.named("day", "d") and column.within(1, 31) >= 0.9:
        return Recognized("date", "day", "1 to 31, named so")
    if column.date_share + column.within(1000, 2100) >= 0.6:
        return Recognized("date", "full", "named so, and dates or years")
    return None


def told_date(column: ColumnProfile, years: pl.Series) -> Recognized:
    """Tell a birth date from the time of an event, by its name, by a time of day, by how far its `years` spread."""
    if column.named(*BIRTH_WORDS):
        return Recognized("date", "full", "named so, and dates")
    event = column.named(*EVENT_WORDS) or (column.share(TIME_OF_DAY + r":\d\d") > 0.5 and not _midnight(column))
    spread = float(years.quantile(0.95) or 0) - float(years.quantile(0.05) or 0) if len(years) else 0
    if event or spread < 25:
        return Recognized(None, reason="a point in time: says when, not who")
    return Recognized("date", "full", f"dates over {spread:.0f} years")


def _epoch(column: ColumnProfile) -> Recognized | None:
    """Recognize times as seconds or milliseconds since 1970, where the name speaks of an event."""
    if column.named("ts", "at", "date", *EVENT_WORDS) and column.share(EPOCH) >= 0.95:
        return Recognized(None, reason="a point in time: says when, not who")
    return None


def _midnight(column: ColumnProfile) -> bool:
    return column.share(r"[T ](?:00:00|12:00:00 am)") > 0.9


def _gender(column: ColumnProfile) -> Recognized | None:
    few = column.distinct <= 40
    known = column.weighed(column.plain.is_in(GENDERS)) if few else 0.0
    if (column.named(*GENDER_WORDS) and few) or (known >= 0.75 and column.distinct >= 2):
        return Recognized("category", reason=GENDER)
    return None


def _yes_or_no(column: ColumnProfile) -> Recognized | None:
    if column.named("initial", *MIDDLE) or column.distinct > 6 or column.share(YES_OR_NO) < 0.99:
        return None
    return Recognized("category", reason="yes or no")


def _postcode(column: ColumnProfile) -> Recognized | None:
    named = column.named(*POSTCODE_WORDS) and column.digits_each >= 0.3
    if named or column.share(UK_POSTCODE) >= 0.8:
        return Recognized("address", "postcode", "named so" if named else "written as postcodes")
    return None


def _country(column: ColumnProfile) -> Recognized | None:
    if column.named(*COUNTRY_WORDS) and column.digits_each < 0.1:
        other = column.named("passport", "birth", "license", "national", "tax", "id", "phone")
        return Recognized("category") if other else Recognized("address", "country", "named so")
    return None


def _street(column: ColumnProfile) -> Recognized | None:
    numbered = column.share(r"\d") >= 0.2
    numbers = column.named("number", "no", "nr", "num") and column.named("street", "house", "building", "haus")
    if numbers or column.named(*HOUSE_NUMBER_WORDS):
        return Recognized("address", "number", "named so")
    if column.named("type", "kind") or column.share(EMAIL) > 0.2:
        return None
    if column.named(*STREET_WORDS) and not column.named("ip", "mac", "web") and column.number_share < 0.5:
        return _address_line(column)
    if numbered and column.share(STREET) >= 0.5 and column.share(r"\d") >= 0.5 and column.words_each < 8:
        return Recognized("address", "street", "house numbers and street words")
    return None


def _address_line(column: ColumnProfile) -> Recognized:
    if column.named(
        "2", "3", "line2", "address2", "addr2", "add2", "complement", "complemento", "zusatz", "adresszusatz"
    ):
        return Recognized("address", "street2", "named so")
    if column.named(*WHOLE):
        return Recognized("address", "full", "named so")
    return Recognized("address", "street", "named so")


def _city(column: ColumnProfile) -> Recognized | None:
    birth = column.named(*BIRTH_WORDS)
    if column.named(*DISTRICT_WORDS) and column.digits_each < 0.3 and not birth:
        return Recognized("address", "district", "named so")
    if column.named(*CITY_WORDS) and column.digits_each < 0.3:
        return Recognized("text", reason="a place of birth") if birth else Recognized("address", "city", "named so")
    if column.named(*STATE_WORDS) and column.digits_each < 0.3 and column.words_each < 4:
        other = column.named("license", "drivers", "birth")
        return Recognized("category") if other else Recognized("address", "state", "named so")
    return None


def _other_name(column: ColumnProfile) -> Recognized | None:
    other = column.named(*OTHER_NAMES) or (column.named(*BIRTH_WORDS) and column.named(*NAME))
    if other and column.digits_each < 0.1 and column.words_each < 5:
        return Recognized("text", reason="a further name, or that of somebody else")
    return None


def _person_part(column: ColumnProfile) -> Recognized | None:
    if column.share(r"[a-z]") < 0.6 or column.share(r"\d") > 0.3 or column.named("type", "count", "date", "id"):
        return None
    if column.named("suffix", "generation"):
        return Recognized("person_name", "suffix", "named so")
    titled = column.named(*TITLE_WORDS) and not column.named("job", "work", "position")
    if titled and column.words_each < 1.5 and column.distinct < 60:
        return Recognized(None, reason="a form of address: says little")
    if column.words_each >= 3 or _two_parts(column) or column.named(*WHOLE):
        return None
    for role, words in (("family", FAMILY), ("middle", MIDDLE), ("given", GIVEN)):
        if column.named(*words):
            return Recognized("person_name", role, "named so")
    return None


def _two_parts(column: ColumnProfile) -> bool:
    """Tell whether the name speaks of both given and family name, as in ``first_and_surname``."""
    return column.named(*GIVEN) and column.named(*FAMILY)


def _name(column: ColumnProfile) -> Recognized | None:
    other = column.named("user", "username", "login", "file", "product", "type", "place", "city")
    if column.share(r"[a-z]") < 0.6 or other:
        return None
    if column.named(*ORGANISATION):
        return Recognized("organisation", reason="named so")
    few = column.distinct <= 20 and column.variety < 0.02
    if not (column.named(*FULL) or _two_parts(column)) or few or column.share(r"\d") > 0.3 or column.words_each > 5:
        return None
    return _name_of(column)


def _name_of(column: ColumnProfile) -> Recognized:
    """Tell names of people from names of organisations, by given names and by legal forms."""
    legal, given = column.share(LEGAL_FORM), column.given_name_share
    people = column.named(
        "person", "pername", "patient", "paciente", "voter", "student", "employee", "passenger", "fio"
    )
    if _two_parts(column) or people or given >= max(0.2, legal):
        return Recognized("person_name", "full", "names of people")
    if legal < 0.03 and 1.5 <= column.words_each <= 3.5 and column.named("fullname", "full"):
        return Recognized("person_name", "full", "named so")
    return Recognized("organisation", reason=UNTOLD_NAMES if legal < 0.03 else "names with legal forms")


def _unnamed_name(column: ColumnProfile) -> Recognized | None:
    """Recognize names by their values alone."""
    if column.share(r"\d") > 0.1 or column.share(r"^[a-z&' .,()/-]+$") < 0.8 or column.distinct < 20:
        return None
    if column.share(LEGAL_FORM) >= 0.3 and column.words_each <= 8:
        return Recognized("organisation", reason="legal forms")
    if column.share(r"\d") > 0.05 or column.share(r"^[a-z' .,-]+$") < 0.9:
        return None
    given = column.given_name_share
    if column.words_each < 1.3 and given >= 0.3:
        return Recognized("person_name", "given", KNOWN)
    if 1.7 <= column.words_each <= 3.5 and given >= 0.5:
        return Recognized("person_name", "full", "known given names beside others")
    return None


def _text(column: ColumnProfile) -> Recognized:
    few = column.distinct <= max(20, 0.02 * column.present)
    if few and column.words_each < 4:
        return Recognized("category", reason=FEW)
    return Recognized("text", reason=TEXT)


RULES: tuple[Rule, ...] = (
    _useless,
    _row_number,
    _email,
    _url,
    _phone,
    _date,
    _epoch,
    _gender,
    _yes_or_no,
    _postcode,
    _country,
    _city,
    _street,
    _other_name,
    _person_part,
    _name,
    amount,
    named_identifier,
    number,
    identifier,
    checked,
    _unnamed_name,
)
