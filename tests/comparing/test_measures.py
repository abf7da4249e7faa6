"""Measures obey their laws and are what slow, plain versions of them are."""

from __future__ import annotations

from collections import Counter
from functools import partial
from math import log, sqrt
from types import SimpleNamespace

import jellyfish
import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, DamerauLevenshtein, Hamming, Indel, Jaro, JaroWinkler, LCSseq, Levenshtein

from identigraph.comparing import measures
from identigraph.comparing.measures import sounds
from identigraph.errors import ConfigurationError, RangeError, UnsupportedInputError

CORPUS = ["ann lee", "ann fox ann", "lee", None, "", "fox lee bob"]
NEAR = ["ann", "anna", "ane", "lee", "leo", "fox", "bob", "smith", "smyth", "smithe", "é", "O'Hara"]
TEXT = st.one_of(
    st.text(" aabbcé漢'", max_size=8),
    st.lists(st.sampled_from(NEAR), max_size=4).map(" ".join),
    st.sampled_from(["martha", "marhta", " ", "  \t", "\x00", "\x00a", "a" * 70, "ab" * 40, "ba" * 33 + " c"]),
)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=6)
REPEATED = [("ann ann lee", "ann"), ("lee", "fox lee lee"), ("bob", " "), ("anna ann", "ann ann")]
FEW = settings(max_examples=15)

BY_RAPIDFUZZ = {
    "jaro": Jaro.similarity,
    "jaro_winkler": JaroWinkler.similarity,
    "levenshtein": Levenshtein.normalized_similarity,
    "osa": OSA.normalized_similarity,
    "damerau_levenshtein": DamerauLevenshtein.normalized_similarity,
    "indel": Indel.normalized_similarity,
    "hamming": Hamming.normalized_similarity,
    "longest_common_subsequence": LCSseq.normalized_similarity,
    "token_sort": lambda a, b: fuzz.token_sort_ratio(a, b) / 100,
    "token_set": lambda a, b: fuzz.token_set_ratio(a, b) / 100,
    "partial": lambda a, b: fuzz.partial_ratio(a, b) / 100,
}
OPTIONS = {
    "jaro_winkler": [{"prefix_weight": 0.25}, {"prefix_weight": 0}],
    "qgram_jaccard": [{"q": 1}, {"q": 3}],
    "qgram_dice": [{"q": 4}],
    "qgram_overlap": [{"q": 3}],
    "same_sound": [{"code": code} for code in sounds.CODES],
    "soft_tfidf": [{"cutoff": 0.8}, {"cutoff": 1}],
}
ALL = [
    pytest.param(
        partial(getattr(measures, name), **options, **({"corpus": CORPUS} if "tfidf" in name else {})),
        id=f"{name}{options or ''}",
    )
    for name in measures.__all__
    if name not in {"Measure", "each_pair", "measure"}
    for options in [{}, *OPTIONS.get(name, [])]
]


def check(measure, oracle, pairs) -> None:
    """Compare a measure with a plain version of it, which need not know that equal texts score 1."""
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    expected = [1.0 if a == b else oracle(a, b) for a, b in pairs]
    assert measure(left, right).to_list() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("measure", ALL)
@FEW
@given(st.lists(st.tuples(st.none() | TEXT, st.none() | TEXT), max_size=6))
@example([("", ""), ("", "a"), (" ", ""), (" ", "\t"), (None, ""), (None, None)])
def test_measures_obey_their_laws(measure, pairs) -> None:
    """From 0 to 1; 1 of equal texts; symmetric; null where a side is null; of columns the same as of texts."""
    pairs = [*pairs, *[(a, a) for a, _ in pairs]]
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    scores = measure(left, right)
    assert (scores.dtype, len(scores)) == (pl.Float64, len(pairs))
    assert scores.is_null().to_list() == [a is None or b is None for a, b in pairs]
    assert all(0 <= score <= 1 for score in scores.drop_nulls())
    assert all(score == 1 for score, a, b in zip(scores, left, right, strict=True) if a is not None and a == b)
    assert measure(right, left).to_list() == pytest.approx(scores.to_list(), abs=1e-12)
    assert [measure(a, b) for a, b in pairs] == pytest.approx(scores.to_list(), abs=1e-12)


