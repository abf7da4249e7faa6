"""Similarities are those that rapidfuzz and jellyfish publish or compute, row by row."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from identigraph.comparing import measures

pytestmark = pytest.mark.shared_data

NOT_OFFERED = {
    "WRatio": "a blend of the other ratios with weights set by hand, of no definition in the literature",
    "jaro_winkler_longtol": "Winkler's adjustment for long strings, which rapidfuzz does not compute",
    "match_rating_codex": "a code, not a similarity",
    "match_rating_comparison": "a verdict, not a similarity",
    "metaphone": "a code, not a similarity",
    "nysiis": "a code, not a similarity",
    "soundex": "a code, not a similarity",
}

ORACLE = {
    "levenshtein": (measures.levenshtein, "distance"),
    "osa": (measures.osa, "distance"),
    "damerau_levenshtein": (measures.damerau_levenshtein, "distance"),
    "indel_norm_sim": (measures.indel, "similarity"),
    "jaro": (measures.jaro, "similarity"),
    "jaro_winkler": (measures.jaro_winkler, "similarity"),
    "lcsseq": (measures.longest_common_subsequence, "length"),
    "ratio": (measures.indel, "percent"),
    "partial_ratio": (measures.partial, "percent"),
    "token_sort_ratio": (measures.token_sort, "percent"),
    "token_set_ratio": (measures.token_set, "percent"),
}

JELLYFISH = {
    "levenshtein": (measures.levenshtein, "distance", 1e-6),
    "wagner_fischer": (measures.levenshtein, "distance", 1e-6),
    "damerau_levenshtein": (measures.damerau_levenshtein, "distance", 1e-6),
    "hamming": (measures.hamming, "distance", 1e-6),
    "jaro_distance": (measures.jaro, "similarity", 5e-4),
    "jaro_winkler": (measures.jaro_winkler, "similarity", 5e-4),
    "jaccard": (measures.token_jaccard, "similarity", 5e-6),
}
"""Measure, scale and half a unit of the last digit printed, of each table."""

DIFFERING = {
    ("night", "nacht", "2"): "jellyfish cuts texts into pieces of q characters that do not overlap: 1 of 5, not of 7",
    ("night", "nacht", "3"): "the same with three characters: 1 of 3, where no q-gram is shared",
}
"""Rows whose expected value is that of another algorithm, with the reason."""


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> Path:
    """Return the folder of tables from other libraries; skip where it is absent."""
    folder = shared_data / "acceptance"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/acceptance with tables of expected values is not here")
    return folder


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file) if row]


def scaled(similarity: float, left: str, right: str, scale: str) -> float:
    """Return a similarity on the scale of a table."""
    longer = max(len(left), len(right))
    return {
        "similarity": similarity,
        "percent": 100 * similarity,
        "length": longer * similarity,
        "distance": longer * (1 - similarity),
    }[scale]


@pytest.mark.parametrize("column", ORACLE)
def test_every_row_is_what_rapidfuzz_computes(tables: Path, column: str) -> None:
    header, *rows = rows_of(tables / "rapidfuzz" / "oracle_values.csv")
    measure, scale = ORACLE[column]
    frame = pl.DataFrame(rows, schema=header, orient="row")
    pairs = zip(measure(frame["a"], frame["b"]), frame["a"], frame["b"], strict=True)
    got = [scaled(similarity, a, b, scale) for similarity, a, b in pairs]
    assert len(got) == 3000
    assert got == pytest.approx(frame[column].cast(pl.Float64).to_list(), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("table", JELLYFISH)
def test_every_row_is_what_jellyfish_expects(tables: Path, table: str) -> None:
    """Save for those whose expected value is that of another algorithm."""
    measure, scale, digits = JELLYFISH[table]
    rows = rows_of(tables / "jellyfish" / f"{table}.csv")
    compared = [row for row in rows if (row[0], row[1], row[-1]) not in DIFFERING]
    assert len(rows) - len(compared) == (len(DIFFERING) if table == "jaccard" else 0)
    got = [scaled(measure(a, b), a, b, scale) for a, b, *_ in compared]
    assert got == pytest.approx([float(row[2]) for row in compared], abs=digits)


@pytest.mark.parametrize(("left", "right", "q"), DIFFERING)
def test_rows_that_differ_are_those_of_other_pieces(tables: Path, left: str, right: str, q: str) -> None:
    """They are the Jaccard index of pieces side by side; ours is that of q-grams."""
    expected = {(row[0], row[1], row[-1]): float(row[2]) for row in rows_of(tables / "jellyfish" / "jaccard.csv")}
    a, b = ({text[i : i + int(q)] for i in range(0, len(text), int(q))} for text in (left, right))
    assert len(a & b) / len(a | b) == pytest.approx(expected[left, right, q], abs=5e-6)
    assert measures.qgram_jaccard(left, right, q=int(q)) == pytest.approx({"2": 1 / 7, "3": 0}[q])


def test_the_adjustment_for_long_strings_only_ever_adds(tables: Path) -> None:
    """Not offered: six of its ten rows are above Jaro-Winkler, four are the same."""
    rows = rows_of(tables / "jellyfish" / "jaro_winkler_longtol.csv")
    above = [float(expected) - measures.jaro_winkler(a, b) for a, b, expected in rows]
    assert min(above) > -5e-4
    assert (sum(more > 5e-4 for more in above), len(rows)) == (6, 10)


def test_what_is_not_offered_is_named(tables: Path) -> None:
    header = rows_of(tables / "rapidfuzz" / "oracle_values.csv")[0]
    assert set(header) - {"a", "b"} - set(ORACLE) <= set(NOT_OFFERED)
    files = {path.stem for path in (tables / "jellyfish").glob("*.csv")}
    assert files - set(JELLYFISH) <= set(NOT_OFFERED)
