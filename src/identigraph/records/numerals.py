"""Recognition of identifiers, numbers and amounts, told apart by name, by form and by how often values repeat.

An identifier is near unique, but for the records of one entity: what many records share is a number or a category.
"""

from __future__ import annotations

from identigraph.fields.schemes import scheme
from identigraph.records.column_words import AMOUNT_WORDS, EVENT_WORDS, ID_WORDS, PRICE_WORDS
from identigraph.records.profile import ColumnProfile
from identigraph.records.recognized import CODES, NUMBERS, WHOLE_NUMBERS, Recognized

CODE = r"^[a-z0-9-]*(?:[a-z][a-z0-9-]*\d|\d[a-z0-9-]*[a-z])[a-z0-9-]*$"
"""Letters and digits mixed."""
# fmt: off
SCHEMES = (
    "vat", "iban", "lei", "isbn", "br.cpf", "br.cnpj", "es.nif", "it.codicefiscale", "fr.siret", "nl.bsn", "pl.pesel",
    "pl.nip", "pl.regon", "de.idnr", "gb.nhs", "se.personnummer", "no.fodselsnummer", "fi.hetu", "tr.tckimlik",
    "ro.cnp", "cz.rc", "mx.rfc", "mx.curp", "cl.rut", "ar.cuit", "co.nit", "cn.ric", "au.abn",
)
# fmt: on
"""Schemes with check digits that are looked for where the form of the values leaves open what they are."""
CHECKED = 200
"""So many distinct values are checked."""
SPACED_CODE = r"^[a-z]{0,3}[ -]?\d[\d ./-]{4,}[ -]?[a-z]{0,2}$"
"""Digits in groups, with a few letters before or behind."""
COUNTRY_CODE = r"^[a-z]{2}[ -]?[a-z]?(?:[ .-]?\d){7,12}[a-z]?(?:b\d\d)?$"
"""Two letters of a country and digits, as numbers for value added tax are."""
FEWEST_DISTINCT = 0.05
"""Distinct values per value of an identifier: more records of one entity are rare."""
MONEY = r"^(?:[$]|eur|usd|gbp|[a-z]{0,2}[$])\s?\d|\d\s?(?:[$]|eur|euros?|usd|gbp|chf|pln|zl|kr|kc|sek|nok|dkk)$"
"""Numbers with a currency, cleaned: the sign of the euro is ``eur``."""


def amount(column: ColumnProfile) -> Recognized | None:
    """Set amounts aside, by their names: they say how much, not who."""
    if column.number_share < 0.8:
        return None
    counted = column.tokens[:2] in {("number", "of"), ("no", "of")} or column.tokens[:1] == ("num",) != column.tokens
    tax = column.named("tax") and not column.named(*ID_WORDS)
    if counted or tax or (column.named(*AMOUNT_WORDS) and not column.named("id")):
        return Recognized(None, reason="an amount: says how much, not who")
    return None


def named_identifier(column: ColumnProfile) -> Recognized | None:
    """Recognize an identifier by its name before numbers are told apart by their values."""
    strong = column.named(
        "id", "ssn", "nin", "passport", "licence", "license", "account", "vat", "lei", "iban", "number"
    )
    measured = column.named("year", "age", "volume", *PRICE_WORDS)
    return identifier(column) if strong and not measured and column.distinct > 2 else None


def identifier(column: ColumnProfile) -> Recognized | None:
    """Recognize identifiers by their names or as codes of one form, where few records share one."""
    coded = column.digits_each >= 0.6 and column.words_each < 2.5
    decimal = column.share(r"^-?\d+[.,]\d{1,2}$") > 0.3
    if (
        column.named(*ID_WORDS)
        and not column.named("type", "country", "state")
        and not decimal
        and (coded or column.variety > 0.5)
        and (column.variety >= FEWEST_DISTINCT or column.distinct <= 20)
        and column.words_each < 2.5
    ):
        if column.variety == 1 and column.filled == 1 and column.rows > 50:
            return Recognized(None, reason="different in every record")
        return Recognized("identifier", reason="named so")
    grouped = column.of_one_length(SPACED_CODE) >= 0.6 or column.share(COUNTRY_CODE) >= 0.7
    mixed = column.share(CODE) >= 0.8 or grouped
    if (mixed or (column.share(r"^\d[\d -]{4,}$") >= 0.9 and not decimal)) and column.variety > 0.2:
        if column.variety == 1 and column.filled == 1 and column.rows > 50:
            return Recognized(None, reason="different in every record")
        return Recognized("identifier", reason=CODES)
    return None


def checked(column: ColumnProfile) -> Recognized | None:
    """Recognize identifiers by their check digits, which hardly any other text has right."""
    if column.digits_each < 0.6 or column.share(r"^[a-z0-9][a-z0-9 ./-]{6,}[a-z0-9]$") < 0.6 or column.words_each > 8:
        return None
    sample = column.sample.gather_every(max(len(column.sample) // CHECKED, 1)).to_list()
    for name in SCHEMES:
        valid = sum(scheme(name).compact(value) is not None for value in sample)
        if valid >= 0.5 * len(sample):
            return Recognized("identifier", reason=f"check digits of {name}")
    return None


def number(column: ColumnProfile) -> Recognized | None:
    """Recognize numbers: ages, years and prices by name or form, else by how large and how various they are."""
    if column.number_share < 0.8:
        return None
    if column.within(1900, 2100) > 0.9 and column.named(*EVENT_WORDS) and not column.named("year"):
        return Recognized(None, reason="a point in time: says when, not who")
    if (
        column.named("age", "year", "volume", "height", "size", "length", "weight", *PRICE_WORDS)
        or column.share(MONEY) > 0.1
        or column.within(1900, 2100) > 0.9
    ):
        return Recognized("number", reason=NUMBERS)
    if column.share(r"\.\d") > 0.2:
        return Recognized(None, reason="measured numbers without a meaning told by their name")
    large, many = column.within(1_000, float("inf")) >= 0.9, column.distinct > 50
    if many and not large:
        return Recognized("number", reason=WHOLE_NUMBERS)
    unique = large and column.variety > (0.2 if many else 0.5)
    return Recognized("identifier" if unique else "category", reason=WHOLE_NUMBERS)
