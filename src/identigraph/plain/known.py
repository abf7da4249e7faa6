"""What plain data may name: the classes of values and the measures of this package, nothing else.

Both are looked up among what is loaded. Nothing is imported because data name it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from inspect import isfunction
from types import ModuleType
from typing import Any

import attrs

PACKAGE = __name__.partition(".")[0]
ROOMS = ("fields", "records", "blocking", "comparing", "matching", "graph", "settled", "resolver")
"""The rooms and modules of the package in which the values live that a policy is made of."""
MEASURES = f"{PACKAGE}.comparing.measures"
MAKERS = f"{MEASURES}.kernels"
"""The module whose public functions make measures, and are none."""


def known_classes() -> dict[str, type]:
    """Return the classes of values by name; a name that two of them share is left out.

    Examples:
        >>> import identigraph
        >>> found = known_classes()
        >>> found["KeyBlocking"].__module__, "Crosswalk" in found
        ('identigraph.blocking.keys', False)
    """
    every = [each for module in _modules() for each in vars(module).values() if _is_value(each, module)]
    count = Counter(each.__name__ for each in every)
    return {each.__name__: each for each in every if count[each.__name__] == 1}


def known_measures() -> dict[str, Callable[..., Any]]:
    """Return the measures of texts by name.

    Examples:
        >>> import identigraph
        >>> "jaro_winkler" in known_measures(), "each_pair" in known_measures()
        (True, False)
    """
    room = sys.modules[MEASURES]
    public = ((name, getattr(room, name)) for name in room.__all__)
    return {name: each for name, each in public if isfunction(each) and each.__module__ != MAKERS}


def _modules() -> Iterator[ModuleType]:
    for name, module in sorted(sys.modules.items()):
        package, _, rest = name.partition(".")
        if package == PACKAGE and rest.partition(".")[0] in ROOMS:
            yield module


def _is_value(each: object, module: ModuleType) -> bool:
    own = isinstance(each, type) and each.__module__ == module.__name__ and not each.__name__.startswith("_")
    return own and attrs.has(each)  # type: ignore[arg-type]
