"""Progress: silent, tqdm bars, or the caller's function."""

from __future__ import annotations

import pytest

from identigraph.progress import bar

Call = tuple[str, int, int | None]


@pytest.mark.parametrize("silent", [None, False])
def test_nothing_is_shown_unless_asked_for(silent: bool | None, capfd: pytest.CaptureFixture[str]) -> None:
    with bar(silent, "compare", 10) as shown:
        shown.update(10)
    assert capfd.readouterr() == ("", "")


def test_true_shows_a_bar_with_the_stage_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    with bar(True, "compare", 2_000) as shown:
        shown.update(2_000)
    out, err = capfd.readouterr()
    assert out == ""
    assert "compare: " in err
    assert "2.00k" in err


def test_a_function_is_called_with_all_that_is_done_so_far() -> None:
    calls: list[Call] = []
    with bar(lambda stage, done, total: calls.append((stage, done, total)), "score") as shown:
        shown.update(3)
        shown.update(4)
    assert calls == [("score", 3, None), ("score", 7, None)]


@pytest.mark.parametrize("progress", [None, lambda *_: None, True])
def test_errors_pass_through(progress: object) -> None:
    with pytest.raises(ZeroDivisionError), bar(progress, "compare"):  # type: ignore[arg-type]
        raise ZeroDivisionError
