"""Processes that write to a store until they are done, or are killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from identigraph.errors import JudgementConflictError
from identigraph.stores import Store

# Processes are forked from one that has loaded the library and done nothing, so that they begin at once.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["identigraph.stores", "identigraph.stores.sql", "psycopg"])

MOST = 40
"""Records that a writer lets the store have."""


@contextmanager
def writing(place: str | Path, name: str, times: int) -> Iterator[tuple[Any, Connection]]:
    """Give a process that makes changes, and the pipe that says the number of each once it is made."""
    ours, theirs = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=write, args=(place, name, times, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def write(place: str | Path, name: str, times: int, said: Connection) -> None:
    """Make changes; of each that is made, say its number."""
    random = Random(name)
    with Store.open(place) as store:
        said.send(store._state.change)
        for number in range(times):
            step(store, f"{name}-{number}", random)
            said.send(store._state.change)


def step(store: Store, key: str, random: Random) -> None:
    """Make one change: records come and go, or somebody judges."""
    here = sorted(record for _, record in store.register.present)
    some = random.sample(here, min(2, len(here)))
    if random.random() < 0.3 and len(some) == 2:
        judge = random.choice([store.must_link, store.cannot_link])
        try:
            judge(*some)
        except JudgementConflictError:
            store.resolve()
        return
    gone = [each for each in some if len(here) > MOST]
    other = [] if gone else some[:1]
    mails = {record: f"{random.randrange(12)}@x.org" for record in [key, *other]}
    store.update(
        add={"id": [key], "mail": [mails[key]]},
        replace={"id": other, "mail": [mails[record] for record in other]},
        delete=gone,
    )


def heard(said: Connection) -> list[int]:
    """Return all that a process said before its end."""
    numbers = []
    try:
        while True:
            numbers.append(said.recv())
    except (EOFError, ConnectionResetError):
        return numbers