@pytest.mark.parametrize("measure", ALL)
def test_any_kind_of_column_gives_the_same(measure) -> None:
    pd = pytest.importorskip("pandas")
    left = ["ann lee", None, "", "smith", "ann lee", "x"]
    right = ["lee anna", "b", None, "smyth", "lee anna", "x"]
    expected = measure(left, right)
    assert expected.name == measure.func.__name__
    kinds = [tuple, pl.Series, np.array, pd.Series, lambda v: pl.Series(v, dtype=pl.Categorical)]
    kinds += [partial(pd.Series, dtype=dtype) for dtype in (object, "string", "category")]
    for kind in kinds:
        assert measure(kind(left), kind(right)).equals(expected, check_names=True)
    assert measure(left, pl.Series("other", right)).equals(expected, check_names=True)
    texts = np.array(["ann", "lee"])
    assert measure(texts, texts[::-1].copy()).equals(measure(["ann", "lee"], ["lee", "ann"]))


@pytest.mark.parametrize("measure", ALL)
@pytest.mark.parametrize("empty", [[], [None], pl.Series([], dtype=pl.Int64), np.array([], dtype=str)], ids=repr)
def test_columns_without_texts_score_null(measure, empty) -> None:
    assert measure(empty, empty).to_list() == [None] * len(empty)


def test_a_kernel_sees_each_unequal_pair_once() -> None:
    seen = []

    @measures.measure
    def constant(left, right, *, score=0.5):
        """Return the score."""
        seen.append(list(zip(left, right, strict=True)))
        return np.full(len(left), score)

    left, right = ["a", "b", "a", "a", None, "b", "é", "a"], ["b", "a", "b", "a", "a", None, "é", "b"]
    assert constant(left, right, score=0.25).to_list() == [0.25, 0.25, 0.25, 1, None, None, 1, 0.25]
    assert seen == [[("a", "b"), ("b", "a")]]
    assert (constant("a", "b"), constant("a", "a"), constant("a", None), constant(None, "a")) == (0.5, 1, None, None)
    assert (constant.__name__, constant.__doc__) == ("constant", "Return the score.")


@pytest.mark.parametrize(
    ("left", "right", "got"),
    [
        (["a"], [1], "builtins.int"),
        ([1.5, "a"], ["a", "a"], "builtins.float"),
        (["a"], "a", "builtins.str"),
        (None, ["a"], "builtins.NoneType"),
        ("a", 3, "builtins.int"),
        (b"a", "a", "builtins.bytes"),
        ([b"a"], ["a"], "builtins.bytes"),
        ({"a"}, {"a"}, "builtins.set"),
        (iter(["a"]), ["a"], "list_iterator"),
        (pl.Series([1]), ["a"], "builtins.int"),
        (pl.Series([["a"]]), ["a"], "builtins.list"),
        (np.array([["a"]]), ["a"], "numpy.ndarray"),
        (np.array(1), ["a"], "numpy.ndarray"),
        (pl.DataFrame({"a": ["a"]}), ["a"], "DataFrame"),
    ],
)
def test_anything_but_texts_is_refused_by_its_type(left, right, got) -> None:
    for measure in (measures.jaro, measures.tfidf_cosine):
        with pytest.raises(UnsupportedInputError, match=rf"got .*{got}$"):
            measure(left, right)


def test_what_pandas_holds_beside_texts_is_refused() -> None:
    pd = pytest.importorskip("pandas")
    for wrong in (pd.Series([1]), pd.DataFrame({"a": ["a"]}), pd.Series(["a"]).to_frame()):
        with pytest.raises(UnsupportedInputError, match=r"got (builtins\.int|pandas\..*DataFrame)$"):
            measures.jaro(wrong, ["a"])


