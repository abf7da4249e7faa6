"""Blocking chosen from the data: many cheap keys, under a budget of pairs.

Each field offers features to block on, exact and coarse (phonetic, prefix, year). Every feature by itself and every two
that are no forms of one another are candidate keys; their pairs are counted, and the cheapest are taken until the
budget is spent. A key that another one contains adds nothing and is left out. Fields of several words are blocked on
their words as well.

Invariant: the choice depends neither on the order of records nor on that of fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import attrs
import numpy as np

from identigraph.blocking.candidates import Ints
from identigraph.blocking.keys import DEFAULT_CAP, KeyBlocking, all_pairs, pairs_in_blocks
from identigraph.blocking.strategy import BlockingStrategy, Union
from identigraph.blocking.words import WordBlocking
from identigraph.encoding import Codes
from identigraph.errors import NoBlockingError
from identigraph.fields import Address, Date, Email, FieldKind, FreeText, Organisation, PersonName, Phone, Url
from identigraph.fields.derived import Derived, Feature, prefix, soundex, year
from identigraph.records import Records

SINGLE_SHARE = 0.2
"""The most of the budget that one key may take."""
MOST_KEYS = 40
"""The most keys that are taken: each pair is looked up in all keys before its own."""
FEW_PAIRS = 100_000
"""With so many pairs in all, or fewer, all are compared."""
MOST_HOT = 0.2
"""The most of the records with a key that may be in hot blocks, where they are compared with their neighbors only."""
WORD_SHARE = 0.5
"""The most of the budget that the words of a field may take; they come on top of the keys."""
WORD_CAPS = (200, 100, 50, 25, 12, 6)
"""Records that may carry a word, tried from the most to the least."""
FORMS = frozenset({"sorted", "local", "tail", "domain", "month_day"})
"""Parts that are a form of the whole value."""


def pair_budget(n: int) -> int:
    """Return how many candidate pairs are worth their time for `n` records.

    Generous where records are few, for recall is lost at blocking first; falling from 60 pairs a record to 20.

    Examples:
        >>> pair_budget(1_000), pair_budget(100_000), pair_budget(1_000_000)
        (60000, 4000000, 20000000)
    """
    return int(n * np.interp(np.log10(max(n, 1)), [4.0, 5.0, 6.0], [60.0, 40.0, 20.0]))


@attrs.frozen(eq=False)
class _Candidate:
    """A key that might be chosen, and the pairs it stands for."""

    features: tuple[Feature, ...]
    pairs: int

    def contains(self, features: tuple[Feature, ...]) -> bool:
        """Tell whether the pairs of a key of `features` are among these: each feature here is there, or a finer form.

        Weak: a coarse form may be missing where the fine one is there, and pairs of such records are not among these.
        """
        return all(any(_refines(theirs, ours) for theirs in features) for ours in self.features)


def choose_blocking(records: Records, *, budget: int | None = None) -> BlockingStrategy:
    """Return a blocking strategy for `records`, from their fields and within a budget of pairs.

    Where all pairs are few, or within the budget, it is `all_pairs`.

    Args:
        records: with fields.
        budget: pairs that all keys make at the most, counted with repeats; the words of each text may make half as many
            again. Left out, it follows from the number of records.

    Raises:
        NoBlockingError: no two records share a value, or all that is shared is shared by too many.

    Examples:
        >>> records = Records.of({"mail": ["a@x.com", "b@x.com", "a@x.com", "c@x.com"]}, fields={"mail": Email()})
        >>> choose_blocking(records, budget=5)
        block_on('mail.local')
    """
    everything = len(records) * (len(records) - 1) // 2
    if everything <= (FEW_PAIRS if budget is None else budget):
        return all_pairs()
    allowed = pair_budget(len(records)) if budget is None else budget
    features = _features(records)
    if not features:
        raise NoBlockingError("no two records share any value to block on")
    chosen = _cheapest(_singles(records, features), [], allowed)
    chosen = _cheapest(_doubles(records, features, chosen), chosen, allowed)
    words = [w for name in _texts(records) if (w := _word_blocking(records, name, allowed)) is not None]
    strategies = (*(KeyBlocking(c.features, quiet=True) for c in chosen[:MOST_KEYS]), *words)
    if not strategies:
        raise NoBlockingError("every value that records share is shared by too many to block on")
    return strategies[0] if len(strategies) == 1 else Union(strategies)


def _cheapest(candidates: Iterable[_Candidate], chosen: list[_Candidate], allowed: int) -> list[_Candidate]:
    """Return the keys `chosen` so far and the cheapest of `candidates` that the rest of the budget allows.

    A key is dropped, and its pairs are free again, when one is taken that contains it.
    """
    for candidate in sorted(candidates, key=lambda c: (c.pairs, repr(c.features))):
        others = [other for other in chosen if not candidate.contains(other.features)]
        left = allowed - sum(other.pairs for other in others)
        fits = candidate.pairs <= min(SINGLE_SHARE * allowed, left)
        if fits and not any(other.contains(candidate.features) for other in others):
            chosen = [*others, candidate]
    return chosen


def _features(records: Records) -> list[Feature]:
    """Return the features that the fields offer and that any two records share, in an order of their own."""
    offered = [feature for name, kind in records.fields.items() for feature in _offered(name, kind)]
    return sorted((f for f in offered if (records.column(f).counts > 1).any()), key=repr)


def _offered(name: str, kind: FieldKind) -> tuple[Feature, ...]:
    """Return the features that a field offers to block on."""
    given, family = f"{name}.given", f"{name}.family"
    by_kind: Mapping[type, tuple[Feature, ...]] = {
        PersonName: (
            f"{name}.sorted",
            given,
            family,
            soundex(family),
            soundex(given),
            prefix(given, 3),
            prefix(family, 4),
        ),
        Date: (name, year(name), f"{name}.month_day"),
        Email: (name, f"{name}.local"),
        Phone: (name, f"{name}.tail"),
        Address: (name, f"{name}.street", f"{name}.postcode", f"{name}.city"),
        Organisation: (name, f"{name}.sorted", prefix(name, 5), f"{name}.initials"),
        FreeText: (name, f"{name}.sorted", prefix(name, 6)),
        Url: (f"{name}.domain", name),
    }
    return by_kind.get(type(kind), (name,))


def _singles(records: Records, features: list[Feature]) -> Iterator[_Candidate]:
    """Yield the keys of one feature."""
    for feature in features:
        sizes = records.column(feature).counts
        if _spread(sizes):
            yield _Candidate((feature,), int(pairs_in_blocks(sizes, DEFAULT_CAP).sum()))


def _doubles(records: Records, features: list[Feature], chosen: list[_Candidate]) -> Iterator[_Candidate]:
    """Yield the keys of two features that are no forms of one another, but those that a chosen key contains."""
    for one, other in combinations(features, 2):
        if _part(one) != _part(other) and not any(key.contains((one, other)) for key in chosen):
            sizes = _compound_sizes(records.column(one).codes, records.column(other).codes)
            pairs = int(pairs_in_blocks(sizes, DEFAULT_CAP).sum())
            if pairs and _spread(sizes):
                yield _Candidate((one, other), pairs)


def _compound_sizes(one: Codes, other: Codes) -> Ints:
    """Return the sizes of the blocks of a key of two features."""
    both = (one >= 0) & (other >= 0)
    key = np.sort((one[both].astype(np.int64) << 32) | other[both])
    starts = np.flatnonzero(np.append(key[:1] >= 0, key[1:] != key[:-1]))
    return np.diff(starts, append=len(key))


def _spread(sizes: Ints) -> bool:
    """Tell whether few of the records are in hot blocks."""
    return bool(sizes[sizes > DEFAULT_CAP].sum() <= MOST_HOT * sizes.sum())


def _part(feature: Feature) -> str:
    """Return the part of a field that a feature is a form of: two forms of one part make no key."""
    root = feature.root if isinstance(feature, Derived) else feature
    field, _, part = root.partition(".")
    return field if part in FORMS else root


def _refines(fine: Feature, coarse: Feature) -> bool:
    """Tell whether equal values of `fine` mean equal values of `coarse`."""
    if fine == coarse:
        return True
    if isinstance(coarse, Derived):
        return _refines(fine, coarse.feature)
    field, _, part = coarse.partition(".")
    return fine == field and part in FORMS | {"street", "initials"}


def _texts(records: Records) -> list[str]:
    """Return the fields whose values are several words, by name."""
    return [
        name
        for name, kind in sorted(records.fields.items())
        if isinstance(kind, FreeText | Organisation)
        and float(records.column(name).values.str.count_matches(r"\S+").mean() or 0.0) >= 1.5  # type: ignore[arg-type]
    ]


def _word_blocking(records: Records, name: str, budget: int) -> WordBlocking | None:
    """Return word blocking with the largest cap whose pairs stay within their share of the budget."""
    strategies = (WordBlocking(name, cap) for cap in WORD_CAPS)
    return next((s for s in strategies if 0 < s.candidates(records).cost <= WORD_SHARE * budget), None)
