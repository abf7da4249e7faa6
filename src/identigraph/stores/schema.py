"""The tables of a store, and the steps from one version of them to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    inspect,
    select,
    text,
)

from identigraph.errors import StoreError

TABLES = MetaData()

meta = Table("meta", TABLES, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""Single values: the version of the schema, the number of the last change, how tables are read."""

policies = Table(
    "policies",
    TABLES,
    Column("change", BigInteger, primary_key=True, autoincrement=False),
    Column("policy", Text, nullable=False),
)
"""Resolvers that have learned, as plain data, by the change that they came with; the last one is in force."""

records = Table(
    "records",
    TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("came", BigInteger, nullable=False),
    Column("went", BigInteger),
)
"""Each version of each record: its columns as a JSON list, the change it came with and the one it went with."""

now = records.c.went.is_(None)
Index("records_now", records.c.source, records.c.record_id, unique=True, sqlite_where=now, postgresql_where=now)

pairs = Table(
    "pairs",
    TABLES,
    Column("one", BigInteger, primary_key=True, autoincrement=False),
    Column("other", BigInteger, primary_key=True, autoincrement=False),
    Column("pattern", BigInteger),
    Column("weight", Float(53), nullable=False),
    Column("probability", Float(53), nullable=False),
)
"""Scored pairs of records by number, and how they agree; of those that clusters asked for no pattern is kept."""

siblings = Table(
    "siblings",
    TABLES,
    Column("one", BigInteger, primary_key=True, autoincrement=False),
    Column("other", BigInteger, primary_key=True, autoincrement=False),
    Column("probability", Float(53), nullable=False),
)

chains = Table(
    "chains",
    TABLES,
    Column("source", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("chain", Text, nullable=False),
    Column("is_present", Boolean, nullable=False),
)
"""The ids each record came through, as a JSON list; the last one is that of its entity, if it is present."""

ids = Table(
    "ids",
    TABLES,
    Column("entity_id", Text, primary_key=True),
    Column("born", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("leads_to", Text, nullable=False),
    Column("shares", Text, nullable=False),
)

events = Table(
    "events",
    TABLES,
    Column("change", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("other_ids", Text, nullable=False),
    Column("shares", Text, nullable=False),
    Column("records", Text, nullable=False),
    Column("cause", Text, nullable=False),
)

judgements = Table(
    "judgements",
    TABLES,
    Column("entry", BigInteger, primary_key=True, autoincrement=False),
    Column("told", Text, nullable=False),
)
"""The entries of the log of judgements, each as a JSON list of its rows."""

pending = Table("pending", TABLES, Column("number", BigInteger, primary_key=True, autoincrement=False))
"""Records that are to be resolved again."""


def _first(connection: Connection) -> None:
    TABLES.create_all(connection)


STEPS: Sequence[Callable[[Connection], None]] = (_first,)
"""What makes each version of the schema of the one before it; the first makes it of nothing."""


def migrate(connection: Connection) -> None:
    """Bring the tables to the version of this library, inside the transaction of the connection.

    Raises:
        StoreError: the tables are of a later version, or not of a store.
    """
    version = _version(connection)
    if version > len(STEPS):
        raise StoreError(
            f"the store is of version {version} of its tables, and this identigraph knows up to {len(STEPS)}; update it"
        )
    for step in STEPS[version:]:
        step(connection)
    if version < len(STEPS):
        connection.execute(meta.delete().where(meta.c.name == "schema"))
        connection.execute(meta.insert().values(name="schema", value=str(len(STEPS))))


def _version(connection: Connection) -> int:
    """Return the version of the tables, 0 where there are none."""
    there = set(inspect(connection).get_table_names())
    if not there & set(TABLES.tables):
        return 0
    if meta.name not in there:
        raise StoreError("the database holds tables of the same names that are not of a store; give it one of its own")
    found = connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar()
    if found is None:
        raise StoreError("the database has no version of a store's tables; it is damaged, or of something else")
    return int(found)


def is_sound(connection: Connection) -> bool:
    """Tell whether an SQLite file passes its own quick check; of other databases, True."""
    if connection.dialect.name != "sqlite":
        return True
    return connection.execute(text("PRAGMA quick_check")).scalar() == "ok"
