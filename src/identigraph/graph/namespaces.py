"""Namespaces: what one kind of identifier may do in an identity graph.

A **namespace** is one kind of identifier: logins, e-mail addresses, loyalty numbers, cookies, devices. Records that
carry the same value of a namespace are linked, within limits: an entity has at most `limit` different values, a value
belongs to at most `max_entities` entities, values that say nothing link nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from numbers import Integral
from typing import Any, Literal, TypeAlias, get_args

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError, RangeError, UnsupportedInputError
from identigraph.fields import FieldKind
from identigraph.fields.kind import MAIN
from identigraph.graph.clusters import check_probability
from identigraph.plain import Plain

Kind: TypeAlias = Literal[
    "person", "login", "account", "contact", "session", "device", "cookie", "organisation", "household"
]
Policy: TypeAlias = Literal["isolate", "newest", "oldest", "refuse", "cap"]

PRIORITIES: dict[str, int] = {
    "person": 1,
    "login": 1,
    "account": 2,
    "contact": 3,
    "session": 6,
    "device": 7,
    "cookie": 8,
    "organisation": 9,
    "household": 9,
}
"""The priority of a namespace that names none, by kind; scored pairs stand at 5."""
CONFIDENCES: dict[str, float] = {
    "person": 0.999,
    "login": 0.999,
    "account": 0.99,
    "contact": 0.95,
    "session": 0.99,
    "device": 0.9,
    "cookie": 0.9,
    "organisation": 0.5,
    "household": 0.5,
}
"""How likely two records with one value are of one entity, by kind, until the caller knows better."""
IDENTIFYING = ("person", "login")
"""Kinds that name one person: entities that both hold one are not joined by weaker evidence."""
NAMING = ("person", "login", "account", "contact")
"""Kinds that name somebody, so that they tell whose a weaker identifier is."""
CARRIED = ("device", "cookie")
"""Kinds whose values belong to things that several persons may use."""
SHARED = ("organisation", "household")
"""Kinds whose values belong to several persons; they do not link."""
SPANS = ("window", "ttl")
"""The rules that are spans of time."""
BLOCKED: tuple[str | re.Pattern[str], ...] = (
    *("null", "none", "nil", "nan", "n/a", "na", "unknown", "undefined", "anonymous", "guest", "test", "tbd", "-1"),
    *("declined", "refused", "true", "false", "[object object]", "id", "distinct_id", "email", "e-mail", "cardholder"),
    *("default", "default customer", "1234567890", "0123456789", "123456789"),
    re.compile(r"[0\W_]+"),
    re.compile(r"9{3,}|1{6,}|2{6,}|3{6,}|4{6,}|5{6,}|6{6,}|7{6,}|8{6,}"),
    re.compile(r"(test|no|none|noreply|no-reply|donotreply|null|unknown)@.*"),
)
"""Values, in lower case and as whole, that say nothing about anybody: what forms, exports and trackers write where
there is nothing to write."""


@attrs.frozen
class Generic:
    """A test for values that stand for nobody: too many different names behind one e-mail address.

    Names are counted by groups of names that sound or look alike, so that typing errors make no value generic.

    Args:
        attribute: the column of the records that is counted, such as ``"given_name"``.
        most: how many different groups may stand behind one value; above it the value links nobody.
        similarity: Jaro-Winkler similarity from which on two names are of one group, 0 to 1.
    """

    attribute: str
    most: int = 20
    similarity: float = 0.85

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.attribute, str):
            raise UnsupportedInputError(self.attribute, "the name of the attribute that is counted")
        check_count("most", self.most, 1)
        check_probability("similarity", self.similarity)


def _as_blocked(values: Any) -> tuple[str | re.Pattern[str], ...]:
    if isinstance(values, str | re.Pattern):
        raise ConfigurationError(f"blocked takes several values: write blocked=[{values!r}]")
    if not isinstance(values, Iterable):
        raise UnsupportedInputError(values, "what is blocked as texts and regular expressions, or () for nothing")
    return tuple(values)


OTHERS = (
    ("generic", Generic, "an ig.Generic"),
    ("linkable", bool, "True or False"),
    ("column", str, "the name of a column"),
)
"""Rules that are checked for their type alone."""


@attrs.frozen(repr=False)
class Namespace(Plain):
    """One kind of identifier, and what it may do.

    Args:
        name: what it is called; the column of the records that holds its values, unless `column` names another.
        kind: what its values name: ``"person"`` (a national number), ``"login"``, ``"account"`` (a loyalty or contract
            number), ``"contact"`` (an e-mail address, a telephone number), ``"session"``, ``"device"``, ``"cookie"``;
            ``"organisation"`` and ``"household"`` do not link persons.
        limit: the most different values that one entity may have; None: any number.
        priority: 1 is the strongest; links of stronger namespaces are made first. None: that of the kind.
        window: with a time, the limit is on values first seen within any span so long, instead of ever.
        max_entities: the most entities that a value may touch, counted by the limited values of stronger namespaces
            that its records carry; values that touch more link nobody.
        policy: what happens to a value whose links would break a limit: ``"isolate"``: the owner who clearly has most
            of its records keeps it, else it links nobody; ``"cap"``: the owner with most of its records keeps it,
            however close; ``"newest"``, ``"oldest"``: its latest, its first owner keeps it; ``"refuse"``: links are
            made in the order of values and records, those that break a limit are not.
        normalize: a field kind, such as ``ig.fields.Email()``, or a function of a polars Series of distinct strings.
            None: blanks around a value are dropped.
        valid: a regular expression that whole values must match, after normalizing; others do not link.
        blocked: strings and regular expressions; values that equal one, in lower case, do not link.
        generic: a test for values that stand for nobody.
        linkable: whether equal values link; where False, values only count towards the limit, so that a birth date,
            say, keeps records apart without joining any. None: True, but for organisations and households.
        ttl: a value that is not seen for longer than this, and comes back on records with none of the stronger
            identifiers of before, was passed on and begins a new life: sightings before and after do not link. Where no
            stronger namespace names anybody, the silence alone tells.
        confidence: how likely two records with one value are of one entity, 0 to 1. None: that of the kind.
        column: the column that holds the values, where it is not `name`; cells may be lists.

    Raises:
        ConfigurationError, RangeError, UnsupportedInputError: an argument makes no sense.

    Examples:
        >>> Namespace("login", limit=1, kind="login")
        Namespace('login', kind='login', limit=1)
        >>> Namespace("cookie", kind="cookie").rank
        8
    """

    name: str
    kind: Kind = attrs.field(default="account", kw_only=True)
    limit: int | None = attrs.field(default=None, kw_only=True)
    priority: int | None = attrs.field(default=None, kw_only=True)
    window: timedelta | None = attrs.field(default=None, kw_only=True)
    max_entities: int | None = attrs.field(default=None, kw_only=True)
    policy: Policy = attrs.field(default="isolate", kw_only=True)
    normalize: FieldKind | Callable[[pl.Series], pl.Series] | None = attrs.field(default=None, kw_only=True)
    valid: str | None = attrs.field(default=None, kw_only=True)
    blocked: tuple[str | re.Pattern[str], ...] = attrs.field(default=BLOCKED, converter=_as_blocked, kw_only=True)
    generic: Generic | None = attrs.field(default=None, kw_only=True)
    linkable: bool | None = attrs.field(default=None, kw_only=True)
    ttl: timedelta | None = attrs.field(default=None, kw_only=True)
    confidence: float | None = attrs.field(default=None, kw_only=True)
    column: str | None = attrs.field(default=None, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise ConfigurationError(f"a namespace needs a name, got {self.name!r}")
        _check_choice("kind", self.kind, get_args(Kind))
        _check_choice("policy", self.policy, get_args(Policy))
        for name in ("limit", "max_entities"):
            check_count(name, getattr(self, name), 1)
        check_count("priority", self.priority, 0)
        for name in SPANS:
            _check_span(name, getattr(self, name))
        if self.window is not None and self.limit is None:
            raise ConfigurationError("a window is about a limit; name both, or leave the window out")
        if self.confidence is not None:
            check_probability("confidence", self.confidence)
        if self.valid is not None:
            _check_pattern("valid", self.valid)
        for entry in self.blocked:
            if not isinstance(entry, str):
                _check_pattern("blocked", entry.pattern if isinstance(entry, re.Pattern) else entry)
        reads = callable(self.normalize) or isinstance(self.normalize, FieldKind)
        if self.normalize is not None and (isinstance(self.normalize, type) or not reads):
            raise UnsupportedInputError(self.normalize, "a field kind such as ig.fields.Email(), or a function")
        for name, kind, expected in OTHERS:
            if not isinstance(getattr(self, name), kind | None):
                raise UnsupportedInputError(getattr(self, name), f"{name} as {expected}, or None")

    @property
    def rank(self) -> int:
        """The priority: its own, or that of its kind."""
        return PRIORITIES[self.kind] if self.priority is None else self.priority

    @property
    def certainty(self) -> float:
        """How likely two records with one value are of one entity: its own figure, or that of its kind."""
        return CONFIDENCES[self.kind] if self.confidence is None else self.confidence

    @property
    def links(self) -> bool:
        """Whether equal values link."""
        return self.kind not in SHARED if self.linkable is None else self.linkable

    @property
    def identifying(self) -> bool:
        """Whether its values name one person."""
        return self.kind in IDENTIFYING and self.links

    @property
    def naming(self) -> bool:
        """Whether its values name somebody, if not one person alone."""
        return self.kind in NAMING and self.links

    @property
    def source_column(self) -> str:
        """The column that holds its values."""
        return self.column or self.name

    def normalized(self, values: pl.Series) -> pl.Series:
        """Return distinct strings as they are compared, null where one cannot be read.

        Examples:
            >>> from identigraph.fields import Email
            >>> Namespace("mail", normalize=Email()).normalized(pl.Series([" Ann@X.com", "none"])).to_list()
            ['ann@x.com', None]
        """
        if self.normalize is None:
            stripped = values.str.strip_chars()
            return pl.select(pl.when(stripped != "").then(stripped)).to_series()
        if isinstance(self.normalize, FieldKind):
            role = next(iter(self.normalize.roles("value")))
            return self.normalize.normalize(role, values).get_column(MAIN)
        return self.normalize(values)

    def is_valid(self, values: pl.Series) -> pl.Series:
        """Return whether normalized values are of the form that `valid` names."""
        if self.valid is None:
            return pl.repeat(value=True, n=len(values), eager=True)
        return values.str.contains(_whole(self.valid))

    def is_blocked(self, values: pl.Series) -> pl.Series:
        """Return whether normalized values say nothing about anybody.

        Examples:
            >>> Namespace("login").is_blocked(pl.Series(["u7", "NULL", "00000000-0000-0000"])).to_list()
            [False, True, True]
        """
        exact = sorted({entry.lower() for entry in self.blocked if isinstance(entry, str)})
        patterns = [entry.pattern for entry in self.blocked if isinstance(entry, re.Pattern)]
        lowered = values.str.to_lowercase()
        named = lowered.is_in(exact)
        return named | lowered.str.contains(f"(?i){_whole(*patterns)}") if patterns else named


def rules_of(namespace: Namespace) -> dict[str, Any]:
    """Return the rules of a namespace as plain data, without `normalize`: values that were read are normalized already.

    Examples:
        >>> from identigraph.fields import Email
        >>> rules_of(Namespace("mail", limit=2, ttl=timedelta(seconds=1), normalize=Email()))["ttl"]
        {'is': 'timedelta', 'microseconds': 1000000}
    """
    return attrs.evolve(namespace, normalize=None).to_dict()


def _whole(*patterns: str) -> str:
    """Return the regular expression of texts that match one of some patterns as a whole."""
    return f"^(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})$"


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ConfigurationError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")


def check_count(name: str, value: object, low: int) -> None:
    """Check that an argument is None, or a whole number from `low` on.

    Raises:
        ConfigurationError: it is no whole number.
        RangeError: it is below `low`.
    """
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ConfigurationError(f"{name} must be a whole number or None, got {value!r}")
    if value < low:
        raise RangeError(name, int(value), low, float("inf"))


def _check_span(name: str, value: object) -> None:
    if value is None:
        return
    if not isinstance(value, timedelta):
        raise UnsupportedInputError(value, f"{name} as a datetime.timedelta, such as timedelta(days=365)")
    if value <= timedelta(0):
        raise ConfigurationError(f"{name} must be longer than nothing, got {value!r}")


def _check_pattern(name: str, pattern: object) -> None:
    """Check that polars can use a regular expression: look-around and back references it has not."""
    if not isinstance(pattern, str):
        raise UnsupportedInputError(pattern, f"{name} as text")
    try:
        pl.Series([""]).str.contains(_whole(pattern))
    except pl.exceptions.ComputeError as error:
        raise ConfigurationError(f"{name} takes regular expressions as polars has them, got {pattern!r}") from error
