"""A store: a resolution that is kept, changed in transactions, and found again as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import RLock
from typing import Any, Self

from identigraph.errors import MissingExtraError, StoreError
from identigraph.identity import Event, Events, JudgementLog, Register, replay
from identigraph.identity.assigning import IdFactory
from identigraph.identity.events import as_time
from identigraph.identity.reading import Weights
from identigraph.identity.unmerging import parts_of
from identigraph.resolution import Resolution
from identigraph.resolver import Resolver
from identigraph.stores.collecting import uncollected
from identigraph.stores.files import dumped, loaded
from identigraph.stores.keeper import Keeper, MemoryKeeper, Session
from identigraph.stores.live import Live, Owner
from identigraph.stores.state import State, time_of
from identigraph.table import Table

Decide = Callable[[JudgementLog, datetime], JudgementLog]


class Store:
    """Records, evidence, entities and their ids, judgements and events, kept in one place. Made by `Store.open`.

    Every change is one transaction: it is kept as a whole, or not at all. Others may write to the same place; what they
    changed is read before the next change is made.

    Examples:
        >>> from identigraph.blocking import block_on
        >>> from identigraph.comparing import exact
        >>> from identigraph.matching import Rules, rule, when
        >>> from identigraph.resolver import Resolver
        >>> people = {"id": ["a", "b", "c"], "mail": ["ann@lee.org", "Ann@Lee.org", "bob@roe.org"]}
        >>> rules = Rules([rule(when(mail="equal"), "match")])
        >>> resolver = Resolver(blocking=block_on("mail"), comparators=[exact("mail", frequency=False)], matcher=rules)
        >>> store = Store.open(resolution=resolver.resolve(people, id="id"))
        >>> happened = store.update(add={"id": ["d"], "mail": ["bob@roe.org"]})
        >>> store, happened
        (<Store: 4 records, 2 entities, 2 changes>, <Events: 1 grew>)
        >>> store.cannot_link("c", "d"), len(store)
        (<Events: 1 split, 1 created>, 3)
    """

    def __init__(
        self, keeper: Keeper, state: State, *, weights: Weights = None, factory: IdFactory | None = None
    ) -> None:
        """Hold a place and the state that it has; see `open`."""
        self._keeper = keeper
        self._held = state
        self._noted = state.change
        self._changing = RLock()
        self._weights, self._factory = weights, factory

    @classmethod
    def open(
        cls,
        place: str | Path | None = None,
        resolution: Resolution | None = None,
        *,
        weights: Weights = None,
        factory: IdFactory | None = None,
        at: datetime | None = None,
    ) -> Self:
        """Return the store at a place.

        Args:
            place: the path of an SQLite file, or a URL of SQLAlchemy such as ``postgresql://user@host/base``; both need
                the extra ``sql``. None: the memory of this process.
            resolution: what a new store begins with; None: the store is there already.
            weights: how much records count for the id of their entity, as for `identigraph.assign_ids`.
            factory: makes a new id; left out, numbers go on where all ids are numbers, else UUIDs of version 7.
            at: the time at which a new store begins; None: now.

        Raises:
            StoreError: there is no store and nothing to begin with, or there is one already; it is of a later version,
                damaged, or of something else.
            MissingExtraError: SQLAlchemy or the driver of the database is not installed.
        """

        def begun(session: Session) -> State:
            _check(session, is_new=resolution is not None)
            if resolution is None:
                return State.of(session)
            state = State.first(resolution, as_time(at or datetime.now(UTC)))
            session.keep(state.as_delta)
            return state

        if resolution is None and _is_missing(place):
            raise StoreError(_NOTHING)
        keeper, state = _begun(place, begun)
        return cls(keeper, state, weights=weights, factory=factory)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        place: str | Path | None = None,
        *,
        weights: Weights = None,
        factory: IdFactory | None = None,
    ) -> Self:
        """Return a new store with what `dump` wrote.

        Args:
            folder: where the files are.
            place: as for `open`.
            weights: as for `open`.
            factory: as for `open`.

        Raises:
            StoreError: a file is missing or damaged, or there is a store already.
        """
        delta = loaded(Path(folder))

        def begun(session: Session) -> State:
            _check(session, is_new=True)
            session.keep(delta)
            return State.of(session)

        keeper, state = _begun(place, begun)
        return cls(keeper, state, weights=weights, factory=factory)

    def dump(self, folder: str | Path, *, form: str = "parquet") -> Path:
        """Write every table to files that anything can read, and return their folder.

        They hold values of records: keep them where you keep those.

        Args:
            folder: a new or empty folder.
            form: ``"parquet"`` or ``"jsonl"``.

        Raises:
            StoreError: the folder holds files, or cannot be written to.
            ConfigurationError: there is no such form.
        """
        with self._keeper.reading() as session:
            return dumped(session, Path(folder), form)

    @property
    def resolution(self) -> Resolution:
        """The records and entities as they were when this store was opened, or last changed by it."""
        return self._state.resolution

    @property
    def crosswalk(self) -> Table:
        """One row per record: ``source, record_id, entity_id``."""
        return self._state.resolution.crosswalk

    @property
    def register(self) -> Register:
        """Every id that was issued, and what became of it."""
        return self._state.register

    @property
    def judgements(self) -> JudgementLog:
        """What people decided."""
        return self._state.log

    @property
    def events(self) -> Events:
        """All that happened since the store began; replayed from nothing they make its crosswalk."""
        with self._keeper.reading() as session:
            return _events_of(session)

    def update(
        self,
        *,
        add: Any = None,
        replace: Any = None,
        delete: Any = None,
        budget: int | None = None,
        at: datetime | None = None,
        cause: str = "",
    ) -> Events:
        """Change records, and return what became of entities; see `Resolver.update` for arguments and errors."""
        changes = {"add": add, "replace": replace, "delete": delete, "budget": budget}
        return self._changed(_as_it_is, at, cause, changes)

    def resolve(self, *, budget: int | None = None, at: datetime | None = None, cause: str = "") -> Events:
        """Resolve what is pending, and what judgements that have expired held together or apart.

        Args:
            budget: about how many records are resolved again at the most; None: all.
            at: the time of the change; None: now.
            cause: what brought the change about, in words.
        """
        return self.update(budget=budget, at=at, cause=cause)

    def refit(self, *, labels: Any = None, at: datetime | None = None, cause: str = "refit") -> Events:
        """Learn weights, frequencies, threshold and readings anew of the records there are; see `Resolver.refit`."""
        return self._resolved_anew(lambda before: before.resolver.refit(before, labels=labels), at, cause)

    def apply(self, resolver: Resolver, *, at: datetime | None = None, cause: str = "policy") -> Events:
        """Resolve by other settings from now on; see `Resolver.apply`."""
        return self._resolved_anew(resolver.apply, at, cause)

    def what_if(self, **changes: Any) -> Any:
        """Return what would become of the entities; nothing changes. See `Resolution.what_if`."""
        return self._state.resolution.what_if(**changes)

    def must_link(self, *records: Any, at: datetime | None = None, **told: Any) -> Events:
        """Judge that records are one entity, and return what became of entities.

        Args:
            records: each as ``(source, id)``, or its id where there is one source.
            at: the time of the judgement; None: now.
            told: ``author, reason, expires``.

        Raises:
            JudgementConflictError: it contradicts a judgement that is in force; nothing was applied.
        """
        return self.judge(lambda log, time: log.must_link(*records, at=time, **told), at=at)

    def cannot_link(self, *records: Any, at: datetime | None = None, **told: Any) -> Events:
        """Judge that records are of as many entities; see `must_link`."""
        return self.judge(lambda log, time: log.cannot_link(*records, at=time, **told), at=at)

    def unsure(self, *records: Any, at: datetime | None = None, **told: Any) -> Events:
        """Note that nobody can tell whether records are one entity; see `must_link`."""
        return self.judge(lambda log, time: log.unsure(*records, at=time, **told), at=at)

    def split(self, *groups: Iterable[Any], at: datetime | None = None, **told: Any) -> Events:
        """Judge that no record of one group is one entity with a record of another; see `must_link`."""
        held = [list(group) for group in groups]
        return self.judge(lambda log, time: log.split(*held, at=time, **told), at=at)

    def lock(self, records: Iterable[Any], *, at: datetime | None = None, **told: Any) -> Events:
        """Judge that records are one entity that nothing joins or leaves; see `must_link`."""
        held = list(records)
        return self.judge(lambda log, time: log.lock(held, at=time, **told), at=at)

    def pin(self, records: Iterable[Any], entity_id: str, *, at: datetime | None = None, **told: Any) -> Events:
        """Judge that the entity that holds records has an id; see `must_link`."""
        held = list(records)
        return self.judge(lambda log, time: log.pin(held, entity_id, at=time, **told), at=at)

    def revoke(self, judgement_id: int, *, at: datetime | None = None, **told: Any) -> Events:
        """Take a judgement back, and return what became of entities.

        Raises:
            UnknownJudgementError: no judgement has that id.
            ConfigurationError: it is revoked already.
        """
        return self.judge(lambda log, time: log.revoke(judgement_id, at=time, **told), at=at)

    def unmerge(self, event: Event, *, at: datetime | None = None, **told: Any) -> Events:
        """Take a merge apart: what each loser brought in is kept apart from the others from now on.

        The losers' ids are live again.

        Args:
            event: of the kind ``merged``, of this store.
            at: the time of the judgement; None: now.
            told: ``author, reason, expires``.

        Raises:
            ConfigurationError: the event is no merge, or the entities are apart already.
        """
        return self.judge(lambda log, time: log.split(*parts_of(event, self._state.register), at=time, **told), at=at)

    def judge(self, decide: Decide, *, at: datetime | None = None) -> Events:
        """Add to the log of judgements, several at once if need be, and return what became of entities.

        Args:
            decide: gives the log with more entries, of the log and the time of the change.
            at: the time of the change; None: now.
        """
        return self._changed(decide, at, "judgement", {})

    def as_known(self, at: datetime) -> Table:
        """Return the crosswalk as it was at a time: what the store would have answered then."""
        time = as_time(at)
        return replay(event for event in self.events if event.at <= time).crosswalk

    def as_of(self, at: datetime) -> Table:
        """Return whose each identifier was at a time, by what is believed now; see `Resolution.as_of`."""
        return self.resolution.as_of(at)

    def live(self) -> Live:
        """Return the records in memory, for questions and changes one by one; see `Live`."""
        return Live(Owner(self._keeper, self._newest, self.update, self._note, self._weights, self._factory))

    def close(self) -> None:
        """Let go of the place."""
        self._keeper.close()

    def _changed(self, decide: Decide, at: datetime | None, cause: str, changes: dict[str, Any]) -> Events:
        def update(before: State, time: datetime) -> State:
            log = decide(before.log, time)
            told = {**changes, "judgements": log.rulings(time), **self._naming, "at": time, "cause": cause}
            return before.followed(before.resolution.update(**told), log, time)

        return self._followed(update, at)

    def _resolved_anew(self, by: Callable[[Resolution], Resolution], at: datetime | None, cause: str) -> Events:
        def resolve(before: State, time: datetime) -> State:
            return before.renewed(by(before.judged(time)), time, cause=cause, **self._naming)

        return self._followed(resolve, at)

    def _followed(self, follow: Callable[[State, datetime], State], at: datetime | None) -> Events:
        """Keep the state that follows the newest one, and return what became of entities."""
        # Threads come one after the other, so that none puts its state in the place of a later one.
        with self._changing:
            with self._keeper.writing() as session:
                before = self._newest(session)
                after = follow(before, time_of(at, before.at))
                session.keep(after.since(before))
            self._held = after
        return after.resolution.events

    def _newest(self, session: Session) -> State:
        """Return the state, read anew if somebody else has changed it."""
        held = self._held  # once: other threads put later ones in its place
        if session.value("change") == str(held.change):
            return held
        read = State.of(session)
        if read.change > self._held.change:
            self._held = read
        return read

    @property
    def _naming(self) -> dict[str, Any]:
        return {"weights": self._weights, "factory": self._factory}

    def _note(self, change: int) -> None:
        """Note that a live index has made a change."""
        self._noted = change

    @property
    def _state(self) -> State:
        """The state as this store, or a live index of it, last changed it."""
        if self._held.change < self._noted:
            with self._keeper.reading() as session:
                return self._newest(session)
        return self._held

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the place."""
        self.close()

    def __len__(self) -> int:
        """Return the number of entities."""
        return len(self.register)

    def __repr__(self) -> str:
        """Return the counts."""
        records = len(self.register.present)
        return f"<Store: {records:,} records, {len(self):,} entities, {self._state.change:,} changes>"


