"""What type checkers refuse; each line says by a comment why, and test_typing.py checks that all are needed."""

from __future__ import annotations

import identigraph as ig

ig.resolve({"name": ["Ann"]}, link="between")  # type: ignore[arg-type]
ig.resolve({"name": ["Ann"]}, threshold="0.5")  # type: ignore[arg-type]
ig.resolve({"name": ["Ann"]}, "id")  # type: ignore[misc]
ig.Resolver("email", [ig.exact("email")])  # type: ignore[arg-type]
ig.Resolver(ig.all_pairs(), ["email"])  # type: ignore[list-item]
ig.Resolver(ig.all_pairs(), [], {"mail": ig.fields.Email()})  # type: ignore[misc]
ig.block_on("email", hot="thin")  # type: ignore[arg-type]
ig.block_on("email") | "name"  # type: ignore[operator]
ig.AverageLinkage(builder=1)  # type: ignore[call-arg]
