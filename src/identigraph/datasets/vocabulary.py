"""The words that made-up customers are made of, in pools that are drawn from a whole array at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any

import attrs
import numpy as np
import polars as pl
from nicknames import NickNamer
from numpy.typing import NDArray

from identigraph.datasets.countries import COUNTRIES, Country
from identigraph.errors import MissingExtraError

RANK_OFFSET = 12
"""Flattens the law of Zipf at its top: the first word of a list is drawn about twice as often as the twelfth."""
ALPHABETICAL = 0.8
"""A list with at least this share of its words in ascending order tells nothing about how common they are."""
MOST_WORDS = 1200
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@attrs.frozen(eq=False)
class Pool:
    """Words in groups, with the odds of each word within its group.

    Args:
        words: the words of all groups, one group after the other.
        edges: for each word, the number of its group plus the odds of the words of the group up to it.
        last: for each group, the position of its last word.
    """

    words: pl.Series
    edges: NDArray[np.float64]
    last: NDArray[np.int64]

    @classmethod
    def of(cls, groups: Sequence[Mapping[str, float]]) -> Pool:
        """Return the pool of `groups`, each a mapping from words to weights above zero; the word "" stands for null.

        Examples:
            >>> pool = Pool.of([{"a": 3, "b": 1}, {"c": 1}])
            >>> pool.edges.tolist(), pool.last.tolist()
            ([0.75, 1.0, 2.0], [1, 2])
        """
        totals = [np.cumsum(list(group.values())) for group in groups]
        edges = np.concatenate([number + total / total[-1] for number, total in enumerate(totals)])
        words = pl.Series("words", [word for group in groups for word in group], dtype=pl.String)
        return cls(words.replace("", None), edges, np.cumsum([len(group) for group in groups]) - 1)

    def draw(self, rng: np.random.Generator, groups: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the position of one random word for each of `groups`.

        Examples:
            >>> Pool.of([{"a": 3}, {"b": 1}]).draw(np.random.default_rng(0), np.array([1, 0, 1])).tolist()
            [1, 0, 1]
        """
        at = np.searchsorted(self.edges, groups + rng.random(len(groups)), side="right")
        return np.minimum(at, self.last[groups])


@attrs.frozen(eq=False)
class Vocabulary:
    """Everything that people and addresses are drawn from; pools have one group per country unless said otherwise.

    Args:
        given: given names, one group per country and sex: ``2 * country + female``.
        nicknames: one group per given name; null for a name without.
        family: family names.
        towns: towns, with `town_code` (the first part of the postcode) and `town_area` (of its telephone numbers).
        streets: streets in full, with `streets_short`, abbreviated.
        mobiles: what mobile numbers start with.
        domains: domains of e-mail addresses.
    """

    given: Pool
    nicknames: Pool
    family: Pool
    towns: Pool
    town_code: pl.Series
    town_area: pl.Series
    streets: Pool
    streets_short: pl.Series
    mobiles: Pool
    domains: Pool


def vocabulary(rng: np.random.Generator, countries: Sequence[Country] = COUNTRIES) -> Vocabulary:
    """Return the words of `countries`: faker's lists, with what stands in `countries` themselves.

    Lists that faker weights keep their weights; of the others, word number r gets weight 1 / (r + `RANK_OFFSET`),
    after a shuffle where the list is in alphabetical order.

    Raises:
        MissingExtraError: where faker is not installed.
    """
    persons = [_faker("person", c.locale) for c in countries]
    addresses = [_faker("address", c.locale) for c in countries]
    sexes = ("first_names_male", "first_names_female")
    given = [_weighted(getattr(p, sex), rng) for p in persons for sex in sexes]
    family = [_weighted(getattr(p, c.family_names), rng) for p, c in zip(persons, countries, strict=True)]
    towns = [_ranked(_towns(c, a, f, rng)) for c, a, f in zip(countries, addresses, family, strict=True)]
    streets = [
        _streets(c, a, {"family": f, "given": g}, rng)
        for c, a, f, g in zip(countries, addresses, family, given[::2], strict=True)
    ]
    country_of_town = np.repeat(np.arange(len(countries)), [len(t) for t in towns])
    areas = Pool.of([dict.fromkeys(c.landlines[0], 1.0) for c in countries])
    return Vocabulary(
        given=Pool.of(given),
        nicknames=Pool.of(_nicknames(given, countries)),
        family=Pool.of(family),
        towns=Pool.of(towns),
        town_code=filled([c.postcode[0] for c in countries], country_of_town, rng),
        town_area=areas.words.gather(areas.draw(rng, country_of_town)),
        streets=Pool.of([_ranked([full for full, _ in pairs]) for pairs in streets]),
        streets_short=pl.Series([short for pairs in streets for _, short in pairs]),
        mobiles=Pool.of([dict.fromkeys(c.mobiles[0], 1.0) for c in countries]),
        domains=Pool.of([_ranked(c.domains, offset=1) for c in countries]),
    )


