"""Warnings: given at the caller's own line, and kept as notes of the run that they are given in."""

from __future__ import annotations

import inspect
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from identigraph.errors import IdentigraphWarning

PACKAGE = str(Path(__file__).parent) + os.sep
NOTES: ContextVar[list[str] | None] = ContextVar("identigraph.notes", default=None)
"""Where the notes of the running resolution go, in this thread or task; None while there is none."""

QUIET: ContextVar[bool] = ContextVar("identigraph.quiet", default=False)
"""Whether warnings are noted and not given."""


def warn(message: str, category: type[IdentigraphWarning]) -> None:
    """Give a warning that points at the line outside identigraph which led here, and note it; once in a run.

    Examples:
        >>> from identigraph.errors import FitWarning
        >>> with warnings.catch_warnings(), noted() as notes:
        ...     warnings.simplefilter("ignore")
        ...     warn("3 pairs are few to train on", FitWarning)
        >>> notes
        ['3 pairs are few to train on']
    """
    notes = NOTES.get()
    if notes is not None:
        if message in notes:
            return
        notes.append(message)
    if not QUIET.get():
        warnings.warn(message, category, stacklevel=_levels_to_caller())


@contextmanager
def quietly() -> Iterator[None]:
    """Give no warnings inside: what they say was said when the same settings were used first.

    Examples:
        >>> from identigraph.errors import FitWarning
        >>> with noted() as notes, quietly():
        ...     warn("3 pairs are few to train on", FitWarning)
        >>> notes
        ['3 pairs are few to train on']
    """
    token = QUIET.set(True)
    try:
        yield
    finally:
        QUIET.reset(token)


@contextmanager
def noted() -> Iterator[list[str]]:
    """Note the warnings that are given inside; an outer `noted` notes them as well."""
    outer, notes = NOTES.get(), list[str]()
    token = NOTES.set(notes)
    try:
        yield notes
    finally:
        NOTES.reset(token)
        if outer is not None:
            outer += notes


def _levels_to_caller() -> int:
    """Return how many frames above the function that calls this one the first one outside identigraph is."""
    frame, level = inspect.currentframe(), 0
    while frame is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame, level = frame.f_back, level + 1
    return level
