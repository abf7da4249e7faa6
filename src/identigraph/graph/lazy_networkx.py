"""networkx, imported on first use: it takes 0.4 seconds, and only what looks inside single components needs it."""

from __future__ import annotations

from types import ModuleType


def networkx() -> ModuleType:
    """Return the module networkx.

    Examples:
        >>> networkx().path_graph(3).number_of_edges()
        2
    """
    import networkx as nx  # noqa: PLC0415 - 0.4 s that importing identigraph should not cost

    return nx  # type: ignore[no-any-return]
