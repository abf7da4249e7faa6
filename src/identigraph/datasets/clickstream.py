"""Labeled events of made-up visitors of a shop, with the identifiers that its systems see."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import polars as pl

from identigraph.datasets.checking import check_size
from identigraph.datasets.knowable import IDENTIFIERS, knowable_ids
from identigraph.datasets.tracking import NOISES, tracked
from identigraph.datasets.visitors import Visitors
from identigraph.datasets.visits import visits


@attrs.frozen(eq=False, repr=False)
class Clickstream:
    """Events with identifiers, and the truth about them.

    Args:
        events: all events, in random order: ``event_id`` (unique), ``observed_at``, ``source`` (web, app, shop,
            newsletter), ``event`` (page_view, search, order ...), and the identifiers, null where there is none:
            ``session``, ``cookie``, ``device``, ``login``, ``email_hash``, ``phone_hash``.
        truth: ``event_id``, ``entity_id`` (the person or bot that made the event), ``knowable_id`` (equal for the
            events of an entity that chains of telling identifiers join: see `knowable_ids`); in the order of `events`.
        people: ``entity_id``, ``household_id`` (null for bots), ``kind`` (person or bot), one row per entity.
        noise: ``event_id``, and one column of booleans per kind of noise, true where it changed something about the
            event; in the order of `events`.
    """

    events: pl.DataFrame
    truth: pl.DataFrame
    people: pl.DataFrame
    noise: pl.DataFrame

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write the four tables to CSV files; return their paths by name.

        Args:
            folder: where to; made if it is not there. Files of the same names are overwritten.

        Examples:
            >>> import tempfile
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     sorted(path.name for path in clickstream(100).write(folder).values())
            ['events.csv', 'noise.csv', 'people.csv', 'truth.csv']
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        tables = attrs.asdict(self, recurse=False)
        paths = {name: folder / f"{name}.csv" for name in tables}
        for name, table in tables.items():
            table.write_csv(paths[name])
        return paths

    def equals(self, other: Clickstream) -> bool:
        """Return whether all tables of `other` are the same.

        Examples:
            >>> clickstream(50, seed=1).equals(clickstream(50, seed=1))
            True
            >>> clickstream(50, seed=1).equals(clickstream(50, seed=2))
            False
        """
        mine, others = attrs.astuple(self, recurse=False), attrs.astuple(other, recurse=False)
        return all(a.equals(b) for a, b in zip(mine, others, strict=True))

    def __repr__(self) -> str:
        """Return the counts."""
        bots = (self.people["kind"] == "bot").sum()
        return (
            f"<Clickstream: {len(self.events):,} events in {self.events['session'].n_unique():,} sessions, "
            f"{len(self.people) - bots:,} persons, {bots:,} bots>"
        )


def clickstream(n: int, seed: int = 0) -> Clickstream:
    """Return `n` events of made-up visitors on the web, in an app, in shops and from a newsletter, with the truth.

    Over three years people from households visit the shop with browsers that now and then lose their cookies, with
    apps, at tills and kiosks. Some have an account and are logged in in some of their visits, from the first event on
    or from a later one; e-mail addresses and telephone numbers, hashed, come with orders, log-ins and the newsletter.
    Families share tablets, couples e-mail addresses and logins; devices and numbers are passed on to strangers;
    trackers write default values; bots crawl.

    Much of what one person did cannot be known to be one person's from identifiers alone: a visit by a browser that
    then loses its cookie, without a login, is joined with nothing. So measure precision against ``entity_id``, and
    recall against ``knowable_id``: among the pairs of events that share it.

    Args:
        n: number of events, from 1 to 100 million.
        seed: the same `n` and `seed` give the same events, as long as the versions of numpy, polars and identigraph
            stay the same.

    Raises:
        ConfigurationError: where `n` or `seed` is no whole number.
        RangeError: where `n` or `seed` is out of range.

    Examples:
        >>> clickstream(1_000)
        <Clickstream: 1,000 events in 236 sessions, 27 persons, 1 bots>
    """
    check_size(n, seed)
    rng = np.random.default_rng(int(seed))
    who, made = visits(int(n), rng)
    events = tracked(who, made, rng)[rng.permutation(int(n))].with_columns(
        event_id="v" + pl.int_range(1, int(n) + 1).cast(pl.String), entity_id=_ids("e", pl.col("entity"))
    )
    return Clickstream(
        events=events.select("event_id", "observed_at", "source", "event", *IDENTIFIERS),
        truth=events.select("event_id", "entity_id", knowable_id=knowable_ids(events, events["entity"])),
        people=_people(who, made["entity"].n_unique()),
        noise=events.select("event_id", *NOISES),
    )


def _people(who: Visitors, entities: int) -> pl.DataFrame:
    """Return one row per entity: all persons, and the bots behind them."""
    household = pl.Series("household", who.household).extend_constant(None, entities - len(who.household))
    return pl.select(
        entity_id=_ids("e", pl.int_range(entities)),
        household_id=_ids("h", household),
        kind=pl.when(household.is_null()).then(pl.lit("bot")).otherwise(pl.lit("person")),
    )


def _ids(prefix: str, numbers: pl.Expr | pl.Series) -> pl.Expr | pl.Series:
    """Return ids made of `prefix` and `numbers` from 1 on."""
    return prefix + (numbers + 1).cast(pl.String)
