"""The kinds of noise in made-up customers, how often each hits, and in which order."""

from __future__ import annotations

import polars as pl

from identigraph.datasets.countries import COUNTRIES, GERMANY
from identigraph.datasets.noise import Noise, U, folded, inserted, misheard, one_of, typo

DEFAULT_BIRTH_DATES = ("1900-01-01", "1970-01-01", "1900-01-01", "1980-01-01")
DEFAULT_EMAILS = (
    "noreply@example.com", "none@none.com", "noreply@example.com", "na@na.com", "test@test.com", "no@email.com",
    "unknown@unknown.com",
)  # fmt: skip
DEFAULT_PHONES = ("0000000000", "9999999999", "1234567890", "0000000000", "1111111111")
MISTYPED_DOMAINS = (
    ("gmail.com", "gmial.com"), ("gmail.com", "gmail.con"), ("gmail.com", "gamil.com"), ("hotmail.", "hotmial."),
    ("yahoo.", "yaho."), ("outlook.", "outlok."), ("icloud.com", "icoud.com"), ("gmx.de", "gmx.com"),
)  # fmt: skip
BIRTH_DATE_SHIFTS = ("1d", "-1d", "10d", "-10d", "1mo", "-1mo", "1y", "-1y", "10y", "-10y", "2y", "3d")
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
ZERO_WIDTH_SPACE = "\u200b"

FIRST, LAST, BIRTH = pl.col("first_name"), pl.col("last_name"), pl.col("birth_date")
EMAIL, PHONE = pl.col("email"), pl.col("phone")
WORDS = ("first_name", "last_name", "street", "city")


def _swapped_day_and_month() -> pl.Expr:
    """Return the birth date with day and month swapped, null where that is no date."""
    return pl.when(BIRTH.dt.day() <= 12).then(pl.date(BIRTH.dt.year(), BIRTH.dt.day(), BIRTH.dt.month()))


def _with_middle_name() -> pl.Expr:
    """Return the first name with the middle name, or its initial, behind it."""
    middle = pl.col("middle_name")
    initial = middle.str.slice(0, 1)
    return FIRST + " " + pl.when(U < 0.3).then(middle).when(U < 0.6).then(initial + ".").otherwise(initial)


def _umlauts_spelled(text: pl.Expr) -> pl.Expr:
    """Return German text with ä as ae."""
    german = pl.col("country") == COUNTRIES.index(GERMANY)
    return pl.when(german).then(text.str.replace_many(list(UMLAUTS), list(UMLAUTS.values())))


def _mistyped_domain() -> pl.Expr:
    """Return the e-mail address with a slip in a common domain."""
    slips = [
        pl.when(EMAIL.str.contains(a, literal=True)).then(EMAIL.str.replace(a, b, literal=True))
        for a, b in MISTYPED_DOMAINS
    ]
    found = pl.concat_list(slips).list.drop_nulls()
    return found.list.get((U * found.list.len()).cast(pl.Int64), null_on_oob=True)


FACTS = (
    Noise("address_old", 0.35, {name: pl.col(f"old_{name}") for name in ("street", "city", "postcode")}),
    Noise("email_alternate", 0.12, {"email": pl.col("email_other")}),
    Noise("email_of_partner", 0.75, {"email": pl.col("email_partner")}),
    Noise("email_of_parent", 0.8, {"email": pl.col("email_parent")}),
    Noise("phone_alternate", 0.1, {"phone": pl.col("phone_other")}),
    Noise("phone_landline", 0.6, {"phone": pl.col("landline")}),
    Noise("phone_of_parent", 0.7, {"phone": pl.col("phone_parent")}),
    Noise(
        "first_name_nickname",
        {"crm": 0.08, "web": 0.18, "store": 0.1, "support": 0.2},
        {"first_name": pl.col("nickname")},
    ),
    Noise(
        "last_name_shortened",
        {"crm": 0.1, "web": 0.35, "store": 0.3, "support": 0.4},
        {"last_name": pl.col("one_family_name")},
    ),
    Noise("last_name_maiden", 0.2, {"last_name": pl.col("maiden_name")}),
    Noise(
        "last_name_hyphenated",
        0.06,
        {"last_name": pl.format("{}-{}", "maiden_name", pl.when(pl.col("maiden_name") != LAST).then(LAST))},
    ),
)
"""What is true, or was, but not what the other records say. On the values as the population has them."""

