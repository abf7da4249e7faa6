"""Identity graphs as plain data and as files: JSON to keep them, GraphML to draw them elsewhere.

Plain data are columns of texts and numbers under the names of their parts, with a version. They hold the values of
records: keep them where you keep those. `normalize` is the one rule that is not kept: values are normalized already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sized
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import Codes, Encoded, encode
from identigraph.errors import ConfigurationError
from identigraph.graph.clusters import Clusters, ScoredPairs
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.judgements import Judgements, judged, read_verdicts
from identigraph.graph.keys import ENDS, KEY, Keys
from identigraph.graph.lazy_networkx import networkx
from identigraph.graph.namespaces import Namespace, rules_of
from identigraph.graph.network_parts import TOLD
from identigraph.graph.networks import VERSION, check_version, judgement_table, to_networkx
from identigraph.graph.sightings import NEVER, Sightings

Ints = npt.NDArray[np.int64]
Data = Mapping[str, Any]

FORMAT = "identigraph identity graph"
WEIGHTS = ("match_weight", "match_probability")
PARTS: Mapping[str, tuple[str, ...]] = {
    "records": (*KEY, "apart", "attributes"),
    "scored": (*ENDS, *WEIGHTS),
    "judgements": (*ENDS, "judgement"),
}
"""The tables of a graph, and the columns each of them has."""
SEEN = ("namespace", "values", "record", "value", "observed_at")
NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_dict(graph: IdentityGraph) -> dict[str, Any]:
    """Return a graph as plain data: columns by the names of their tables, namespaces with what was seen of them.

    Records are named by their places, values by their places among the values of their namespace (-1: could not be
    normalized), times are microseconds since 1970. What was told with judgements and is neither text, number nor
    boolean is written as text.

    Examples:
        >>> plain = to_dict(IdentityGraph.of(edges=[("b", "a", 0.75)]))
        >>> plain["records"]["record_id"], plain["scored"]["match_probability"]
        (['a', 'b'], [0.75])
    """
    keys, scored = graph.keys.frame.select(KEY), graph.scored
    return {
        "format": FORMAT,
        "version": VERSION,
        "records": {
            **keys.to_dict(as_series=False),
            "apart": None if graph.apart is None else graph.apart.tolist(),
            "attributes": {name: column.decoded().to_list() for name, column in graph.attributes.items()},
        },
        "scored": {name: getattr(scored, name).tolist() for name in PARTS["scored"]},
        "namespaces": [_seen(seen) for seen in graph.sightings],
        "judgements": judgement_table(graph.judgements).to_dict(as_series=False),
    }


def from_dict(data: Data) -> IdentityGraph:
    """Return the graph that `to_dict` described.

    Raises:
        ConfigurationError: the data are no graph of this library, of a later release, or damaged.
        RangeError, UnsupportedInputError: a rule of a namespace makes no sense.
        ContradictionError: judgements contradict each other.

    Examples:
        >>> from_dict(to_dict(IdentityGraph.of(edges=[("a", "b", 0.75)])))
        <IdentityGraph: 2 records, 1 scored pair>
    """
    _check(data)
    records = data["records"]
    keys, apart, attributes = _keys(records), _apart(records["apart"]), _attributes(records["attributes"])
    _check_lengths("records", [keys, *([] if apart is None else [apart]), *attributes.values()])
    return IdentityGraph(
        keys,
        _scored(data["scored"], len(keys)),
        tuple(_sightings(seen, len(keys)) for seen in data["namespaces"]),
        _judgements(data["judgements"], len(keys)),
        apart,
        attributes,
    )


def write_json(graph: IdentityGraph, path: str | Path) -> None:
    """Write a graph as JSON in UTF-8, as `to_dict` tells it; infinite match weights as Python's `json` writes them."""
    text = json.dumps(to_dict(graph), ensure_ascii=False, separators=(",", ":"))
    Path(path).write_text(text, encoding="utf-8")


def read_json(path: str | Path) -> IdentityGraph:
    """Return the graph that `write_json` wrote.

    Raises:
        ConfigurationError: the file is no JSON, no graph of this library, of a later release, or damaged.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     write_json(IdentityGraph.of(edges=[("a", "b", 0.75)]), f"{folder}/graph.json")
        ...     read_json(f"{folder}/graph.json")
        <IdentityGraph: 2 records, 1 scored pair>
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigurationError(f"{Path(path).name} is no JSON in UTF-8, as write_json writes it") from error
    return from_dict(data)


def write_graphml(
    graph: IdentityGraph,
    path: str | Path,
    *,
    clusters: Clusters | None = None,
    entity: int | None = None,
    threshold: float = 0.0,
) -> None:
    """Write a graph as GraphML, with the nodes and edges of `to_networkx`; Gephi, yEd and Cytoscape read it.

    `from_networkx` reads what ``networkx.read_graphml`` makes of the file.

    Raises:
        ConfigurationError: ids, values or what was told hold control characters, for which XML has no form.
        RangeError, ConfigurationError: as with `to_networkx`.
    """
    network = to_networkx(graph, clusters=clusters, entity=entity, threshold=threshold)
    texts = (text for told in _attributes_in(network) for text in (*told, *told.values()) if isinstance(text, str))
    wrong = sum(NOT_IN_XML.search(text) is not None for text in texts)
    if wrong:
        told = f"{wrong:,} ids, values or texts hold control characters, for which XML has no form"
        raise ConfigurationError(f"{told}; take them out, or keep the graph with write_json")
    networkx().write_graphml(network, str(path))


def _attributes_in(network: Any) -> Iterator[Data]:
    for _, told in network.nodes(data=True):
        yield told
    for *_, told in network.edges(data=True):
        yield told


def _seen(seen: Sightings) -> dict[str, Any]:
    return {
        "namespace": rules_of(seen.namespace),
        "values": seen.values.to_list(),
        "record": seen.rows.tolist(),
        "value": seen.codes.tolist(),
        "observed_at": [None if time == NEVER else time for time in seen.times.tolist()],
    }


def _check(data: object) -> None:
    """Check that plain data are a graph of a version that can be read, and whole.

    Raises:
        ConfigurationError: they are not.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise ConfigurationError(f"this is no graph of identigraph: it does not say 'format': {FORMAT!r}")
    check_version(data.get("version"))
    missing = [f"{part}.{name}" for part, names in PARTS.items() for name in _missing(data.get(part), names)]
    spaces = data.get("namespaces")
    if isinstance(spaces, list):
        missing += [f"namespaces[{i}].{name}" for i, seen in enumerate(spaces) for name in _missing(seen, SEEN)]
    else:
        missing.append("namespaces")
    if missing:
        raise ConfigurationError(f"the graph is damaged: it lacks {', '.join(missing)}")


