"""A clock for the stages of a run."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from identigraph.report.summary import Stage


class Clock:
    """Times stages, one after the other, and logs one line for each, as ``identigraph.<stage>``.

    Examples:
        >>> clock = Clock()
        >>> with clock.stage("read", "records"):
        ...     clock.count(3)
        >>> [(stage.name, stage.count, stage.detail) for stage in clock.stages]
        [('read', 3, 'records')]
    """

    def __init__(self) -> None:
        self._done: list[Stage] = []
        self._count = 0

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages so far."""
        return tuple(self._done)

    def count(self, number: int) -> None:
        """Say how many the running stage made."""
        self._count = number

    @contextmanager
    def stage(self, name: str, detail: str) -> Iterator[None]:
        """Time what happens inside; `detail` says what is counted."""
        self._count, start = 0, time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        self._done.append(Stage(name, detail, self._count, seconds))
        logging.getLogger(f"identigraph.{name}").info("%s: %d %s, %.2f s", name, self._count, detail, seconds)
