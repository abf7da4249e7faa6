"""Laws of persistent ids: one to one, free of order, replayable, and a merge that is undone leaves no trace."""

from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st
from made_histories import (
    KEYS,
    MONDAY,
    Diary,
    Key,
    Partition,
    factory,
    groups,
    histories,
    ids_of,
    lived,
    partitions,
    table,
    weigh_by,
    weights,
)

from identigraph.identity import Events, Live, Redirect, Register, Retired, Split, assign, assign_ids, replay
from identigraph.identity.events import KINDS

JOINS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=3)
PINS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["P", "Q", "n1", "n2"]), max_size=2)
Area = tuple[list[frozenset[Key]], list[Key], set[str]]


def check(register: Register) -> None:
    """Check what is true of every register."""
    live = {i for i, known in register.issued.items() if known.status == Live()}
    assert live == set(register.entities)
    held = {key: i for i, keys in register.entities.items() for key in keys}
    assert held == {key: ids[-1] for key, ids in register.present.items()}
    assert all(keys == tuple(sorted(keys)) and keys for keys in register.entities.values())
    assert not register.present.keys() & register.left.keys()
    for ids in register.present.values():
        assert len(set(ids)) == len(ids)
        assert [register.resolve(i) for i in ids] == [Redirect(ids[-1])] * (len(ids) - 1) + [Live()]
    for entity_id in register.issued:
        status = register.resolve(entity_id)
        assert isinstance(status, Live | Redirect | Split | Retired)
        ends = (
            status.shares if isinstance(status, Split) else [status.entity_id] if isinstance(status, Redirect) else []
        )
        assert live.issuperset(ends)
        assert not isinstance(status, Split) or (len(ends) > 1 and 0 < sum(status.shares.values()) < 1 + 1e-9)


@given(histories(), weights())
def test_each_cluster_has_one_id_and_each_id_one_cluster(history, weigh) -> None:
    """And each id ever issued is live, or leads to what is, in one step."""
    diary = lived(history, weigh)
    for day, partition in zip(diary.days, history, strict=True):
        assert set(ids_of(day)) == set(partition)
        assert groups(ids_of(day)) == groups(partition)
        assert set(map(frozenset, day.register.entities.values())) == groups(partition)
        check(day.register)


@given(partitions(), partitions(), weights())
def test_the_heaviest_overlap_of_two_crosswalks_goes_first(before, after, weigh) -> None:
    """As a slow plain version says, where nothing was merged before."""
    previous = {**table(before), "entity_id": [f"id {label}" for label in before.values()]}
    found = ids_of(assign_ids(table(after), previous=previous, weights=weigh, factory=factory()))
    parts = sorted(map(sorted, groups(after)))
    owners = plain_owners(before, parts, weigh)
    assert {number: found[part[0]] for number, part in enumerate(parts) if found[part[0]].startswith("id")} == owners


def plain_owners(before: Partition, parts: list[list[Key]], by_source: dict[str, float]) -> dict[int, str]:
    """Return the old id of each cluster that has one, by comparing all with all."""
    weigh = weigh_by(by_source)
    overlaps = []
    for label in set(before.values()):
        shared = [[key for key in part if before.get(key) == label] for part in parts]
        has_weight = any(weigh(key) for keys in shared for key in keys)
        for number, keys in enumerate(shared):
            is_weighty = any(weigh(key) for key in parts[number] if key in before)
            weight = sum(map(weigh, keys)) if has_weight else 0 if is_weighty else len(keys)
            overlaps += [(-weight, f"id {label}", number)] if weight else []
    owners: dict[int, str] = {}
    for _, entity_id, number in sorted(overlaps):
        if number not in owners and entity_id not in owners.values():
            owners[number] = entity_id
    return owners


@given(histories(), weights())
def test_the_same_twice_is_no_event_and_no_jitter(history, weigh) -> None:
    diary = lived(history, weigh)
    before = diary.register
    again = diary.add(history[-1])
    assert (again.events, again.register, again.jitter.share) == (Events(), before, 0)