def test_columns_of_unequal_lengths_are_refused_with_both() -> None:
    with pytest.raises(ConfigurationError, match=r"left 1,001, right 2$"):
        measures.jaro(["a"] * 1001, ["a", "b"])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (partial(measures.jaro_winkler, prefix_weight=0.3), RangeError, "prefix_weight .* 0 and 0.25, got 0.3"),
        (partial(measures.jaro_winkler, prefix_weight=-0.1), RangeError, "prefix_weight"),
        (partial(measures.qgram_jaccard, q=0), ConfigurationError, "q must be 1 or more, got 0"),
        (partial(measures.qgram_dice, q=-1), ConfigurationError, "q must be"),
        (partial(measures.qgram_overlap, q=0), ConfigurationError, "q must be"),
        (partial(measures.soft_tfidf, cutoff=0), RangeError, "cutoff"),
        (partial(measures.soft_tfidf, cutoff=1.01), RangeError, "cutoff"),
        (partial(measures.same_sound, code="x"), ConfigurationError, "soundex, .*, daitch_mokotoff, got 'x'"),
        (partial(measures.tfidf_cosine, corpus="ann"), UnsupportedInputError, "got builtins.str"),
        (partial(measures.soft_tfidf, corpus=[1]), UnsupportedInputError, "got builtins.int"),
        (partial(measures.jaro, q=2), TypeError, "'q'"),
    ],
)
@pytest.mark.parametrize("sides", [("a", "b"), ("a", "a"), (None, "a"), (["a"], ["b"]), ([], [])], ids=str)
def test_options_are_checked_whatever_is_compared(call, error, message, sides) -> None:
    with pytest.raises(error, match=message):
        call(*sides)


@pytest.mark.parametrize("name", BY_RAPIDFUZZ)
@given(pairs=PAIRS)
def test_wrapped_measures_are_those_of_rapidfuzz(name, pairs) -> None:
    check(getattr(measures, name), BY_RAPIDFUZZ[name], pairs)


@given(PAIRS, st.sampled_from([0.0, 0.1, 0.2, 0.25]))
def test_prefix_weight_is_that_of_rapidfuzz(pairs, weight) -> None:
    measure = partial(measures.jaro_winkler, prefix_weight=weight)
    check(measure, partial(JaroWinkler.similarity, prefix_weight=weight), pairs)


def plain_common_substring(a, b) -> float:
    parts = [{s[i:j] for i in range(len(s)) for j in range(i + 1, len(s) + 1)} for s in (a, b)]
    return max((len(part) for part in parts[0] & parts[1]), default=0) / max(len(a), len(b))


@given(PAIRS)
def test_longest_common_substring_is_that_of_all_substrings(pairs) -> None:
    check(measures.longest_common_substring, plain_common_substring, pairs)


def plain_qgrams(text, q) -> Counter:
    return Counter(text[i : i + q] for i in range(max(len(text) - q + 1, 1)))


def plain_overlap(a, b, q, kind) -> float:
    x, y = plain_qgrams(a, q), plain_qgrams(b, q)
    both, sizes = (x & y).total(), (x.total(), y.total())
    wholes = {"jaccard": sum(sizes) - both, "dice": sum(sizes) / 2, "overlap": min(sizes)}
    return both / wholes[kind]


@pytest.mark.parametrize("kind", ["jaccard", "dice", "overlap"])
@given(pairs=PAIRS, q=st.integers(1, 9))
@example(pairs=[("ann\x00", "ann"), ("a", "a\x00"), ("abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba")], q=5)
@example(pairs=[("b", "az")], q=2)
def test_qgram_measures_are_those_of_counted_qgrams(kind, pairs, q) -> None:
    measure = getattr(measures, f"qgram_{kind}")
    check(partial(measure, q=q), partial(plain_overlap, q=q, kind=kind), pairs)


