"""What is wrong with the arguments of a resolver, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from identigraph.blocking import BlockingStrategy, no_pairs
from identigraph.comparing import Comparator
from identigraph.comparing.patterns import check_names
from identigraph.errors import ConfigurationError, NoBlockingError, RangeError, UnsupportedInputError
from identigraph.fields import FieldKind
from identigraph.graph import ClusterBuilder, Namespace, check_probability
from identigraph.matching import Link, Matcher

if TYPE_CHECKING:
    from identigraph.resolver import Resolver

LINKS: tuple[str, ...] = get_args(Link)


def faults(resolver: Resolver) -> Iterator[Exception]:
    """Yield what is wrong with the arguments of a resolver."""
    if resolver.blocking is None:
        yield NoBlockingError("no blocking strategy was given")
    for value, kind, expected in _typed(resolver):
        if isinstance(value, type) or not isinstance(value, kind):
            yield UnsupportedInputError(value, expected)
    if not resolver.comparators and resolver.blocking != no_pairs():
        yield ConfigurationError("no comparator was given; give some, such as comparators=[ig.exact('email')]")
    repeated = check_names([c for c in resolver.comparators if isinstance(c, Comparator)])
    if repeated:
        yield ConfigurationError(f"comparators share the name {repeated[0]!r}; give each its own")
    if isinstance(resolver.matcher, Matcher) and _fitted_to_others(resolver.matcher, resolver.comparators):
        yield ConfigurationError(
            "the matcher was fitted to other comparators; give one that is unfitted, or fit it to these"
        )
    yield from _of_identifiers(resolver)
    if isinstance(resolver.seed, bool) or not isinstance(resolver.seed, int) or resolver.seed < 0:
        yield RangeError("seed", resolver.seed, 0, float("inf"))
    if resolver.link not in LINKS:
        yield unknown_link(resolver.link)
    try:
        check_probability("keep", resolver.keep)
    except RangeError as error:
        yield error


def _of_identifiers(resolver: Resolver) -> Iterator[Exception]:
    names = [space.name for space in resolver.namespaces if isinstance(space, Namespace)]
    if len(set(names)) < len(names):
        yield ConfigurationError(f"two namespaces share a name: {', '.join(sorted(names))}")
    if not isinstance(resolver.observed_at, str | None):
        yield UnsupportedInputError(resolver.observed_at, "observed_at as the name of a column")
    if resolver.namespaces and resolver.link == "within":
        told = "identifiers link records of any source; leave the namespaces out, or link='within'"
        yield ConfigurationError(told)


def _typed(resolver: Resolver) -> Iterator[tuple[object, Any, str]]:
    """Yield the arguments of a resolver, each with its type and a sentence about it."""
    if resolver.blocking is not None:
        yield resolver.blocking, BlockingStrategy, "a blocking strategy, such as ig.block_on('email')"
    for comparator in resolver.comparators:
        yield comparator, Comparator, "a comparator, such as ig.exact('email')"
    for kind in resolver.fields.values():
        yield kind, FieldKind, "a field kind, such as ig.fields.Email()"
    for space in resolver.namespaces:
        yield space, Namespace, "a namespace, such as ig.Namespace('login', limit=1)"
    yield resolver.matcher, Matcher, "a matcher, such as ig.FellegiSunter()"
    yield resolver.builder, ClusterBuilder, "a cluster builder, such as ig.ConstrainedComponents()"


def _fitted_to_others(matcher: Matcher, comparators: tuple[Comparator, ...]) -> bool:
    compared = [(c.name, tuple(c.labels)) for c in comparators if isinstance(c, Comparator)]
    layout = matcher.layout
    return layout is not None and list(zip(layout.names, layout.labels, strict=True)) != compared


def unknown_link(link: object) -> ConfigurationError:
    """Return the error for a `link` that there is not."""
    return ConfigurationError(f"link must be one of {', '.join(map(repr, LINKS))}, got {link!r}")