def filled(patterns: Sequence[str], which: NDArray[np.int64], rng: np.random.Generator) -> pl.Series:
    """Return a random string of the pattern ``patterns[i]`` for each i of `which`.

    In a pattern, ``#`` is any digit, ``N`` a digit from 2 on, ``L`` a capital letter; all else stands for itself.

    Examples:
        >>> filled(["x-1"], np.array([0, 0]), np.random.default_rng(0)).to_list()
        ['x-1', 'x-1']
        >>> len(filled(["#N L"], np.array([0]), np.random.default_rng(0))[0])
        4
    """
    made = np.zeros(len(which), dtype=f"U{max(map(len, patterns))}")
    for number, pattern in enumerate(patterns):
        rows = np.flatnonzero(which == number)
        made[rows] = _fill(pattern, len(rows), rng)
    return pl.Series(made)


def _fill(pattern: str, count: int, rng: np.random.Generator) -> NDArray[np.str_]:
    """Return `count` strings of `pattern`."""
    classes = {"#": "0123456789", "N": "23456789", "L": LETTERS}
    letters = np.empty((count, len(pattern)), dtype="U1")
    for at, symbol in enumerate(pattern):
        choice = np.array(list(classes.get(symbol, symbol)))
        letters[:, at] = choice[rng.integers(0, len(choice), count)]
    return letters.view(f"U{len(pattern)}")[:, 0]


def _faker(kind: str, locale: str) -> Any:
    """Return faker's word lists of `kind` for `locale`."""
    _imported("faker")
    return _imported(f"faker.providers.{kind}.{locale}").Provider


def _imported(name: str) -> ModuleType:
    """Return the module `name` of the optional package faker."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingExtraError("faker", "datasets") from error


def _ranked(words: Iterable[str], offset: int = RANK_OFFSET) -> dict[str, float]:
    """Return weights that fall with the rank of a word."""
    return {word: 1 / (rank + offset) for rank, word in enumerate(dict.fromkeys(words))}


def _weighted(words: Mapping[str, float] | Sequence[str], rng: np.random.Generator) -> dict[str, float]:
    """Return the weights of `words`, by rank where there are none."""
    return dict(words) if isinstance(words, Mapping) else _ranked(_common_first(words, rng))


def _common_first(words: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Return `words` as they are, or in random order if they are in alphabetical order."""
    ascending = np.mean([a <= b for a, b in pairwise(words)])
    return [words[i] for i in rng.permutation(len(words))] if ascending > ALPHABETICAL else list(words)


def _towns(country: Country, address: Any, family: Iterable[Any], rng: np.random.Generator) -> list[str]:
    """Return the towns of `country`, large ones first.

    Those that faker lists are shuffled: they stand in no order of size, and some of its lists change from run to run.
    """
    if country.made_towns:
        more = [template.format(name) for name in list(family)[:80] for template in country.made_towns]
    else:
        more = [str(name) for name in rng.permutation(sorted(set(address.cities)))]
    return [*country.towns, *more][:MOST_WORDS]


def _streets(
    country: Country, address: Any, names: Mapping[str, Iterable[Any]], rng: np.random.Generator
) -> list[tuple[str, str]]:
    """Return streets of `country`, in full and abbreviated, common ones first."""
    source = country.more_street_words
    words = [*country.street_words, *(names[source] if source in names else getattr(address, source))]
    words = words[: MOST_WORDS // 2]
    types = rng.integers(0, len(country.street_types), (2, len(words)))
    pairs = [
        tuple(country.street.format(word=word, type=kind) for kind in country.street_types[i])
        for row in types
        for word, i in zip(words, row, strict=True)
    ]
    return list({full: (full, short) for full, short in pairs}.values())


def _nicknames(given: Sequence[Iterable[Any]], countries: Sequence[Country]) -> list[dict[str, float]]:
    """Return for each given name its nicknames, or null alone."""
    english = {name: sorted(n.title() for n in nicks) for name, nicks in NickNamer().nickname_lookup.items()}
    found = [
        english.get(name.lower(), []) if (own := countries[i // 2].nicknames) is None else own.get(name, ())
        for i, names in enumerate(given)
        for name in names
    ]
    return [dict.fromkeys(nicks, 1.0) if nicks else {"": 1.0} for nicks in found]
