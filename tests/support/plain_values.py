"""Values of every strategy, comparator, kind of field, matcher, builder and namespace of the public face."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import attrs
import numpy as np

import identigraph as ig
from identigraph import blocking, comparing, fields, graph, matching
from identigraph.comparing import measures
from identigraph.fields import derived

FACES = (ig, blocking, comparing, measures, fields, graph, matching)

VECTORS = np.array([[1.0, 0.1], [np.nan, np.nan], [0.0, -0.0]])
CENSUS = comparing.Frequencies.of({"smith": 900, "zbigniew": 1})
LAYOUT = comparing.Layout(("name", "mail"), (("differs", "similar", "equal"), ("differs", "equal")))
PARAMETERS = matching.Parameters(
    names=LAYOUT.names,
    labels=LAYOUT.labels,
    m=((0.1, 0.2, 0.7), (0.3, 0.7)),
    h=((0.5, 0.25, 0.25), (0.5, 0.5)),
    u=((0.9, 1e-300, 0.1), (1 / 3, 2 / 3)),
    prior_same=5e-7,
    prior_household=0.0,
    prior_others=0.5,
    iterations=7,
    converged=True,
)
TOLD = matching.FellegiSunter(("mail",), ["name"], prior=0.01, interactions=[("name", "mail")], parameters=PARAMETERS)
RULES = matching.Rules([matching.rule({"mail": "equal"}, "match", name="same mail", probability=0.9)], "possible")

DERIVED: dict[str, tuple[Any, ...]] = {
    name: (getattr(derived, name)(*(("name", 3) if name in {"prefix", "suffix", "digits_suffix"} else ("name",))),)
    for name in derived.FUNCTIONS
}
STRATEGIES: dict[str, tuple[Any, ...]] = {
    "all_pairs": (ig.all_pairs(),),
    "no_pairs": (ig.no_pairs(),),
    "block_on": (
        ig.block_on("mail"),
        ig.block_on("mail", ig.soundex(ig.first_token("name")), max_block=9, hot="split", split_by=("town", "mail")),
        attrs.evolve(ig.block_on("mail", hot="skip"), quiet=True),
    ),
    "Union": (ig.block_on("a") | ig.block_on("b") | ig.all_pairs(),),
    "Intersection": (ig.block_on("a") & (ig.block_on("b") | ig.block_on("c")),),
    "Difference": (ig.block_on("a") - ig.block_on("b"),),
    "any_shared": (blocking.any_shared("tags"), blocking.any_shared("tags", separator=";", max_block=7)),
    "words_of": (ig.words_of("title", "name"), ig.words_of("title", keep=0.8, max_block=9)),
    "qgrams_of": (blocking.qgrams_of("title"), blocking.qgrams_of("title", q=3)),
    "suffixes_of": (blocking.suffixes_of("title"),),
    "sorted_neighborhood": (blocking.sorted_neighborhood("name", "town", window=5),),
    "adaptive_neighborhood": (blocking.adaptive_neighborhood("name", similarity=0.75),),
    "within_time": (blocking.within_time("at", hours=1.5),),
    "within_distance": (blocking.within_distance("lat", "lon", kilometers=0.3),),
    "minhash": (blocking.minhash("title", unit="words"), blocking.minhash("title", similarity=0.7, seed=3)),
    "simhash": (blocking.simhash("title", unit=4),),
    "top_k": (ig.top_k("title", k=3), ig.top_k("title", "name", across=True, min_similarity=0.25)),
    "canopies": (blocking.canopies("title", loose=0.3, tight=0.7, seed=2),),
    "nearest": (blocking.nearest(VECTORS, k=2, metric="euclidean", exact=True),),
    "meta_blocking": (blocking.meta_blocking(ig.words_of("title"), weight="ecbs"),),
    "given_pairs": (blocking.given_pairs([(7, 8), (9, 7)]),),
}
COMPARATORS: dict[str, tuple[Any, ...]] = {
    "exact": (comparing.exact("mail"), comparing.exact("name", frequency=CENSUS)),
    "similar": (comparing.similar(ig.prefix("name", 4), 0.7, 0.9, frequency=False),),
    "typos": (comparing.typos("code", 3),),
    "text": (comparing.text("title", 0.1, 2 / 3, spelling=True),),
    "sounds": (comparing.sounds("name", "cologne", "soundex"),),
    "date": (comparing.date("born"),),
    "year": (comparing.year("born", 2),),
    "age": (comparing.age("age"),),
    "number": (comparing.number("price", relative=(0.05,), absolute=(1.0, 5)),),
    "distance": (comparing.distance("lat", "lon", 0.1, 5),),
    "shared": (comparing.shared("tags", 0.5, coefficient="dice", separator=";"), comparing.shared("tags")),
    "category": (comparing.category("status", {("married", "single"): 0.3, ("a", "b"): 1.0}, 0.2),),
    "vectors": (comparing.vectors("meaning", VECTORS, 0.5),),
    "address": (comparing.address("address"),),
    "email": (comparing.email("mail"), comparing.email("mail", names=("name.given", "name.family"))),
    "family_name": (comparing.family_name("family", given="given", middle="middle"), comparing.family_name("family")),
    "given_name": (comparing.given_name("given", family="family", middle="middle"), comparing.given_name("given")),
    "identifier": (comparing.identifier("vat"), comparing.identifier("isbn", scheme="isbn")),
    "model_numbers": (comparing.model_numbers("title"),),
    "money": (comparing.money("price"),),
    "organisation_name": (comparing.organisation_name("firm"),),
    "person_name": (comparing.person_name("name"),),
    "phone": (comparing.phone("phone"),),
    "postcode": (comparing.postcode("postcode"),),
    "url": (comparing.url("site"),),
    "NameInMail": (comparing.Measured("m", comparing.NameInMail("mail.local", ("given", "family"))),),
    "RestOfMail": (comparing.Measured("mail.rest", comparing.RestOfMail("mail")),),
    "Carriers": (
        attrs.evolve(comparing.exact("phone"), shared_by=comparing.Carriers("given", "family", homes=("address",))),
    ),
    "measured": (
        comparing.measured("title", measures.qgram_dice, 0.8, q=3),
        comparing.measured("title", measures.soft_tfidf, cutoff=0.85),
        comparing.Graded("a", "a", (comparing.SharedWord("a"),), measure=comparing.JaroWinkler("a", (0.5,))),
        comparing.Graded("a", "a", (comparing.Different("b", "other b"), comparing.Acronym("a", ig.initials("a")))),
    ),
    "Comparison": (ig.Comparison([ig.similar("name"), ig.exact("mail")]),),
}
MEASURES: dict[str, tuple[Any, ...]] = {
    name: (comparing.TextMeasure("title", getattr(measures, name), (0.5,), label="alike"),)
    for name in measures.__all__
    if name not in {"Measure", "each_pair", "measure"}
}
KINDS: dict[str, tuple[Any, ...]] = {
    "Address": (fields.Address(street="s", number="n", country="c"), fields.Address()),
    "Category": (fields.Category(), fields.Category("c", synonyms={"USA": "United States", "uk": "Britain"})),
    "Date": (fields.Date(order="MDY", pivot=40), fields.Date(order=fields.Orders(month_first="/", slips="-"))),
    "Email": (fields.Email("e"),),
    "FreeText": (fields.FreeText(),),
    "Identifier": (fields.Identifier("i", scheme="isbn"),),
    "Money": (fields.Money(currency="EUR"),),
    "Number": (fields.Number("n", decimal_mark=","),),
    "Organisation": (fields.Organisation(),),
    "PersonName": (fields.PersonName(given="g", family="f"), fields.PersonName(family_first=True)),
    "Phone": (fields.Phone(region="GB"),),
    "Postcode": (fields.Postcode(country="GB"),),
    "Url": (fields.Url("u"),),
}
MATCHERS: dict[str, tuple[Any, ...]] = {
    "FellegiSunter": (
        matching.FellegiSunter(),
        TOLD,
        matching.FellegiSunter(
            editions=("name",),
            fixed={"mail": {"u": (0.9, 0.1)}},
            definite=[{"mail": "equal"}],
            veto=[matching.when(name="differs")],
            strength=3,
        ),
    ),
    "Rules": (RULES, matching.Rules([])),
    "Linear": (
        matching.Linear([ig.Points("mail", 5, levels={"equal": 1 / 3}, group="g"), ig.Points("name", 2)], 4.5, 0.1),
        matching.Linear([ig.Points("mail", 3, group="g")], 2, caps={"g": 4}),
    ),
    "SelfTrained": (matching.SelfTrained(), matching.SelfTrained(TOLD)),
    "Supervised": (matching.Supervised(), matching.Supervised(None, folds=3, seed=9)),
    "Combined": (matching.Combined(RULES, matching.Combined(RULES, TOLD)),),
}
BUILDERS: dict[str, tuple[Any, ...]] = {
    "AverageLinkage": (graph.AverageLinkage(), graph.AverageLinkage(1 / 3, unseen=-4, limit=12.5)),
    "BridgeCutting": (graph.BridgeCutting(weak=0.8, smallest=3),),
    "Center": (graph.Center(0.7),),
    "Communities": (graph.Communities("greedy_modularity", seed=4),),
    "Components": (graph.Components(threshold=0.75),),
    "ConstrainedComponents": (
        graph.ConstrainedComponents(),
        graph.ConstrainedComponents(linkage=graph.Components(0.6), margin=None, most_records=100, protect=0.9),
        graph.ConstrainedComponents(linkage=graph.AverageLinkage(0.61)),
    ),
    "CorrelationClustering": (graph.CorrelationClustering(rounds=3),),
    "Hierarchical": (graph.Hierarchical("complete", 0.9),),
    "Markov": (graph.Markov(1.5),),
    "MergeCenter": (graph.MergeCenter(),),
    "OnePerSource": (graph.OnePerSource(exact=True),),
    "OneToOne": (graph.OneToOne(exact=False),),
    "Star": (graph.Star(),),
}
NAMESPACES: dict[str, tuple[Any, ...]] = {
    "Namespace": (
        graph.Namespace("login", kind="login", limit=1),
        graph.Namespace(
            "phone",
            kind="contact",
            limit=2,
            window=timedelta(days=3, microseconds=7),
            ttl=timedelta(days=400),
            blocked=["x", re.compile(r"0+", re.IGNORECASE)],
            normalize=fields.Phone(region="GB"),
            generic=graph.Generic("given", most=3),
            policy="newest",
        ),
    ),
}
EXAMPLES: Mapping[str, tuple[Any, ...]] = {
    **DERIVED,
    **STRATEGIES,
    **MEASURES,
    **COMPARATORS,
    **KINDS,
    **MATCHERS,
    **BUILDERS,
    **NAMESPACES,
    "year": (*COMPARATORS["year"], *DERIVED["year"]),
    "Resolver": (
        ig.Resolver(ig.block_on("mail"), [ig.exact("mail")]),
        ig.Resolver(
            STRATEGIES["Difference"][0],
            [*COMPARATORS["similar"], *COMPARATORS["date"], *COMPARATORS["shared"][:1]],
            fields={"mail": fields.Email(), "name": fields.PersonName(full="n")},
            builder=graph.OneToOne(0.8),
            namespaces=NAMESPACES["Namespace"],
            observed_at="at",
            link="across",
            unique=True,
            keep=0.01,
            seed=3,
        ),
    ),
}
"""Values by the public name that makes them; the names of classes that occur inside of others are left out."""

NO_SETTINGS = {
    *("Analysis", "BlockReport", "BlockingStrategy", "Candidates", "analyze", "learn_blocking"),
    *("Agreement", "Comparator", "Comparisons", "ContactProfile", "Grader", "Measuring", "Patterns", "Pattern"),
    *("Quantified", "compare", "cosine", "haversine", "measures", "profile_contacts", "scored_by", "Layout"),
    *("Measure", "each_pair", "measure", "CheckedKind", "FieldKind", "SettlingKind"),
    *("Answer", "ClusterBuilder", "Clusters", "Evidence", "IdentityGraph", "Judgements", "Relations", "ScoredPairs"),
    *("Standing", "check_probability", "connected_components", "from_dict", "from_networkx", "how", "read_json"),
    *("relations", "standing", "to_dict", "to_networkx", "why", "write_graphml", "write_json"),
    *("Store", "Explanation", "Labeled", "Labels", "Link", "Matcher", "Population", "matcher_from", "model_of"),
    *("parameters_of", "rule", "when", "IdentigraphError", "IdentigraphWarning", "JudgementLog", "Pairs", "Records"),
    *("Register", "Resolution", "assign_ids", "audit", "audit_sample", "blocking", "comparing", "derive", "diff"),
    *("errors", "evaluate", "fields", "graph", "identity", "kits", "matching", "metrics", "profiles", "resolve"),
    "plain",
    "suggest_labels",
}
"""Public names that are no settings of a resolver: what takes and makes records, what comes out, protocols, rooms; and
what takes functions of the caller's own, which are no plain data."""


def inside(value: Any) -> Iterator[Any]:
    """Yield a value and all attrs values inside of it."""
    if attrs.has(type(value)):
        yield value
        for field in attrs.fields(type(value)):
            yield from inside(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from inside(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from inside(item)


EVERY = [value for values in EXAMPLES.values() for value in values]
CLASSES = {type(value) for each in EVERY for value in inside(each)}
