"""What records offer to block on: features of each field, exact and coarse, and texts of several words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from identigraph.blocking.candidates import Ints
from identigraph.blocking.hot import HotPolicy
from identigraph.encoding import Codes
from identigraph.fields import (
    Address,
    Date,
    Email,
    FieldKind,
    FreeText,
    Identifier,
    Organisation,
    PersonName,
    Phone,
    Url,
)
from identigraph.fields.derived import (
    Derived,
    Feature,
    digits_suffix,
    first_token,
    initials,
    last_token,
    prefix,
    soundex,
    suffix,
    year,
)
from identigraph.records import Records

LARGEST = HotPolicy().max_block
"""Records of the largest block that is not hot."""
MOST_HOT = 0.2
"""The most of the records with a key that may be in hot blocks, where they are compared with their neighbors only."""
FORMS = frozenset({"sorted", "local", "digits", "tail", "domain", "month_day"})
"""Parts that are a form of the whole value."""


def offered_features(records: Records) -> list[Feature]:
    """Return the features that the fields offer and that any two records share, in an order of their own.

    Records without fields offer their columns.
    """
    features = [feature for name, kind in records.fields.items() for feature in offered(name, kind)]
    if not records.fields:
        plain = [name for name in records.table.columns if name not in records.lists]
        features = [feature for name in plain for feature in (name, soundex(name), prefix(name, 3))]
    return sorted((f for f in features if (records.column(f).counts > 1).any()), key=repr)


def offered(name: str, kind: FieldKind) -> tuple[Feature, ...]:
    """Return the features that a field called `name` offers to block on.

    Examples:
        >>> offered("mail", Email())
        ('mail', 'mail.local', 'mail.digits')
    """
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
        Email: (name, f"{name}.local", f"{name}.digits"),
        Phone: (name, f"{name}.tail"),
        Address: (name, f"{name}.street", f"{name}.postcode", f"{name}.city"),
        Organisation: (name, f"{name}.sorted", prefix(name, 5), f"{name}.initials", f"{name}.core"),
        FreeText: (name, f"{name}.sorted", prefix(name, 6)),
        Url: (f"{name}.domain", name),
    }
    return by_kind.get(type(kind), (name,))


def coarser(name: str, kind: FieldKind) -> tuple[Feature, ...]:
    """Return what a field offers besides `offered`, for keys of two features: too coarse to block on alone.

    The first and the last word of a name in alphabetical order read given and family name in either order; the day and
    the last two figures of a year stay equal where another part of the date is wrong.

    Examples:
        >>> coarser("mail", Email())
        (digits_suffix('mail', 4),)
    """
    given, family, words = f"{name}.given", f"{name}.family", f"{name}.sorted"
    by_kind: Mapping[type, tuple[Feature, ...]] = {
        PersonName: (
            first_token(words),
            last_token(words),
            soundex(first_token(words)),
            soundex(last_token(words)),
            initials(name),
            prefix(given, 1),
            prefix(family, 2),
            suffix(family, 3),
        ),
        Date: (prefix(name, 7), suffix(f"{name}.month_day", 2), suffix(year(name), 2)),
        Email: (digits_suffix(name, 4),),
        Phone: (digits_suffix(name, 4), prefix(name, 6)),
        Address: (prefix(f"{name}.postcode", 3), prefix(f"{name}.city", 3), prefix(f"{name}.street", 6)),
        Organisation: (first_token(name), last_token(name)),
        FreeText: (first_token(name), last_token(name)),
        Identifier: (prefix(name, 4), suffix(name, 4)),
    }
    return by_kind.get(type(kind), ())


def key_features(records: Records) -> list[Feature]:
    """Return all features that keys may be made of and that any two records share, in an order of their own.

    A form that tells apart just what the whole value does is left out.
    """
    more = [feature for name, kind in records.fields.items() for feature in coarser(name, kind)]
    shared = [feature for feature in more if (records.column(feature).counts > 1).any()]
    return sorted({*offered_features(records), *(f for f in shared if _loses_something(records, f))}, key=repr)


def _loses_something(records: Records, feature: Feature) -> bool:
    """Tell whether records differ in what a feature is derived from and not in itself."""
    if not isinstance(feature, Derived):
        return True
    whole, part = records.column(feature.feature), records.column(feature)
    return len(part.values) < len(whole.values) or part.present < whole.present


def compound_sizes(one: Codes, other: Codes) -> Ints:
    """Return the sizes of the blocks of a key of two features."""
    both = (one >= 0) & (other >= 0)
    key = np.sort((one[both].astype(np.int64) << 32) | other[both])
    starts = np.flatnonzero(np.append(key[:1] >= 0, key[1:] != key[:-1]))
    return np.diff(starts, append=len(key))


def is_spread(sizes: Ints) -> bool:
    """Tell whether few of the records are in hot blocks."""
    return bool(sizes[sizes > LARGEST].sum() <= MOST_HOT * sizes.sum())


def part_of(feature: Feature) -> str:
    """Return the part of a field that a feature is a form of: two forms of one part make no key."""
    root = feature.root if isinstance(feature, Derived) else feature
    field, _, part = root.partition(".")
    return field if part in FORMS else root


def field_of(feature: str) -> str:
    """Return the field that a part belongs to.

    Examples:
        >>> field_of("name.family"), field_of("email")
        ('name', 'email')
    """
    return feature.partition(".")[0]


def refines(fine: Feature, coarse: Feature) -> bool:
    """Tell whether equal values of `fine` mean equal values of `coarse`."""
    if fine == coarse:
        return True
    if isinstance(coarse, Derived):
        return refines(fine, coarse.feature)
    field, _, part = coarse.partition(".")
    return fine == field and part in FORMS | {"street", "initials"}


def texts_of(records: Records) -> list[str]:
    """Return the fields whose values are several words, by name."""
    return [
        name
        for name, kind in sorted(records.fields.items())
        if isinstance(kind, FreeText | Organisation)
        and float(records.column(name).values.str.count_matches(r"\S+").mean() or 0.0) >= 1.5  # type: ignore[arg-type]
    ]
