"""Laws of resolvers that have learned, as plain data: they say the same, to the last bit, wherever they are read."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from random import Random
from typing import Any

import attrs
import polars as pl
import pytest

import identigraph as ig
from identigraph import comparing, fields, graph
from identigraph.comparing import measures
from identigraph.datasets import Customers, customers
from identigraph.plain import apart

KEYS = {"id": "record_id", "source": "source"}
WORDS = ["grand", "silent", "river", "stone", "north", "amber", "crystal", "royal", "union", "summit", "harbor", "iron"]


def people() -> pl.DataFrame:
    """Return customers with names, contacts and addresses."""
    return customers(150, seed=4).records


def products() -> pl.DataFrame:
    """Return offers of two shops: titles with model numbers, and prices; half of them in both."""
    draw = Random(5)
    rows = []
    for place in range(90):
        words = draw.sample(WORDS, 4)
        number, price = f"{draw.choice('XKZ')}{draw.randint(100, 999)}-{place}", draw.randint(20, 900)
        for shop in ("a", "b")[: 1 + place % 2]:
            draw.shuffle(words)
            rows.append((f"{shop}{place}", shop, f"{' '.join(words[:3])} {number}", f"{price + draw.randint(0, 1)}.00"))
    return pl.DataFrame(rows, schema=["record_id", "source", "title", "price"], orient="row")


def organisations() -> pl.DataFrame:
    """Return firms with misspelled names, cities and web addresses."""
    draw = Random(6)
    rows = []
    for place in range(90):
        name = " ".join(draw.sample(WORDS, 2)) + draw.choice([" Ltd", " GmbH", " Inc."])
        city, site = draw.choice(["Bern", "Basel", "Zurich"]), f"www.{name.split()[0]}{place}.com"
        for copy in range(1 + place % 2):
            at = draw.randrange(1, 5)
            written = name[:at] + name[at + 1 :] if copy else name
            rows.append((f"{place}-{copy}", "xy"[copy], written, city, site if draw.random() < 0.7 else None))
    return pl.DataFrame(rows, schema=["record_id", "source", "company", "city", "website"], orient="row")


TABLES = {"people": people, "products": products, "organisations": organisations}


def by_hand() -> ig.Resolver:
    """Return a resolver of people whose comparators ask for all that the population tells."""
    return ig.Resolver(
        ig.block_on("name.family") | ig.block_on("email") | ig.words_of("name", "city"),
        [
            comparing.given_name("name.given", family="name.family"),
            comparing.measured("name.family", measures.soft_tfidf, 0.7, 0.9),
            attrs.evolve(ig.exact("email"), shared_by=comparing.Carriers("name.given", "name.family")),
            comparing.exact("city", frequency=comparing.Frequencies.of({"leeds": 5, "york": 3})),
            comparing.text("street", spelling=True),
        ],
        fields={
            "name": fields.PersonName(given="first_name", family="last_name"),
            "email": fields.Email(),
        },
        namespaces=[ig.Namespace("phone", kind="contact", limit=2, max_entities=2)],
    )


@cache
def learned(name: str) -> ig.Resolution:
    """Return what a resolver made of a table from which it learned."""
    if name == "by hand":
        return by_hand().resolve(people(), **KEYS)
    return ig.resolve(TABLES[name](), **KEYS)


NAMES = ["people", "products", "organisations", "by hand"]


def restored(resolver: ig.Resolver) -> list[ig.Resolver]:
    """Return a resolver that went through JSON, whole and with its large tables apart."""
    data, tables = apart(resolver)
    whole = json.dumps(resolver.to_dict(), allow_nan=False)
    return [
        ig.Resolver.from_dict(json.loads(whole)),
        ig.Resolver.from_dict(json.loads(json.dumps(data, allow_nan=False)), tables=tables),
    ]


def said(resolution: ig.Resolution) -> list[Any]:
    """Return the scored pairs, with weights to the last bit, and the entities."""
    scored = resolution.scored
    columns = (scored.left, scored.right, scored.match_weight, scored.match_probability)
    return [*(column.tobytes() for column in columns), resolution.crosswalk.to_polars().rows()]


@pytest.mark.parametrize("name", NAMES)
def test_a_resolver_that_came_back_says_the_same(name: str) -> None:
    found = learned(name)
    table = people() if name == "by hand" else TABLES[name]()
    shown = said(found.resolver.resolve(table, **KEYS))
    assert len(shown[0]) > 0
    for again in restored(found.resolver):
        assert said(again.resolve(table, **KEYS)) == shown
        assert (repr(again), again.hash) == (repr(found.resolver), found.resolver.hash)
        assert (again == found.resolver) is (name != "by hand")  # whose table of frequencies is equal to itself alone


@pytest.mark.parametrize("name", NAMES)
def test_a_resolver_that_came_back_updates_what_was_resolved_before(name: str) -> None:
    found = learned(name)
    table = found.records.table
    copies = pl.DataFrame([found.records.ids.alias("record_id"), found.records.sources.decoded().alias("source")])
    more = copies.hstack(table).head(7).with_columns(pl.col("record_id") + " again")
    change = {"add": more, "delete": copies[9:12]}
    updated = said(found.resolver.update(found, **change))
    for again in restored(found.resolver):
        assert said(again.update(found, **change)) == updated


def labels(made: Customers) -> pl.DataFrame:
    """Return what is known of pairs of neighbors in the truth: some are of one entity, some are not."""
    truth = made.truth.sort("entity_id", "source", "record_id").head(60)
    sides = [
        truth.slice(place, 59).rename(lambda name, side=side: f"{side}_{name}") for place, side in enumerate(SIDES)
    ]
    known = pl.concat(sides, how="horizontal").with_columns(match=pl.col("left_entity_id") == pl.col("right_entity_id"))
    return known.select("left_source", "right_source", pl.col("^.*record_id$").name.replace("record_id", "id"), "match")


SIDES = ("left", "right")


def test_a_resolver_with_labels_says_the_same() -> None:
    """Its classifier is trained anew on the same labeled patterns."""
    pytest.importorskip("sklearn")
    made = customers(150, seed=4)
    found = ig.resolve(made.records, **KEYS, labels=labels(made))
    assert isinstance(found.resolver.matcher, ig.Supervised)
    shown = said(found.resolver.resolve(made.records, **KEYS))
    for again in restored(found.resolver):
        assert said(again.resolve(made.records, **KEYS)) == shown


def test_what_is_equal_has_one_hash() -> None:
    """Whatever the order of mappings, and whether numbers are written as whole ones."""
    one = ig.Resolver(
        ig.block_on("a"), [ig.similar("a", 0.5, 1)], fields={"a": fields.Email(), "b": fields.Url()}, keep=0
    )
    other = ig.Resolver(
        ig.block_on("a"), [ig.similar("a", 1.0, 0.5)], fields={"b": fields.Url(), "a": fields.Email()}, keep=0.0
    )
    assert one == other
    assert one.hash == other.hash


def test_a_resolver_pasted_from_its_repr_has_the_hash_of_the_inferred_one() -> None:
    """Notes do not count: what columns were recognized as, and warnings that are not given."""
    inferred = ig.Resolver.infer(people(), **KEYS)
    loud = attrs.evolve(ig.block_on("email") | ig.words_of("last_name"), strategies=())
    for quiet in (False, True):
        parts = tuple(attrs.evolve(each, quiet=quiet) for each in (ig.block_on("email"), ig.words_of("last_name")))
        changed = attrs.evolve(inferred, blocking=attrs.evolve(loud, strategies=parts), inferred=None)
        noted = attrs.evolve(changed, inferred=inferred.inferred)
        assert changed.hash == noted.hash == attrs.evolve(inferred, blocking=changed.blocking).hash
        assert ig.Resolver.from_dict(noted.to_dict()).inferred.columns == inferred.inferred.columns
        assert [each.quiet for each in ig.Resolver.from_dict(noted.to_dict()).blocking.strategies] == [quiet] * 2


def test_every_change_of_a_setting_changes_the_hash() -> None:
    found = learned("people").resolver
    settled = found.settled
    name = next(name for name, fact in settled.facts.items() if fact.table.height)
    fact = settled.facts[name]
    rarer = attrs.evolve(fact, table=fact.table.with_columns(pl.col("number") + 1))
    parameters = found.matcher.model.parameters
    finer = tuple(tuple(share * (1 + 2**-52) for share in level) for level in parameters.m)
    model = attrs.evolve(found.matcher.model, parameters=attrs.evolve(parameters, m=finer))
    reading = settled.reading
    changes: list[dict[str, Any]] = [
        {"blocking": found.blocking | ig.block_on("email", max_block=999)},
        {"comparators": found.comparators[::-1], "matcher": ig.FellegiSunter()},
        {"fields": {**found.fields, "more": fields.Url("email")}},
        {"matcher": attrs.evolve(found.matcher, model=model)},
        {"matcher": attrs.evolve(found.matcher, learned=None)},
        {"builder": graph.Components(0.5)},
        {"builder": graph.Components(0.5000000000000001)},
        {"namespaces": [ig.Namespace("email")]},
        {"namespaces": [ig.Namespace("email", limit=1)]},
        {"observed_at": "seen"},
        {"link": "across"},
        {"unique": True},
        {"keep": 0.005},
        {"seed": 1},
        {"settled": None},
        {"settled": attrs.evolve(settled, facts={})},
        {"settled": attrs.evolve(settled, facts={**settled.facts, name: rarer})},
        {"settled": attrs.evolve(settled, facts={**settled.facts, name: attrs.evolve(fact, total=fact.total + 1)})},
        {"settled": attrs.evolve(settled, reading=attrs.evolve(reading, fields={}))},
        {"settled": attrs.evolve(settled, origin=attrs.evolve(settled.origin, seed=1))},
    ]
    hashes = [found.hash, *(attrs.evolve(found, **change).hash for change in changes)]
    assert len(set(hashes)) == len(hashes)


def test_the_hash_is_the_same_in_every_process() -> None:
    code = "import identigraph as ig, json, sys; print(ig.Resolver.from_dict(json.load(sys.stdin)).hash)"
    data = json.dumps(learned("people").resolver.to_dict())
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=data,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert printed == {f"{learned('people').resolver.hash}\n"}


def test_data_of_a_resolver_hold_no_hash_of_their_own() -> None:
    """So that they cannot say one thing and be another: the hash is taken of what was read."""
    data = learned("people").resolver.to_dict()
    assert "hash" not in json.dumps(data)
    again = ig.Resolver.from_dict(data | {"seed": 7})
    assert again.hash != learned("people").resolver.hash
