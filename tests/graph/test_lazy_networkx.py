"""networkx on first use."""

from __future__ import annotations

import subprocess
import sys

import networkx as nx

from identigraph.graph.lazy_networkx import networkx


def test_it_is_networkx() -> None:
    assert networkx() is nx


def test_builders_that_may_need_it_do_not_import_it_before() -> None:
    """Nor where no component needs it."""
    code = """if True:
        import sys
        from identigraph.graph import IdentityGraph
        from identigraph.graph.bridges import BridgeCutting
        from identigraph.graph.communities import Communities
        graph = IdentityGraph.of(edges=[(1, 2, 0.9), (3, 4, 0.7), (4, 5, 0.7)])
        print(BridgeCutting().build(graph).count, "networkx" in sys.modules)
        print(Communities().build(graph).count, "networkx" in sys.modules)
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "2 False\n2 True\n"