def test_a_q_beyond_all_texts_takes_no_more_than_one_as_long_as_they() -> None:
    assert measures.qgram_dice(["ann", "ann"], ["anna", ""], q=10**12).to_list() == [0, 0]


def plain_token_jaccard(a, b) -> float:
    x, y = set(a.split()), set(b.split())
    return len(x & y) / len(x | y) if x | y else 1.0


@given(PAIRS)
@example(REPEATED)
def test_token_jaccard_is_that_of_sets(pairs) -> None:
    check(measures.token_jaccard, plain_token_jaccard, pairs)


def plain_monge_elkan(a, b) -> float:
    x, y = a.split(), b.split()
    if not x or not y:
        return float(not x and not y)
    there = sum(max(JaroWinkler.similarity(u, v) for v in y) for u in x) / len(x)
    back = sum(max(JaroWinkler.similarity(u, v) for u in x) for v in y) / len(y)
    return (there + back) / 2


@given(PAIRS)
@example(REPEATED)
def test_monge_elkan_is_the_mean_of_best_matches_both_ways(pairs) -> None:
    check(measures.monge_elkan, plain_monge_elkan, pairs)


def plain_vector(text, corpus) -> dict[str, float]:
    sets = [set(other.split()) for other in corpus if other is not None]
    weights = {w: log(1 + max(len(sets), 1) / max(sum(w in s for s in sets), 1)) for w in set(text.split())}
    norm = sqrt(sum(weight**2 for weight in weights.values()))
    return {word: weight / norm for word, weight in weights.items()}


def plain_cosine(a, b, corpus) -> float:
    x, y = plain_vector(a, corpus), plain_vector(b, corpus)
    return sum(x[word] * y[word] for word in x.keys() & y.keys()) if x or y else 1.0


def plain_soft(a, b, corpus, cutoff) -> float:
    x, y = plain_vector(a, corpus), plain_vector(b, corpus)

    def one_way(x, y) -> float:
        best = {u: max(((JaroWinkler.similarity(u, v), y[v]) for v in y), default=(0, 0)) for u in x}
        return sum(x[u] * s * weight for u, (s, weight) in best.items() if s >= cutoff)

    return min((one_way(x, y) + one_way(y, x)) / 2, 1) if x or y else 1.0


@given(PAIRS, st.none() | st.lists(st.none() | TEXT, max_size=5))
@example(REPEATED, None)
@example(REPEATED, ["ann ann", None, "bob", "ann"])
def test_tfidf_cosine_is_that_of_dicts(pairs, corpus) -> None:
    known = [text for pair in pairs for text in pair] if corpus is None else corpus
    check(partial(measures.tfidf_cosine, corpus=corpus), partial(plain_cosine, corpus=known), pairs)


@given(PAIRS, st.none() | st.lists(st.none() | TEXT, max_size=5), st.sampled_from([0.5, 0.8, 0.9, 1.0]))
@example([("smith smyth", "smith smyth smithe"), ("ab ac", "ad")], None, 0.5)
@example(REPEATED, ["ann ann", None, "bob", "ann"], 0.9)
@example([("abcd", "abce abcf"), ("abcd", "abcf abce")], ["abce", "abce x", "y"], 0.5)
def test_soft_tfidf_is_that_of_loops(pairs, corpus, cutoff) -> None:
    known = [text for pair in pairs for text in pair] if corpus is None else corpus
    measure = partial(measures.soft_tfidf, corpus=corpus, cutoff=cutoff)
    check(measure, partial(plain_soft, corpus=known, cutoff=cutoff), pairs)


def test_the_default_corpus_counts_rows_and_of_two_texts_these() -> None:
    left, right = ["ann lee", "ann", "ann", None], ["ann fox", "ann", None, "bob"]
    known = [*left, *right]
    assert measures.tfidf_cosine(left, right)[0] == pytest.approx(plain_cosine(left[0], right[0], known))
    assert measures.tfidf_cosine(left[0], right[0]) == pytest.approx(
        plain_cosine(left[0], right[0], [left[0], right[0]])
    )