def _missing(part: object, names: Iterable[str]) -> list[str]:
    return [name for name in names if not isinstance(part, Mapping) or name not in part]


def _damaged(what: str) -> ConfigurationError:
    return ConfigurationError(f"the graph is damaged: {what}")


def _column(values: object, name: str, dtype: Any, *, nulls: bool = False) -> pl.Series:
    """Return a list as a column of one type."""
    if not isinstance(values, list):
        raise _damaged(f"{name} is no list")
    try:
        column = pl.Series(name, values, dtype=dtype)
    except TypeError as error:
        raise _damaged(f"{name} holds other values than {dtype}") from error
    if column.null_count() and not nulls:
        raise _damaged(f"{name} lacks {column.null_count():,} of {len(column):,} values")
    return column


def _numbers(values: object, name: str, end: int | None = None, *, least: int = 0) -> Ints:
    """Return a list as whole numbers from `least` to below `end`."""
    numbers = _column(values, name, pl.Int64).to_numpy()
    top = np.iinfo(np.int32).max if end is None else end
    wrong = int(((numbers < least) | (numbers >= top)).sum())
    if wrong:
        raise _damaged(f"{wrong:,} of {len(numbers):,} numbers in {name} point nowhere")
    return numbers


def _check_lengths(name: str, columns: Iterable[Sized]) -> None:
    lengths = sorted({len(column) for column in columns})
    if len(lengths) > 1:
        raise _damaged(f"the columns of {name} have {' and '.join(f'{length:,}' for length in lengths)} rows")


def _keys(records: Data) -> Keys:
    ids = records["record_id"]
    whole = isinstance(ids, list) and bool(ids) and not isinstance(ids[0], str)
    columns = [
        _column(records["source"], "records.source", pl.String),
        _column(ids, "records.record_id", pl.Int64 if whole else pl.String),
    ]
    _check_lengths("records", columns)
    frame = pl.DataFrame([column.alias(name) for column, name in zip(columns, KEY, strict=True)])
    if frame.is_duplicated().any():
        raise _damaged("records occur more than once")
    return Keys(frame)


def _apart(codes: object) -> Codes | None:
    return None if codes is None else _numbers(codes, "records.apart", least=-1).astype(np.int32)


def _attributes(data: object) -> dict[str, Encoded]:
    if not isinstance(data, Mapping):
        raise _damaged("records.attributes is no mapping")
    return {
        name: encode(_column(values, f"records.attributes.{name}", pl.String, nulls=True))
        for name, values in data.items()
    }


def _scored(data: Data, records: int) -> ScoredPairs:
    left, right = (_numbers(data[end], f"scored.{end}", records).astype(np.int32) for end in ENDS)
    weight, probability = (_column(data[name], f"scored.{name}", pl.Float32).to_numpy() for name in WEIGHTS)
    wrong = int((~((probability >= 0) & (probability <= 1))).sum())
    if wrong:
        raise _damaged(f"{wrong:,} of {len(probability):,} match probabilities lie outside 0 to 1")
    return ScoredPairs(left, right, weight, probability)


def _sightings(data: Data, records: int) -> Sightings:
    """Return what was seen of a namespace, in the order of records, values and times."""
    space = Namespace.from_dict(data["namespace"])
    values = _column(data["values"], f"{space.name}.values", pl.String)
    if values.n_unique() < len(values) or not values.is_sorted():
        raise _damaged(f"{space.name}.values are not in order, each once")
    rows = _numbers(data["record"], f"{space.name}.record", records)
    codes = _numbers(data["value"], f"{space.name}.value", len(values), least=-1)
    told = _column(data["observed_at"], f"{space.name}.observed_at", pl.Int64, nulls=True)
    times = told.fill_null(NEVER).to_numpy()
    _check_lengths(space.name, [rows, codes, times])
    order = np.lexsort((times, codes, rows))
    return Sightings(space, rows[order], codes[order], values.alias(""), times[order])


def _judgements(data: Data, records: int) -> Judgements:
    left, right = (_numbers(data[end], f"judgements.{end}", records) for end in ENDS)
    verdicts = _column(data["judgement"], "judgements.judgement", pl.String)
    told = [_told(values, name) for name, values in data.items() if name.startswith(TOLD)]
    _check_lengths("judgements", [left, right, verdicts, *told])
    return judged(left, right, read_verdicts(verdicts.alias("judgement").to_frame()), pl.DataFrame(told))


def _told(values: object, name: str) -> pl.Series:
    """Return a column that was told with judgements: whatever type all its values have, else text."""
    if not isinstance(values, list):
        raise _damaged(f"judgements.{name} is no list")
    return pl.Series(name.removeprefix(TOLD), values, strict=False)
