"""The population behind made-up records: one row per person, with what is true of the person.

Everything is drawn for all persons at once, in a fixed order, from one generator of random numbers.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from identigraph.datasets.contacts import DEPENDENT_AGE, emails, homes, phones
from identigraph.datasets.countries import COUNTRIES
from identigraph.datasets.members import Flags, Ints, Members, members
from identigraph.datasets.vocabulary import Pool, Vocabulary

MARRIED = 0.75
"""Share of couples whose partner took the family name of the head, in countries where that is done."""
TODAY = np.datetime64("2025-01-01", "D")
"""The day on which the made-up world stands still."""
YEAR = 365.25


def population(n: int, rng: np.random.Generator, words: Vocabulary) -> pl.DataFrame:
    """Return one row per person, household by household, of a population with `n` records in all.

    Returns:
        Columns ``household`` (number), ``role``, ``country`` (position in `COUNTRIES`), ``records`` (how many the
        person has), and what its records may say: true values under the names of the fields, and others such as
        ``nickname``, ``maiden_name``, ``old_street`` or ``phone_parent``, null where they do not apply.
    """
    who = members(n, rng)
    age = _ages(who, rng)
    dependent = who.children & (age < DEPENDENT_AGE)
    names = _names(who, rng, words)
    births = pl.Series("birth_date", TODAY - (age * YEAR).astype("timedelta64[D]"))
    home = homes(who, rng, words)
    parts = [
        pl.DataFrame({"household": who.household, "role": who.role, "country": who.country, "records": who.records}),
        names.with_columns(births),
        home.drop("landline"),
        phones(who, home["landline"], dependent, rng, words),
        emails(who, names.with_columns(births), dependent, rng, words),
    ]
    return pl.concat(parts, how="horizontal")


def _ages(who: Members, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return ages in years: partners of like age, children 8 or older and a year or more apart, twins of one age."""
    count = len(who.head)
    adult = np.where(who.heads_of(who.children), 40 + 24 * rng.beta(1.5, 2, count), 19 + 65 * rng.beta(1.4, 2.2, count))
    head = adult[who.head]
    partner = np.maximum(19, head + rng.normal(0, 3.5, count))
    elder = np.arange(count) - who.head - 1 - who.partners[np.minimum(who.head + 1, count - 1)]
    parent = 18 + 9 * rng.random(count)[who.head] + 1.5 * elder + rng.random(count) / 2
    age = np.where(who.children, head - parent, np.where(who.partners, partner, adult))
    second = np.flatnonzero(who.role == "twin")[1::2]
    age[second] = age[second - 1]
    return age


def _names(who: Members, rng: np.random.Generator, words: Vocabulary) -> pl.DataFrame:
    """Return given, middle and family names, nicknames, maiden names, suffixes."""
    sexes = 2 * who.names + who.female
    given = _given(who, sexes, rng, words.given)
    own, other = (words.family.draw(rng, who.names) for _ in range(2))
    two = np.array([c.two_family_names for c in COUNTRIES])[who.names]
    married = who.partners & ~two & (rng.random(len(own)) < MARRIED)
    family = np.where(who.children | married, own[who.head], own)
    beside = np.minimum(who.head + 1, len(own) - 1)
    second = np.where(who.children, np.where(who.partners[beside], own[beside], other[who.head]), other)
    drawn = pl.DataFrame(
        {
            "first_name": words.given.words.gather(given),
            "nickname": words.nicknames.words.gather(words.nicknames.draw(rng, given)),
            "middle_name": words.given.words.gather(words.given.draw(rng, sexes)),
            "one_family_name": words.family.words.gather(family),
            "second": words.family.words.gather(second),
            "maiden_name": words.family.words.gather(own),
            "generation": _generations(who),
        }
    )
    full = pl.when(pl.Series(two)).then(pl.format("{} {}", "one_family_name", "second")).otherwise("one_family_name")
    maiden = pl.when(pl.Series(married)).then("maiden_name")
    return drawn.with_columns(last_name=full, maiden_name=maiden).drop("second")


def _given(who: Members, sexes: Ints, rng: np.random.Generator, pool: Pool) -> Ints:
    """Return given names that differ within each household, but for a junior, who is named like his father."""
    codes = np.unique(pool.words.to_numpy(), return_inverse=True)[1]
    given = pool.draw(rng, sexes)
    again = _repeated(who.household * len(codes) + codes[given])
    while again.any():
        given[again] = pool.draw(rng, sexes[again])
        again = _repeated(who.household * len(codes) + codes[given])
    return np.where(who.role == "junior", given[who.head], given)


def _repeated(keys: Ints) -> Flags:
    """Return whether each key stood further up already."""
    repeated = np.ones(len(keys), dtype=np.bool_)
    repeated[np.unique(keys, return_index=True)[1]] = False
    return repeated


def _generations(who: Members) -> pl.Series:
    """Return Jr for juniors and Sr for their fathers, where that is written."""
    junior = who.role == "junior"
    writes = np.array([c.generation_suffixes for c in COUNTRIES])[who.country]
    suffix = np.where(junior, "Jr", np.where(who.heads_of(junior), "Sr", ""))
    return pl.Series(np.where(writes, suffix, "")).replace("", None)