@given(PAIRS)
def test_soft_tfidf_that_forgives_nothing_is_tfidf_cosine(pairs) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    expected = measures.tfidf_cosine(left, right).to_list()
    assert measures.soft_tfidf(left, right, cutoff=1).to_list() == pytest.approx(expected)


def test_soft_tfidf_is_at_most_1_where_many_words_are_close_to_one() -> None:
    assert measures.soft_tfidf("johnsona johnsonb johnsonc", "johnson") == 1


@pytest.mark.parametrize("code", ["soundex", "metaphone", "nysiis"])
@given(
    words=st.lists(st.sampled_from(["smith", "Smyth", "schmidt", "o'hara", "OHara", "robert", "rupert", "eye", "?"]))
)
def test_same_sound_is_equality_of_codes(code, words) -> None:
    coded = getattr(jellyfish, code)

    def oracle(a, b) -> float:
        plain = [text.lower().replace("'", "").replace("?", "") for text in (a, b)]
        return float(all(plain) and coded(plain[0]) == coded(plain[1]))

    check(partial(measures.same_sound, code=code), oracle, [(a, b) for a in words[:4] for b in words[:4]])


PORTIONED = [
    ("edits.CELLS", measures.longest_common_substring),
    ("qgrams.CHARACTERS", measures.qgram_jaccard),
    ("tokens.CELLS", measures.monge_elkan),
    ("frequencies.CELLS", measures.soft_tfidf),
]


@pytest.mark.parametrize(("limit", "measure"), PORTIONED, ids=[limit for limit, _ in PORTIONED])
@pytest.mark.parametrize("most", [1, 20, 150])
def test_portions_change_nothing(limit, measure, most, monkeypatch) -> None:
    left = ["ann lee", "", "smith bob", "x", "bob smyth", "a" * 90, "lee", " "]
    right = ["lee anna", "é", "smyth", "ann x fox", "smith", "ba" * 40, "", "ann"]
    expected = measure(left, right).to_list()
    monkeypatch.setattr(f"identigraph.comparing.measures.{limit}", most)
    assert measure(left, right).to_list() == pytest.approx(expected, abs=1e-12)


def test_long_texts_do_not_widen_the_matrix_of_many_short_ones(monkeypatch) -> None:
    held = []

    def runs(left, right) -> np.ndarray:
        held.append((len(left), max(map(len, [*left, *right]))))
        return np.zeros(len(left))

    monkeypatch.setattr("identigraph.comparing.measures.edits.CELLS", 500)
    monkeypatch.setattr("identigraph.comparing.measures.edits._longest_runs", runs)
    texts = ["abc", "ab" * 20, "abcd", "a", "ba" * 30, *(f"{number:03}" for number in range(200))]
    measures.longest_common_substring(texts, texts[::-1])
    assert sum(pairs for pairs, _ in held) == len(texts) - 1
    assert all(pairs * longest**2 <= 500 or pairs == 1 for pairs, longest in held)
    assert max(pairs for pairs, _ in held) > 1


def test_portions_hold_little() -> None:
    """As many pairs at a time as fit, and one more; the order stays."""
    sizes = []

    def kernel(left, right) -> np.ndarray:
        sizes.append(len(left))
        return np.array([float(a + b) for a, b in zip(left, right, strict=True)])

    portions = SimpleNamespace(cells=np.array([1, 1, 1, 9, 1, 1, 1, 1]), left=list("12345678"), right=["0"] * 8)
    scores = measures.kernels.in_portions(kernel, portions.left, portions.right, portions.cells, 3)
    assert scores.tolist() == [10, 20, 30, 40, 50, 60, 70, 80]
    assert max(sizes) <= 4
    assert len(sizes) > 2
