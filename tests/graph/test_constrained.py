"""Constrained components, told in small stories."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from identigraph.errors import ConfigurationError, ContradictionError, RangeError
from identigraph.graph import (
    AverageLinkage,
    ClusterBuilder,
    Components,
    ConstrainedComponents,
    Generic,
    IdentityGraph,
    Namespace,
)
from identigraph.graph.constrained import Decided
from identigraph.graph.screening import CODES

LOGIN = Namespace("login", kind="login", limit=1)
COOKIE = Namespace("cookie", kind="cookie")
BORN = Namespace("born", kind="person", limit=1, linkable=False)
ALL = Components(0.5)

Story = dict[str, dict[str, Any]]


def graph_of(story: Story, *spaces: Namespace, **given: Any) -> IdentityGraph:
    """Return the graph of records by their names; times stand in the column "at"."""
    columns = sorted({column for cells in story.values() for column in cells})
    records = {"who": list(story)} | {c: [cells.get(c) for cells in story.values()] for c in columns}
    at = "at" if "at" in columns else None
    return IdentityGraph.of(records, id="who", namespaces=spaces, observed_at=at, **given)


def decided(graph: IdentityGraph, **settings: Any) -> Decided:
    """Return what constrained components make of a graph; all pairs from 0.5 on are links, unless told otherwise."""
    return ConstrainedComponents(**{"linkage": ALL, **settings}).decide(graph)


def entities(graph: IdentityGraph, **settings: Any) -> set[str]:
    """Return the entities, each as the names of its records in order."""
    found: dict[int, list[str]] = {}
    labels = decided(graph, **settings).clusters.labels.tolist()
    for name, label in zip(graph.keys.frame["record_id"].to_list(), labels, strict=True):
        found.setdefault(label, []).append(name)
    return {" ".join(names) for names in found.values()}


def said(*told: tuple[str, str, str]) -> dict[str, list[str]]:
    """Return judgements."""
    columns = ("left", "right", "judgement")
    return {column: [row[place] for row in told] for place, column in enumerate(columns)}


TABLET = {
    "ann": {"login": "ann", "cookie": "tablet", "at": 1},
    "bob": {"login": "bob", "cookie": "tablet", "at": 3},
    "nobody": {"cookie": "tablet", "at": 2},
}
OFTEN = TABLET | {f"ann{i}": {"login": "ann", "cookie": "tablet", "at": 0} for i in (2, 3)}


@pytest.mark.parametrize(
    ("policy", "once", "often"),
    [
        ("isolate", {"ann", "bob", "nobody"}, {"ann ann2 ann3 nobody", "bob"}),
        ("cap", {"ann nobody", "bob"}, {"ann ann2 ann3 nobody", "bob"}),
        ("newest", {"ann", "bob nobody"}, {"ann ann2 ann3", "bob nobody"}),
        ("oldest", {"ann nobody", "bob"}, {"ann ann2 ann3 nobody", "bob"}),
        ("refuse", {"ann nobody", "bob"}, {"ann ann2 ann3 nobody", "bob"}),
    ],
)
def test_two_people_who_log_in_on_one_tablet_stay_two(policy, once, often) -> None:
    """Whose the event without a login is, the policy says; three visits to one are clearly more."""
    tablet = Namespace("cookie", kind="cookie", policy=policy)
    assert entities(graph_of(TABLET, LOGIN, tablet)) == once
    assert entities(graph_of(OFTEN, LOGIN, tablet)) == often


def test_two_visits_to_one_are_not_clearly_more() -> None:
    twice = {name: OFTEN[name] for name in ("ann", "ann2", "bob", "nobody")}
    assert entities(graph_of(twice, LOGIN, COOKIE)) == {"ann ann2", "bob", "nobody"}
    assert entities(graph_of(twice, LOGIN, COOKIE), margin=0.5) == {"ann ann2 nobody", "bob"}


def test_what_was_refused_has_both_logins_as_its_witness() -> None:
    found = decided(graph_of(TABLET, LOGIN, COOKIE))
    (limit, verdict) = next((li, v) for li, v in zip(found.limits, found.verdicts, strict=True) if v.refused)
    assert limit.name == "login"
    values = found.screened[0].sightings.values
    assert [{values[code] for code in witness} for witness in verdict.refused.values()] == [{"ann", "bob"}]
    assert not found.taken.any()
    assert len(found.contested) == len(found.links) == 3


def test_without_a_limit_one_tablet_joins_all_unless_logins_are_protected() -> None:
    free = Namespace("login", kind="login")
    graph = graph_of(TABLET, free, COOKIE)
    assert entities(graph, protect=None, named_apart=False) == {"ann bob nobody"}
    assert entities(graph, named_apart=False) == entities(graph, protect=None) == {"ann", "bob", "nobody"}
    assert entities(graph, named_apart=False, protect=0.3) == {"ann", "bob", "nobody"}


def test_every_limit_is_kept_whatever_others_allow() -> None:
    graph = graph_of(TABLET, LOGIN, COOKIE)
    assert entities(graph, protect=None, named_apart=False, most_records=9) == {"ann", "bob", "nobody"}


@pytest.mark.parametrize(
    ("second", "expected"),
    [("b@x", {"ann1 ann2", "bob1 bob2"}), ("a@x", {"ann1 ann2 bob1 bob2"}), (None, {"ann1 ann2 bob1 bob2"})],
)
def test_a_tablet_joins_no_two_addresses_that_are_seen_more_than_once(second, expected) -> None:
    mail = Namespace("mail", kind="contact")
    story = {"ann1": {"mail": "a@x", "cookie": "tablet"}, "ann2": {"mail": "a@x", "cookie": "tablet"}}
    story |= {name: {"mail": second, "cookie": "tablet"} for name in ("bob1", "bob2")}
    assert entities(graph_of(story, mail, COOKIE)) == expected
    assert entities(graph_of(story, mail, COOKIE), named_apart=False) == {"ann1 ann2 bob1 bob2"}
    once = {name: story[name] | {"mail": name} for name in story}
    assert entities(graph_of(once, mail, COOKIE)) == {"ann1 ann2 bob1 bob2"}


def test_accounts_are_named_however_often_they_are_seen_and_other_evidence_joins_them() -> None:
    story = {name: {"card": name, "cookie": "tablet", "session": "s"} for name in ("ann", "bob")}
    card, session = Namespace("card", kind="account"), Namespace("session", kind="session")
    assert entities(graph_of(story, card, COOKIE)) == {"ann", "bob"}
    assert entities(graph_of(story, card, Namespace("cookie", kind="device"))) == {"ann", "bob"}
    assert entities(graph_of(story, card, session)) == {"ann bob"}
    assert entities(graph_of(story, card, session, COOKIE)) == {"ann bob"}


PATS: Story = {"pat": {}, "patricia": {"born": "1970-05-01"}, "patrick": {"born": "1972-03-07"}}


@pytest.mark.parametrize(
    ("patrick", "patricia", "expected"),
    [
        (0.9, 0.9, {"pat", "patricia", "patrick"}),
        (0.9, 0.88, {"pat", "patricia", "patrick"}),
        (0.9, 0.8, {"pat patrick", "patricia"}),
        (0.7, 0.95, {"pat patricia", "patrick"}),
    ],
)
def test_pat_is_with_neither_patrick_nor_patricia_unless_clearly_nearer_to_one(patrick, patricia, expected) -> None:
    graph = graph_of(PATS, BORN, edges=[("pat", "patrick", patrick), ("pat", "patricia", patricia)])
    assert entities(graph) == expected
    assert entities(graph, margin=10) == {"pat", "patricia", "patrick"}


def test_without_a_margin_pat_is_with_the_nearer_one() -> None:
    graph = graph_of(PATS, BORN, edges=[("pat", "patrick", 0.9), ("pat", "patricia", 0.88)])
    assert entities(graph, margin=None) == {"pat patrick", "patricia"}


def test_a_birth_date_keeps_apart_and_joins_nobody() -> None:
    same = {"ann": {"born": "1970-05-01"}, "eve": {"born": "1970-05-01"}}
    assert entities(graph_of(same, BORN)) == {"ann", "eve"}
    assert entities(graph_of(same, BORN, edges=[("ann", "eve", 0.9)])) == {"ann eve"}


def test_a_kiosk_links_nobody_and_a_shared_tablet_may() -> None:
    kiosk = {f"visit{i}": {"login": login, "kiosk": "k"} for i, login in enumerate(["ann", "bob", "cy", None, None])}
    wide = Namespace("kiosk", kind="device", max_entities=3, policy="cap")
    narrow = Namespace("kiosk", kind="device", max_entities=2, policy="cap")
    assert entities(graph_of(kiosk, LOGIN, narrow)) == set(kiosk)
    assert entities(graph_of(kiosk, LOGIN, wide)) == {"visit0 visit3 visit4", "visit1", "visit2"}


def test_a_recycled_number_links_who_had_it_at_one_time() -> None:
    phone = Namespace("phone", kind="contact", ttl=timedelta(days=365))
    day = 86_400
    story = {name: {"phone": "555", "at": at * day} for name, at in {"a1": 0, "a2": 300, "z1": 900, "z2": 1200}.items()}
    assert entities(graph_of(story, phone)) == {"a1 a2", "z1 z2"}
    assert entities(graph_of(story, Namespace("phone", kind="contact"))) == {"a1 a2 z1 z2"}


@pytest.mark.parametrize(("days", "expected"), [(30, {"card1", "card2"}), (10, {"card1 card2"})])
def test_a_window_limits_what_is_new_at_one_time(days, expected) -> None:
    """Two loyalty cards in one month are two people; a card replaced later is one."""
    card = Namespace("card", limit=1, window=timedelta(days=days))
    story = {f"card{i}": {"card": f"{i}", "cookie": "c", "at": i * 20 * 86_400} for i in (1, 2)}
    assert entities(graph_of(story, card, COOKIE), named_apart=False) == expected


def test_a_record_that_contradicts_itself_is_not_linked_by_it() -> None:
    story = {"ann": {"login": ["ann"]}, "both": {"login": ["ann", "bob"]}, "bob": {"login": ["bob"]}}
    found = graph_of(story, LOGIN)
    assert entities(found) == {"ann", "bob", "both"}
    assert sorted(CODES[fate] for fate in decided(found).screened[0].fate) == ["kept", "kept"] + ["self_conflict"] * 2


def test_values_that_say_nothing_link_nobody() -> None:
    story = {"a": {"login": "null"}, "b": {"login": "NULL"}, "c": {"login": "guest"}, "d": {"login": "guest"}}
    assert entities(graph_of(story, LOGIN)) == {"a", "b", "c", "d"}


def test_an_address_of_many_names_links_nobody_and_one_of_typing_errors_does() -> None:
    mail = Namespace("mail", kind="contact", generic=Generic("name", most=3))
    names = ["Ann", "Bob", "Cy", "Dora"]
    office = {f"o{i}": {"mail": "info@x", "name": name} for i, name in enumerate(names)}
    typos = {f"t{i}": {"mail": "a@x", "name": name} for i, name in enumerate(["Maria", "Marai", "Mria", "Maira"])}
    assert entities(graph_of(office | typos, mail)) == {"o0", "o1", "o2", "o3", "t0 t1 t2 t3"}


def test_a_cookie_never_displaces_a_login() -> None:
    """Both cookies link the phone to Bob, one login links it to Ann; logins go first."""
    story = {
        "ann": {"login": "ann"},
        "bob1": {"login": "bob", "cookie": "c1"},
        "bob2": {"login": "bob", "cookie": "c2"},
        "phone": {"login": "ann", "cookie": ["c1", "c2"]},
    }
    assert entities(graph_of(story, LOGIN, COOKIE)) == {"ann phone", "bob1 bob2"}
    assert entities(graph_of(story, COOKIE, LOGIN)) == {"ann phone", "bob1 bob2"}


def test_priorities_say_what_goes_first() -> None:
    """Pat's contract is Ann's and the pair says Bob; ids keep Ann and Bob apart."""
    story = {
        "ann": {"born": "1", "contract": "7"},
        "bob": {"born": "2"},
        "pat": {"contract": "7"},
    }
    contract = Namespace("contract", kind="account")
    graph = graph_of(story, BORN, contract, edges=[("bob", "pat", 0.99)])
    assert entities(graph) == {"ann pat", "bob"}
    assert entities(graph, priority=1) == {"ann", "bob pat"}


SPOUSES: Story = {"ann": {"login": "ann"}, "bob": {"login": "bob"}}
FREE = Namespace("login", kind="login")


@pytest.mark.parametrize(("weight", "expected"), [(0.95, {"ann", "bob"}), (0.99, {"ann bob"})])
def test_two_logins_are_joined_by_strong_pairs_alone(weight, expected) -> None:
    graph = graph_of(SPOUSES, FREE, edges=[("ann", "bob", weight)])
    assert entities(graph) == expected
    assert entities(graph, protect=None) == {"ann bob"}
    assert entities(graph, protect=0.95) == {"ann bob"}


def test_an_identifier_of_the_kind_itself_joins_two_logins() -> None:
    story = {"ann": {"login": "ann"}, "both": {"login": ["ann", "bob"]}, "bob": {"login": "bob"}}
    assert entities(graph_of(story, FREE)) == {"ann bob both"}


def test_an_account_joins_no_two_logins() -> None:
    story = {name: {"login": name, "card": "7"} for name in ("ann", "bob")}
    card = Namespace("card", kind="account")
    assert entities(graph_of(story, FREE, card)) == {"ann", "bob"}
    assert entities(graph_of(story, FREE, card), protect=None) == {"ann bob"}


@pytest.mark.parametrize("kinds", [("login", "person"), ("account", "account")])
def test_values_of_two_namespaces_name_two_and_what_is_set_aside_names_nobody(kinds) -> None:
    """Also where each is the first value of its namespace."""
    spaces = [Namespace(name, kind=kind) for name, kind in zip(("one", "other"), kinds, strict=True)]
    story = {"ann": {"one": "a", "cookie": "c"}, "bob": {"other": "b", "cookie": "c"}, "zoe": {"one": "z"}}
    assert entities(graph_of(story, *spaces, COOKIE)) == {"ann", "bob", "zoe"}
    story["bob"]["other"] = "null"
    assert entities(graph_of(story, *spaces, COOKIE)) == {"ann bob", "zoe"}


def test_what_was_refused_to_weak_evidence_is_joined_by_a_strong_pair_later() -> None:
    """Two addresses go first, and join none of four logins; then a pair joins two of them."""
    mails = {"ann": "x", "bob": "x", "cy": "y", "dora": "y"}
    story = {name: {"login": name, "mail": mail} for name, mail in mails.items()}
    graph = graph_of(story, FREE, Namespace("mail", kind="contact", priority=1), edges=[("ann", "cy", 0.999)])
    assert entities(graph) == {"ann cy", "bob", "dora"}


def test_two_lives_of_one_login_are_two_persons_to_weak_evidence() -> None:
    """Whether or not somebody else is near."""
    recycled = Namespace("login", kind="login", ttl=timedelta(seconds=5))
    story: Story = {"early": {"login": "ann", "at": 0}, "late": {"login": "ann", "at": 9}}
    edges = [("early", "late", 0.9)]
    assert entities(graph_of(story, recycled, edges=edges)) == {"early", "late"}
    near = story | {"other": {"login": "bob", "at": 0}}
    assert entities(graph_of(near, recycled, edges=[*edges, ("late", "other", 0.6)])) == {"early", "late", "other"}


def test_must_links_override_limits_and_bring_what_they_carry() -> None:
    graph = graph_of(TABLET, LOGIN, COOKIE, judgements=said(("ann", "bob", "must_link")))
    assert entities(graph) == {"ann bob nobody"}


def test_cannot_links_keep_apart_and_unsure_does_nothing() -> None:
    edges = [("a", "b", 0.99), ("b", "c", 0.9)]
    never = said(("a", "c", "cannot_link"), ("a", "b", "unsure"))
    story: Story = {"a": {}, "b": {}, "c": {}}
    assert entities(graph_of(story, edges=edges)) == {"a b c"}
    assert entities(graph_of(story, edges=edges, judgements=never)) == {"a b", "c"}


def test_records_that_share_a_login_are_kept_apart_by_judgements_and_sources_alike() -> None:
    story = {"a": {"login": "ann"}, "b": {"login": "ann"}}
    assert entities(graph_of(story, LOGIN, judgements=said(("a", "b", "cannot_link")))) == {"a", "b"}
    rows = {"who": ["a", "b"], "login": ["ann", "ann"], "from": ["crm", "crm"]}
    graph = IdentityGraph.of(rows, id="who", source="from", namespaces=[LOGIN], one_per_source=True)
    assert entities(graph) == {"a", "b"}


def test_a_contradiction_is_an_error_that_names_the_records() -> None:
    both = said(("ann", "bob", "must_link"), ("bob", "nobody", "must_link"), ("nobody", "ann", "cannot_link"))
    with pytest.raises(ContradictionError, match="ann") as caught:
        graph_of(TABLET, judgements=both)
    assert "nobody" in str(caught.value)


def test_an_entity_grows_no_larger_than_asked_for() -> None:
    edges = [("a", "b", 0.99), ("b", "c", 0.9), ("c", "d", 0.99)]
    graph = IdentityGraph.of(edges=edges)
    assert entities(graph, most_records=3) == {"a b", "c d"}
    assert entities(graph, most_records=4) == {"a b c d"}
    assert entities(graph, most_records=1) == {"a", "b", "c", "d"}


def test_of_each_source_there_is_one_record() -> None:
    rows = {"who": ["a1", "a2", "b1"], "from": ["a", "a", "b"]}
    edges = {"left": ["a1", "a2"], "right": ["b1", "b1"], "left_source": ["a"] * 2, "right_source": ["b"] * 2}
    for weights, expected in (((0.9, 0.6), {"a1 b1", "a2"}), ((0.6, 0.9), {"a1", "a2 b1"}), ((0.9, 0.9), None)):
        told = edges | {"weight": weights}
        graph = IdentityGraph.of(rows, id="who", source="from", edges=told, one_per_source=True)
        assert entities(graph, linkage=AverageLinkage()) == (expected or {"a1 b1", "a2"})


def test_a_pair_at_the_threshold_is_a_link() -> None:
    """0.9 is a little less than 0.9 in the precision of scored pairs."""
    for weight in (0.7, 0.9, 0.95):
        assert entities(IdentityGraph.of(edges=[("a", "b", weight)]), linkage=Components(weight)) == {"a b"}


def test_a_pair_below_the_threshold_is_no_link_though_others_join_its_records() -> None:
    graph = IdentityGraph.of(edges=[("a", "b", 0.95), ("b", "c", 0.95), ("a", "c", 0.6)])
    assert len(decided(graph, linkage=Components(0.9)).links) == 2


def test_pairs_count_inside_the_clusters_of_the_linkage() -> None:
    """One wrong pair joins two families under components, and not under average linkage."""
    edges = [("a1", "a2", 0.99), ("b1", "b2", 0.99), ("a1", "b1", 0.9)]
    assert entities(IdentityGraph.of(edges=edges)) == {"a1 a2 b1 b2"}
    assert entities(IdentityGraph.of(edges=edges), linkage=AverageLinkage()) == {"a1 a2", "b1 b2"}


def test_an_empty_graph_has_no_entity() -> None:
    assert entities(IdentityGraph.of()) == set()


def test_it_is_a_cluster_builder_and_a_value() -> None:
    assert isinstance(ConstrainedComponents(), ClusterBuilder)
    assert ConstrainedComponents(margin=2) == ConstrainedComponents(margin=2)
    assert repr(ConstrainedComponents(margin=None)) == "ConstrainedComponents(margin=None)"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"linkage": Components}, ConfigurationError),
        ({"linkage": "average"}, ConfigurationError),
        ({"priority": "first"}, ConfigurationError),
        ({"priority": None}, ConfigurationError),
        ({"priority": True}, ConfigurationError),
        ({"margin": -1}, RangeError),
        ({"margin": float("nan")}, RangeError),
        ({"margin": "wide"}, RangeError),
        ({"most_records": 0}, RangeError),
        ({"most_records": 1.5}, ConfigurationError),
        ({"protect": 1.5}, RangeError),
        ({"protect": "yes"}, RangeError),
    ],
)
def test_what_makes_no_sense_is_told(wrong, error) -> None:
    with pytest.raises(error, match=next(iter(wrong))):
        ConstrainedComponents(**wrong)


TWO = ["ann1", "ann2", "lee1", "lee2"]
WEDDED = [("ann1", "ann2", 0.99), ("lee1", "lee2", 0.99), ("ann1", "lee1", 0.01), ("ann2", "lee2", 0.01)]


@pytest.mark.parametrize("linkage", [AverageLinkage(0.5), Components(0.5)])
def test_a_must_link_between_two_entities_joins_both_wholly(linkage: Any) -> None:
    """Though the pairs between them speak against it: a record is not torn from those it was with."""
    told = said(("ann2", "lee1", "must_link"))
    apart = IdentityGraph.of({"who": TWO}, id="who", edges=WEDDED)
    joined = IdentityGraph.of({"who": TWO}, id="who", edges=WEDDED, judgements=told)
    assert entities(apart, linkage=linkage) == {"ann1 ann2", "lee1 lee2"}
    assert entities(joined, linkage=linkage) == {"ann1 ann2 lee1 lee2"}


def test_a_must_link_between_two_entities_is_still_bound_by_a_cannot_link() -> None:
    """The judged records are together; those that must not be are apart."""
    told = said(("ann2", "lee1", "must_link"), ("ann1", "lee2", "cannot_link"))
    graph = IdentityGraph.of({"who": TWO}, id="who", edges=WEDDED, judgements=told)
    found = [set(entity.split()) for entity in entities(graph, linkage=AverageLinkage(0.5))]
    assert any({"ann2", "lee1"} <= entity for entity in found)
    assert not any({"ann1", "lee2"} <= entity for entity in found)


def test_a_must_link_and_a_cannot_link_of_the_same_records_are_refused() -> None:
    told = said(("ann2", "lee1", "must_link"), ("lee1", "ann2", "cannot_link"))
    with pytest.raises(ContradictionError):
        IdentityGraph.of({"who": TWO}, id="who", edges=WEDDED, judgements=told)


def test_a_cannot_link_to_another_envelope_changes_nothing() -> None:
    """What hangs on two that are apart belongs to neither, whatever else it is not."""
    edges = [("a", "b", 0.99), ("b", "c", 0.99), ("a", "d", 0.97), ("b", "d", 0.97), ("x", "y", 0.99)]
    told = said(("a", "c", "must_link"), ("b", "c", "cannot_link"), ("d", "x", "cannot_link"))
    for count in (2, 3):
        judgements = {name: column[:count] for name, column in told.items()}
        graph = graph_of({name: {} for name in "abcdxy"}, edges=edges, judgements=judgements)
        assert entities(graph, linkage=Components(0.5)) == {"a c", "b", "d", "x y"}