SLIPS = (
    Noise("first_name_misheard", 0.015, {"first_name": misheard(FIRST)}),
    Noise("last_name_misheard", 0.02, {"last_name": misheard(LAST)}),
    Noise("first_name_typo", 0.03, {"first_name": typo(FIRST)}),
    Noise("last_name_typo", 0.035, {"last_name": typo(LAST)}),
    Noise(
        "first_name_initial",
        {"crm": 0.01, "web": 0.01, "store": 0.02, "support": 0.06},
        {"first_name": FIRST.str.slice(0, 1) + one_of([".", ""])},
    ),
    Noise(
        "first_name_middle",
        {"crm": 0.06, "web": 0.02, "store": 0.01, "support": 0.02},
        {"first_name": _with_middle_name()},
    ),
    Noise("last_name_generation", 0.4, {"last_name": LAST + " " + pl.col("generation")}),
    Noise(
        "names_swapped",
        {"crm": 0.005, "web": 0.015, "store": 0.01, "support": 0.02},
        {"first_name": LAST, "last_name": FIRST},
    ),
    Noise("umlauts_spelled", 0.15, {name: _umlauts_spelled(pl.col(name)) for name in WORDS}),
    Noise(
        "diacritics_folded", {"web": 0.2, "store": 1.0, "support": 0.7}, {name: folded(pl.col(name)) for name in WORDS}
    ),
    Noise("birth_date_swapped", 0.015, {"birth_date": _swapped_day_and_month()}),
    Noise("birth_date_typo", 0.015, {"birth_date": BIRTH.dt.offset_by(one_of(BIRTH_DATE_SHIFTS))}),
    Noise(
        "birth_date_default",
        {"crm": 0.01, "web": 0.02, "store": 0.02, "support": 0.01},
        {"birth_date": one_of(DEFAULT_BIRTH_DATES).str.to_date()},
    ),
    Noise("email_typo", 0.015, {"email": typo(EMAIL.str.extract("^([^@]*)@", 1)) + EMAIL.str.extract("(@.*)$", 1)}),
    Noise("email_domain_typo", 0.008, {"email": _mistyped_domain()}),
    Noise("street_typo", 0.03, {"street": typo(pl.col("street"))}),
    Noise("city_typo", 0.02, {"city": typo(pl.col("city"))}),
    Noise("postcode_typo", 0.015, {"postcode": typo(pl.col("postcode"), digits=True)}),
)
"""What goes wrong when a record is taken down."""

TYPING = (
    Noise("phone_typo", 0.015, {"phone": typo(PHONE, digits=True)}),
    Noise(
        "phone_extension",
        {"crm": 0.01, "support": 0.05},
        {"phone": PHONE + " x" + (100 + 900 * U).cast(pl.Int64).cast(pl.String)},
    ),
    Noise(
        "phone_default",
        {"crm": 0.012, "web": 0.005, "store": 0.015, "support": 0.006},
        {"phone": one_of(DEFAULT_PHONES)},
    ),
    Noise(
        "email_default", {"crm": 0.02, "web": 0.003, "store": 0.04, "support": 0.02}, {"email": one_of(DEFAULT_EMAILS)}
    ),
    Noise("lower_case", {"web": 0.15, "support": 0.06}, {name: pl.col(name).str.to_lowercase() for name in WORDS}),
    Noise("email_capitals", {"crm": 0.03, "store": 0.15}, {"email": EMAIL.str.to_uppercase()}),
    Noise(
        "stray_space",
        0.01,
        {
            name: pl.when(U < 0.5).then(pl.col(name) + " ").otherwise(pl.lit("  ") + pl.col(name))
            for name in ("first_name", "last_name")
        },
    ),
    Noise(
        "zero_width",
        {"crm": 0.002, "web": 0.005},
        {"first_name": inserted(FIRST, ZERO_WIDTH_SPACE), "email": inserted(EMAIL, ZERO_WIDTH_SPACE)},
    ),
)
"""What is typed into a form of the source, in its own format."""

KINDS = tuple(noise.kind for noise in (*FACTS, *SLIPS, *TYPING))
"""The names of all kinds."""
