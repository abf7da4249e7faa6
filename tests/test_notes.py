"""Warnings at the caller's line, and notes of them."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest

from identigraph.errors import FitWarning, HotBlockWarning
from identigraph.notes import NOTES, PACKAGE, noted, quietly, warn


def inside(source: str) -> Any:
    """Return function ``f`` of source code that passes for a module of identigraph."""
    names: dict[str, Any] = {"warn": warn, "FitWarning": FitWarning}
    exec(compile(source, f"{PACKAGE}made_up.py", "exec"), names)  # noqa: S102
    return SimpleNamespace(**names).f


@pytest.mark.parametrize(
    "source",
    [
        "def f(): warn('few', FitWarning)",
        "def f(): g()\ndef g(): warn('few', FitWarning)",
        "def f(): return [1 for _ in h()]\ndef h():\n    yield\n    warn('few', FitWarning)",
    ],
)
def test_a_warning_points_at_the_first_line_outside_the_package(source: str) -> None:
    with pytest.warns(FitWarning, match="few") as given:
        inside(source)()
    assert Path(given[0].filename) == Path(__file__)
    assert "inside(source)()" in Path(__file__).read_text(encoding="utf-8").splitlines()[given[0].lineno - 1]


def test_a_package_of_a_name_that_begins_alike_is_outside() -> None:
    names: dict[str, Any] = {"warn": warn, "FitWarning": FitWarning}
    exec(compile("def f(): warn('few', FitWarning)", f"{PACKAGE[:-1]}_more/made_up.py", "exec"), names)  # noqa: S102
    with pytest.warns(FitWarning) as given:
        names["f"]()
    assert given[0].filename.endswith("_more/made_up.py")


def test_warnings_are_noted_whether_they_are_shown_or_not() -> None:
    with warnings.catch_warnings(), noted() as notes:
        warnings.simplefilter("ignore")
        warn("one", FitWarning)
        warn("two", HotBlockWarning)
    assert notes == ["one", "two"]


def test_a_warning_is_given_and_noted_once_in_a_run() -> None:
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        for _ in range(2):
            with noted() as notes:
                warn("few", FitWarning)
                warn("fewer", FitWarning)
                warn("few", FitWarning)
            assert notes == ["few", "fewer"]
    assert [str(warning.message) for warning in given] == ["few", "fewer"] * 2


def test_an_outer_list_has_the_notes_of_the_inner_one_as_well() -> None:
    with warnings.catch_warnings(), noted() as outer:
        warnings.simplefilter("ignore")
        warn("before", FitWarning)
        with noted() as inner:
            warn("inside", FitWarning)
        warn("after", FitWarning)
    assert (outer, inner) == (["before", "inside", "after"], ["inside"])


def test_nothing_is_left_behind_by_an_error() -> None:
    """Also where the warning itself is turned into the error."""
    with warnings.catch_warnings(action="error"), pytest.raises(FitWarning, match="few"), noted() as notes:
        warn("few", FitWarning)
    assert notes == ["few"]
    assert NOTES.get() is None


def test_without_anyone_who_notes_a_warning_is_only_given() -> None:
    with pytest.warns(FitWarning, match="few"):
        warn("few", FitWarning)


def test_threads_do_not_note_each_others_warnings() -> None:
    together = Barrier(2)

    def run(name: str) -> list[str]:
        with noted() as notes:
            together.wait()
            warn(name, FitWarning)
            together.wait()
        return notes

    with warnings.catch_warnings(), ThreadPoolExecutor(2) as pool:
        warnings.simplefilter("ignore")
        assert list(pool.map(run, ["a", "b"])) == [["a"], ["b"]]


def quiet_until_an_error() -> None:
    """Warn quietly, also where that is said twice, and from another thread; then fail."""
    with quietly():
        with quietly():
            warn("inner", FitWarning)
        warn("still quiet", FitWarning)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(warn, "elsewhere", FitWarning).result()
        raise RuntimeError


def test_quietly_warnings_are_noted_and_not_given_and_given_again_afterwards() -> None:
    """In this thread alone, and after an error too."""
    with warnings.catch_warnings(record=True) as given, noted() as notes:
        warnings.simplefilter("always")
        with pytest.raises(RuntimeError):
            quiet_until_an_error()
        warn("loud", FitWarning)
    assert notes == ["inner", "still quiet", "loud"]
    assert [str(each.message) for each in given] == ["elsewhere", "loud"]


def test_quietly_a_warning_that_nobody_notes_is_lost() -> None:
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        with quietly():
            warn("few", FitWarning)
    assert not given
