"""Records of few people that change at random, what people say of them, and resolvers of many settings.

Few names, addresses and identifiers, so that all that can happen does.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

import polars as pl

import identigraph as ig
from identigraph.blocking import sorted_neighborhood
from identigraph.errors import JudgementConflictError

AT = datetime(2026, 3, 2, tzinfo=UTC)
KEYS = {"id": "id", "source": "source"}
NAMES = ("ann lee", "anne lee", "ann li", "bob ray", "bob roy", "cleo kay", "cleo key", "dan poe")
MAILS = ("ann@x.com", "anne@x.com", "bob@x.com", "rob@x.com", "cleo@y.com", "dan@y.com", "info@y.com")
LOGINS, COOKIES = ("u1", "u2", "u3", "u4", "null"), ("c1", "c2", "c3")
CITIES = ("bern", "basel", "zug")

Record = dict[str, Any]


def drawn(random: Random, key: int) -> Record:
    """Return a record of one of few people, with gaps."""
    some = lambda values, gaps: None if random.random() < gaps else random.choice(values)  # noqa: E731
    return {
        "source": random.choice(("crm", "web")),
        "id": key,
        "name": some(NAMES, 0.1),
        "mail": some(MAILS, 0.3),
        "city": some(CITIES, 0.1),
        "login": some(LOGINS, 0.6),
        "cookie": some(COOKIES, 0.6),
    }


def table(records: list[Record]) -> pl.DataFrame:
    """Return records as a table, also where there are none."""
    columns = {
        "source": pl.String,
        "id": pl.Int64,
        **dict.fromkeys(("name", "mail", "city", "login", "cookie"), pl.String),
    }
    return pl.DataFrame(records, schema=columns)


LOGIN = ig.Namespace("login", kind="login", limit=1)
COOKIE = ig.Namespace("cookie", kind="cookie", max_entities=2)
KEYED = ig.block_on("city") | ig.block_on("mail")
POLICIES: dict[str, dict[str, Any]] = {
    "all pairs": {"blocking": ig.all_pairs()},
    "keys": {"blocking": KEYED},
    "thinned out": {"blocking": ig.block_on("city", max_block=3) | ig.block_on("mail")},
    "left out": {"blocking": ig.block_on("city", max_block=3, hot="skip") | ig.block_on("mail")},
    "split": {"blocking": ig.block_on("city", max_block=3, hot="split", split_by=("name",)) | ig.block_on("mail")},
    "no keys": {"blocking": sorted_neighborhood("name", window=3)},
    "both": {"blocking": KEYED & ig.block_on("name")},
    "namespaces": {"blocking": KEYED, "namespaces": [LOGIN, COOKIE]},
    "across": {"blocking": KEYED, "link": "across", "unique": True},
    "within": {"blocking": KEYED, "link": "within"},
    "components": {"blocking": KEYED, "builder": ig.Components(0.5)},
    "constrained": {
        "blocking": KEYED,
        "namespaces": [LOGIN],
        "builder": ig.ConstrainedComponents(linkage=ig.AverageLinkage(0.3), most_records=4),
    },
}


@cache
def policy(name: str) -> ig.Resolver:
    """Return a resolver that has learned from three hundred records."""
    comparators = [ig.similar("name"), ig.exact("mail"), ig.exact("city")]
    random = Random(7)
    plain = ig.Resolver(comparators=comparators, **POLICIES[name])
    return plain.resolve(table([drawn(random, key) for key in range(300)]), **KEYS).resolver


def partition(resolution: ig.Resolution) -> set[frozenset[Any]]:
    """Return the entities as sets of (source, id)."""
    members: dict[int, set[Any]] = {}
    for source, record, entity in resolution.crosswalk.to_polars().rows():
        members.setdefault(entity, set()).add((source, record))
    return {frozenset(group) for group in members.values()}


def evidence(resolution: ig.Resolution) -> pl.DataFrame:
    """Return the scored pairs, in the order of their records."""
    pairs = resolution.scored_pairs.to_polars()
    return pairs.sort(*pairs.columns)


def stepped(records: dict[int, Record], random: Random) -> dict[str, Any]:
    """Change some of the records, and return the arguments that tell an update so."""
    gone = [key for key in records if random.random() < 0.15]
    other = [key for key in records if key not in gone and random.random() < 0.1]
    deleted = [(records.pop(key)["source"], key) for key in gone]
    for key in other:
        records[key] = {**drawn(random, key), "source": records[key]["source"]}
    taken = {*records, *gone}
    keys = random.sample(range(1000, 2000), random.randrange(6))
    came = {key: drawn(random, key) for key in keys if key not in taken}
    records.update(came)
    return {
        "add": table(list(came.values())),
        "replace": table([records[key] for key in other]),
        "delete": deleted,
    }


def decided(log: ig.JudgementLog, records: dict[int, Record], random: Random) -> ig.JudgementLog:
    """Return a log with some more judgements about records, and some revoked; none that contradicts another."""
    keys = [(record["source"], str(key)) for key, record in records.items()]
    for _ in range(random.randrange(3) if len(keys) > 3 else 0):
        one, other, third = random.sample(keys, 3)
        with suppress(JudgementConflictError):
            how = random.randrange(5)
            if how == 0:
                log = log.lock([one, other], at=AT)
            elif how == 1:
                log = log.split([one, third], [other], at=AT)
            else:
                log = (log.must_link if how > 3 else log.cannot_link)(one, other, at=AT)
    active = log.active(AT)
    if active and random.random() < 0.3:
        log = log.revoke(random.choice(active).id, at=AT)
    return log