def _as_it_is(log: JudgementLog, _: datetime) -> JudgementLog:
    return log


def _events_of(session: Session) -> Events:
    return Events.of(session.read("events").sort("change", "place"))


def _keeper(place: str | Path | None) -> Keeper:
    """Return what keeps the tables of a place.

    Raises:
        MissingExtraError: SQLAlchemy is not installed.
    """
    if place is None:
        return MemoryKeeper()
    try:
        import_module("sqlalchemy")
    except ModuleNotFoundError as error:
        raise MissingExtraError("SQLAlchemy", "sql") from error
    keeper: Keeper = import_module("identigraph.stores.sql").SqlKeeper(place)
    return keeper


def _is_missing(place: str | Path | None) -> bool:
    """Tell whether a place is a file that is not there, in a folder that is; asking does not make it."""
    path = Path(str(place))
    is_path = place is not None and "://" not in str(place) and not str(place).startswith(":")
    return is_path and path.parent.is_dir() and not path.exists()


def _begun(place: str | Path | None, begin: Callable[[Session], State]) -> tuple[Keeper, State]:
    """Return what keeps the tables of a place, and the state that it begins with."""
    with ExitStack() as failing:
        keeper = _keeper(place)
        failing.callback(keeper.close)
        with uncollected(), keeper.writing() as session:
            state = begin(session)
        failing.pop_all()
    return keeper, state


def _check(session: Session, *, is_new: bool) -> None:
    """Raise where a store is there that should be new, or is not there.

    Raises:
        StoreError: so it is.
    """
    if (session.value("change") is None) != is_new:
        raise StoreError(_SOMETHING if is_new else _NOTHING)


_NOTHING = "there is no store yet: give the resolution that it begins with, Store.open(place, resolution)"
_SOMETHING = "there is a store already: open it without a resolution, or at another place"