@given(histories(), weights())
def test_replaying_the_events_rebuilds_crosswalk_and_register(history, weigh) -> None:
    diary = lived(history, weigh)
    found = replay(diary.events)
    assert found == diary.register
    assert found.crosswalk.to_polars().equals(diary.register.crosswalk.to_polars())
    half = diary.days[len(history) // 2].register
    later = Events(tuple(event for event in diary.events if event.change > half.change))
    assert replay(later, register=half) == diary.register


@given(histories(), weights())
def test_events_and_registers_come_back_from_their_tables(history, weigh) -> None:
    diary = lived(history, weigh)
    assert Events.of(diary.events.table) == diary.events
    found = diary.register
    assert Register.of(found.records, ids=found.ids) == found


@given(histories(), weights(), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_names_of_clusters_leave_a_trace(history, weigh, random) -> None:
    names = random.sample(range(10), 4)
    shuffled = [
        {key: names[partition[key]] for key in random.sample(list(partition), len(partition))} for partition in history
    ]
    one, other = lived(history, weigh), lived(shuffled, weigh)
    assert one.events == other.events
    assert one.register == other.register


@given(histories(), weights())
def test_events_stand_in_an_order_that_no_set_decides(history, weigh) -> None:
    """By kind; what came to entities by their first records, all else by ids; records in order."""
    for day in lived(history, weigh).days:
        told = [KINDS.index(event.kind) for event in day.events]
        assert told == sorted(told)
        assert all(list(event.records) == sorted(event.records) for event in day.events)
        for kind in day.events.counts:
            events = day.events.of_kind(kind)
            if kind in ("created", "revived", "grew", "moved"):
                order = [day.register.entities[event.entity_id] for event in events]
            elif kind == "redirected":
                order = [event.other_ids for event in events]
            else:
                order = [event.entity_id for event in events]
            assert order == sorted(order)
        assert all(list(event.other_ids) == sorted(event.other_ids) for event in day.events.of_kind("merged"))


@given(histories(3), weights().filter(lambda w: w["web"] > 0), partitions(0), JOINS, JOINS, JOINS)
def test_merges_that_are_undone_restore_every_id(history, weigh, partition, joins, more, others) -> None:
    """At once or one after the other, in the order of the merges or in another."""
    diary = lived(history, weigh)
    ids = ids_of(diary.add(partition))
    merged = coarser(partition, joins)
    wholly = coarser(merged, more)
    assert set(ids_of(diary.add(merged)).values()) <= set(ids.values())
    assert set(ids_of(diary.add(wholly)).values()) <= set(ids.values())
    between = [side for side in (coarser(partition, others), merged) if is_finer(side, wholly)]
    for step in (*between[:1], partition):
        diary.add(step)
        check(diary.register)
    assert ids_of(diary.days[-1]) == ids


def coarser(partition: Partition, joins: list[tuple[int, int]]) -> dict[Key, int]:
    """Return a partition some of whose clusters are joined."""
    found = dict(partition)
    for left, right in joins:
        found = {key: left if label == right else label for key, label in found.items()}
    return found


def is_finer(partition: Partition, other: Partition) -> bool:
    """Return whether each cluster of a partition is within one of another."""
    return all(any(group <= whole for whole in groups(other)) for group in groups(partition))


@given(histories(6), weights())
def test_no_id_is_issued_twice_or_given_to_strangers(history, weigh) -> None:
    """Ids are created once; an id goes on, or is live again, only with a record that it was given to."""
    diary = lived(history, weigh)
    created = [event.entity_id for event in diary.events.of_kind("created")]
    assert len(set(created)) == len(created) == len(diary.register.issued)
    had: dict[str, set[Key]] = {}
    for day in diary.days:
        for entity_id, records in day.register.entities.items():
            assert had.setdefault(entity_id, set(records)) & set(records)
            had[entity_id] |= set(records)


@given(histories(4), partitions(), partitions(), partitions())
def test_records_of_weight_zero_take_no_id(history, weighty, rest, other) -> None:
    """Whatever they do, entities with records of weight that were there before go on with the same ids."""
    register = lived(history, {"web": 0}).register
    crm = {key: label for key, label in weighty.items() if key[0] == "crm"}
    found = []
    for web in (rest, other):
        partition = {**crm, **{key: label for key, label in web.items() if key[0] == "web"}}
        found.append(ids_of(Diary({"web": 0}, factory("new "), register).add(partition)))
    for key in crm.keys() & register.present.keys():
        one, another = (ids[key] for ids in found)
        assert one == another or (one not in register and another not in register)


@given(histories(3), weights(), partitions(), st.randoms(use_true_random=False))
def test_areas_by_themselves_give_what_they_give_together(history, weigh, partition, random) -> None:
    diary = lived(history, weigh)
    before = diary.register
    together = ids_of(diary.add(partition))
    areas = areas_of(before, partition)
    random.shuffle(areas)
    found, make = before.copy(), factory("other ")
    for clusters, gone, _ in areas:
        found.apply(assign(found, clusters, gone=gone, weigh=weigh_by(weigh), at=MONDAY, factory=make))
        check(found)
    alone = {key: ids[-1] for key, ids in found.present.items()}
    assert groups(alone) == groups(together)
    for key, entity_id in together.items():
        assert alone[key] == entity_id or (entity_id not in before and alone[key] not in before)


def areas_of(register: Register, partition: Partition) -> list[Area]:
    """Return the smallest areas: clusters and records that left, as far as ids tie them together; and these ids."""
    areas: list[Area] = []
    parts = [([group], list[Key]()) for group in groups(partition)]
    parts += [([], [key]) for key in register.present if key not in partition]
    for clusters, gone in parts:
        keys = [*chain(*clusters), *gone]
        tied = {i for key in keys for i in register.present.get(key, ()) + register.left.get(key, ())}
        touching = [area for area in areas if area[2] & tied]
        areas = [area for area in areas if not area[2] & tied]
        every_cluster, every_gone, every_id = zip((clusters, gone, tied), *touching, strict=True)
        areas.append(([*chain(*every_cluster)], [*chain(*every_gone)], set().union(*every_id)))
    return areas


@given(histories(), weights(), st.sets(st.sampled_from(KEYS), min_size=1), partitions())
def test_erased_records_are_as_if_they_had_never_been_named(history, weigh, chosen, partition) -> None:
    diary = lived(history, weigh)
    register = diary.register.copy()
    keys = chosen & (register.present.keys() | register.left.keys())
    told = register.erase(keys, at=MONDAY)
    assert not any(event.records for event in told)
    assert not keys & (register.present.keys() | register.left.keys())
    scrubbed = diary.events.without(keys) + told
    assert not any(keys & set(event.records) for event in scrubbed)
    assert replay(scrubbed) == register
    erased = {event.entity_id for event in told.of_kind("erased")}
    later = Diary(weigh, diary.make, register).add(partition)
    assert not erased & set(later.register.entities)


@given(histories(), weights())
def test_the_records_that_change_are_told(history, weigh) -> None:
    """`Register.apply` returns those whose chain or presence differs."""
    found = Register()
    for day in lived(history, weigh).days:
        before = found.copy()
        told = found.apply(day.events)
        keys = found.present.keys() | before.present.keys()
        assert told == {key for key in keys if before.present.get(key) != found.present.get(key)}


@given(histories(), weights(), PINS)
def test_pinned_records_are_in_an_entity_of_that_id(history, weigh, pins) -> None:
    diary = lived(history, weigh)
    partition = history[-1]
    labels = [partition.get(key, key) for key in pins]
    if len(set(labels)) == len(labels) == len(set(pins.values())):
        pinned = diary.add(partition, pins=pins)
        assert {key: ids_of(pinned)[key] for key in pins if key in partition}.items() <= pins.items()
        assert groups(ids_of(pinned)) == groups(partition)
        check(pinned.register)
        assert replay(diary.events) == pinned.register
        assert diary.add(partition, pins=pins).events == Events()
