"""Where persons live and how they are reached: addresses, telephone numbers, e-mail addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from identigraph.datasets.countries import COUNTRIES
from identigraph.datasets.members import Flags, Ints, Members
from identigraph.datasets.vocabulary import Vocabulary, filled
from identigraph.text import clean

MOVED = 0.25
"""Share of households that lived elsewhere before."""
FLATS = 0.3
HOUSE_NUMBERS = 220
LANDLINES = 0.55
USES_LANDLINE = 0.35
"""Share of the persons with a land line at home who give its number."""
SHARES_EMAIL = 0.1
"""Share of couples with one e-mail address."""
USES_PARENTS = 0.35
"""Share of dependents who give the telephone number or the e-mail address of the head of the household."""
DEPENDENT_AGE = 20
LOCAL_PART_SHARES = (0.26, 0.13, 0.13, 0.14, 0.12, 0.11, 0.11)


def by_country(country: Ints, values: Sequence[Any]) -> pl.Series:
    """Return the one of `values`, listed in the order of `COUNTRIES`, at each position of `country`.

    Examples:
        >>> by_country(np.array([2, 0]), [c.calling for c in COUNTRIES]).to_list()
        ['49', '1']
    """
    return pl.Series(values).gather(country)


def addresses(town: Ints, country: Ints, rng: np.random.Generator, words: Vocabulary) -> pl.DataFrame:
    """Return an address in each `town`: street (in full, and with abbreviations), city, postcode."""
    count = len(town)
    street = words.streets.draw(rng, country)
    numbers = np.exp(rng.random(count) * np.log(HOUSE_NUMBERS)).astype(np.int64)
    units = np.where(rng.random(count) < FLATS, rng.integers(1, 40, count), 0)
    rest = filled([c.postcode[1] for c in COUNTRIES], country, rng)
    parts = pl.DataFrame(
        {
            "street": words.streets.words.gather(street),
            "street_short": words.streets_short.gather(street),
            "number": pl.Series(numbers).cast(pl.String),
            "number_first": by_country(country, [c.number_first for c in COUNTRIES]),
            "gap": by_country(country, [c.number_gap for c in COUNTRIES]),
            "unit": by_country(country, [c.unit for c in COUNTRIES]) + pl.Series(units).cast(pl.String),
            "city": words.towns.words.gather(town),
            "postcode": words.town_code.gather(town) + rest,
        }
    ).with_columns(unit=pl.when(pl.Series(units > 0)).then("unit").otherwise(pl.lit("")))
    lines = [
        pl.when("number_first")
        .then(pl.concat_str("number", "gap", street, "unit"))
        .otherwise(pl.concat_str(street, "gap", "number", "unit"))
        .alias(street)
        for street in ("street", "street_short")
    ]
    return parts.select(*lines, "city", "postcode")


def homes(members: Members, rng: np.random.Generator, words: Vocabulary) -> pl.DataFrame:
    """Return for each person the address, the old address of those who moved (``old_...``), and the land line."""
    country = members.country[members.heads]
    town = words.towns.draw(rng, country)
    now = addresses(town, country, rng, words)
    old = addresses(words.towns.draw(rng, country), country, rng, words)
    moved = pl.Series(rng.random(len(country)) < MOVED)
    rest = filled([c.landlines[1] for c in COUNTRIES], country, rng)
    has_line = pl.Series(rng.random(len(country)) < LANDLINES)
    landline = pl.select(pl.when(has_line).then(words.town_area.gather(town) + rest).alias("landline"))
    old = old.select(pl.when(moved).then(pl.all()).name.prefix("old_"))
    return pl.concat([now, old, landline], how="horizontal")[members.household]


def phones(
    members: Members, landline: pl.Series, dependent: Flags, rng: np.random.Generator, words: Vocabulary
) -> pl.DataFrame:
    """Return the telephone numbers a person gives, without trunk prefix: own, another, the land line, the parent's."""
    rests = [c.mobiles[1] for c in COUNTRIES]
    own, other = (
        words.mobiles.words.gather(words.mobiles.draw(rng, members.country)) + filled(rests, members.country, rng)
        for _ in range(2)
    )
    uses = pl.Series(rng.random(len(own)) < USES_LANDLINE)
    of_parent = pl.Series(dependent & (rng.random(len(own)) < USES_PARENTS))
    return pl.select(
        phone=own,
        phone_other=other,
        landline=pl.when(uses).then(landline),
        phone_parent=pl.when(of_parent).then(own.gather(members.head)),
    )


def emails(
    members: Members, names: pl.DataFrame, dependent: Flags, rng: np.random.Generator, words: Vocabulary
) -> pl.DataFrame:
    """Return the e-mail addresses a person gives: own, another (made of the maiden name), the partner's, the parent's.

    No two persons own the same address.
    """
    years = pl.Series(names["birth_date"]).dt.strftime("%y")
    latin = names.select(
        first=clean(names["first_name"]).str.replace_all("[^a-z]", ""),
        last=clean(names["one_family_name"]).str.replace_all("[^a-z]", ""),
        maiden=clean(names["maiden_name"]).str.replace_all("[^a-z]", ""),
        year=years,
    )
    maiden = latin.with_columns(last=pl.coalesce("maiden", "last"))
    local = pl.concat([_local_parts(latin, rng), _local_parts(maiden, rng)])
    country = np.concatenate([members.country, members.country])
    domain = words.domains.words.gather(words.domains.draw(rng, country))
    taken = ~(local + "@" + domain).is_first_distinct()
    number = pl.Series(np.arange(len(local))).cast(pl.String)
    made = pl.select(pl.when(taken).then(local + "." + number).otherwise(local) + "@" + domain).to_series()
    own, other = made[: len(names)], made[len(names) :]
    of_partner = members.partners & (rng.random(len(names)) < SHARES_EMAIL)
    of_parent = dependent & (rng.random(len(names)) < USES_PARENTS)
    return pl.select(
        email=own,
        email_other=other,
        email_partner=pl.when(pl.Series(of_partner)).then(own.gather(members.head)),
        email_parent=pl.when(pl.Series(of_parent)).then(own.gather(members.head)),
    )


def _local_parts(names: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    """Return what stands before the @ for people with the columns ``first``, ``last`` and ``year``."""
    form = rng.choice(len(LOCAL_PART_SHARES), len(names), p=LOCAL_PART_SHARES)
    drawn = names.with_columns(form=pl.Series(form), number=pl.Series(rng.integers(1, 1000, len(names))))
    forms = [
        pl.format("{}.{}", "first", "last"),
        pl.format("{}{}", "first", "last"),
        pl.format("{}{}", pl.col("first").str.slice(0, 1), "last"),
        pl.format("{}.{}{}", "first", "last", "year"),
        pl.format("{}_{}{}", "first", "last", "number"),
        pl.format("{}{}", "first", "number"),
        pl.format("{}.{}", "last", "first"),
    ]
    return drawn.select(pl.coalesce(pl.when(pl.col("form") == i).then(f) for i, f in enumerate(forms))).to_series()
