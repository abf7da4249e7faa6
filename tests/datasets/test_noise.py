"""Noise changes what it hits, marks what it changed, and nothing else."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from identigraph.datasets.noise import (
    KEYS,
    LOOKALIKES,
    Noise,
    disturb,
    folded,
    inserted,
    misheard,
    one_of,
    typo,
)

CHANCES = st.floats(0, 1, exclude_max=True)
NAMES = st.from_regex("[A-Z][a-z]{1,8}", fullmatch=True)
LATIN = st.text(st.characters(codec="latin-1", categories=["Lu", "Ll", "Nd", "Zs", "Pd"]), min_size=1, max_size=20)


def records(size: int = 400) -> pl.DataFrame:
    """Return records of two sources with one field, null in every tenth."""
    numbers = pl.int_range(size, eager=True)
    return pl.DataFrame({"source": ["a", "b"] * (size // 2)}).with_columns(
        name=pl.when(numbers % 10 > 0).then(numbers.cast(pl.String))
    )


def slip(text: str, u: float, v: float, w: float, *, digits: bool = False) -> str | None:
    """Return the one typo that three random numbers make."""
    row = pl.DataFrame({"t": [text], "u": [u], "v": [v], "w": [w]})
    return row.select(typo(pl.col("t"), digits=digits)).item()


@settings(deadline=None)
@given(LATIN, CHANCES, CHANCES, CHANCES)
def test_typo_is_at_most_one_edit_or_swap_away(text: str, u: float, v: float, w: float) -> None:
    made = slip(text, u, v, w)
    assert made is None or OSA.distance(text, made) <= 1


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{1,12}", fullmatch=True), CHANCES, CHANCES, CHANCES)
def test_typo_in_digits_keeps_their_number_and_stays_digits(text: str, u: float, v: float, w: float) -> None:
    made = slip(text, u, v, w, digits=True)
    assert made is not None
    assert len(made) == len(text)
    assert made.isdigit()


def test_typos_of_every_sort_occur_and_keep_the_case() -> None:
    rng = np.random.default_rng(0)
    drawn = pl.DataFrame({"t": ["HOLMES"] * 2000, **{name: rng.random(2000) for name in "uvw"}})
    made = set(drawn.select(typo(pl.col("t"))).to_series().drop_nulls())
    assert {"HOLNES", "H0LMES", "OHLMES", "HLMES", "HOOLMES"} <= made
    assert not any(any(c.islower() for c in text) for text in made)


@pytest.mark.parametrize("table", [KEYS, LOOKALIKES])
def test_no_character_is_its_own_neighbor_and_digits_stay_digits(table: dict[str, str]) -> None:
    assert not any(character in near for character, near in table.items())
    assert all(near.isdigit() for character, near in table.items() if character.isdigit())


def test_marks_are_where_values_changed() -> None:
    before = records()
    noise = Noise("cut", 0.5, {"name": pl.col("name").str.slice(1)})
    after = disturb(before, [noise], np.random.default_rng(0))
    changed = (before["name"] != after["name"]).fill_null(value=False)
    assert changed.to_list() == after["cut"].to_list()
    assert 0.4 < after["cut"].mean() / 0.9 < 0.6


def test_a_missing_value_stays_missing_and_none_is_made_missing() -> None:
    before = records()
    noises = [Noise("fill", 1.0, {"name": pl.lit("x")}), Noise("drop", 1.0, {"name": pl.lit(None, pl.String)})]
    after = disturb(before, noises, np.random.default_rng(0))
    assert after["name"].is_null().to_list() == before["name"].is_null().to_list()
    assert after["fill"].sum() == 360
    assert after["drop"].sum() == 0


def test_a_value_that_noise_leaves_alike_is_not_marked() -> None:
    after = disturb(records(), [Noise("same", 1.0, {"name": pl.col("name")})], np.random.default_rng(0))
    assert not after["same"].any()


def test_a_source_without_a_rate_has_no_noise() -> None:
    after = disturb(records(), [Noise("x", {"b": 1.0}, {"name": pl.lit("x")})], np.random.default_rng(0))
    assert after.group_by("source").agg(pl.col("x").sum()).sort("source").rows() == [("a", 0), ("b", 200)]


def test_the_records_given_are_not_changed() -> None:
    before = records()
    kept = before.clone()
    disturb(before, [Noise("x", 1.0, {"name": pl.lit("x")})], np.random.default_rng(0))
    assert before.equals(kept)


def test_noise_comes_in_order_each_on_what_the_one_before_left() -> None:
    noises = [Noise(kind, 1.0, {"name": pl.col("name") + kind}) for kind in "pq"]
    after = disturb(pl.DataFrame({"source": ["a"], "name": ["n"]}), noises, np.random.default_rng(0))
    assert after.rows() == [("a", "npq", True, True)]


def test_one_of_several_is_drawn_evenly() -> None:
    rng = np.random.default_rng(0)
    drawn = pl.DataFrame({"u": rng.random(9000)}).select(one_of(["a", "b", "c"]).alias("x"))["x"]
    shares = drawn.value_counts(normalize=True)
    assert shares["proportion"].min() > 0.3
    assert len(shares) == 3


@settings(deadline=None)
@given(NAMES, CHANCES)
def test_misheard_names_differ_or_are_null(text: str, u: float) -> None:
    heard = pl.DataFrame({"t": [text], "u": [u]}).select(misheard(pl.col("t"))).item()
    assert heard is None or heard not in {text, ""}


@pytest.mark.parametrize(
    ("name", "heard"),
    [("Philip", "Filip"), ("Carlos", "Karlos"), ("Schmidt", "Shmidt"), ("Meyer", "Meyar"), ("Anna", "Ana")],
)
def test_names_are_misheard_as_they_sound(name: str, heard: str) -> None:
    drawn = pl.DataFrame({"t": [name] * 50, "u": np.linspace(0, 0.99, 50)})
    assert heard in drawn.select(misheard(pl.col("t"))).to_series().to_list()


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Łódź", "Lodz"), ("Peñafiel", "Penafiel"), ("Weißenburg", "Weissenburg"), ("Ægir", "AEgir"), ("Smith", "Smith")],
)
def test_folding_leaves_plain_letters(text: str, plain: str) -> None:
    assert pl.DataFrame({"t": [text]}).select(folded(pl.col("t"))).item() == plain


@settings(deadline=None)
@given(LATIN, CHANCES)
def test_inserting_adds_the_piece_and_keeps_the_rest(text: str, v: float) -> None:
    made = pl.DataFrame({"t": [text], "v": [v]}).select(inserted(pl.col("t"), "\u200b")).item()
    assert made.replace("\u200b", "") == text
    assert len(made) == len(text) + 1
