"""Errors: the messages, what they keep, and the builtins they are."""

from __future__ import annotations

import inspect

import pytest

from identigraph import IdentigraphError, IdentigraphWarning, errors

EXAMPLES: list[tuple[IdentigraphError, type[Exception], str]] = [
    (errors.ColumnNotFoundError("emial", ["id", "email"]), KeyError, "no column 'emial'; did you mean 'email'?"),
    (errors.ColumnNotFoundError("EMAIL", ["E-Mail"]), KeyError, "no column 'EMAIL'; did you mean 'E-Mail'?"),
    (errors.ColumnNotFoundError("zip", ["id", "email"]), KeyError, "no column 'zip'; there are: 'id', 'email'"),
    (
        errors.ColumnNotFoundError("crn", ["crm"], what="source", where=" of the mapping"),
        KeyError,
        "no source 'crn' of the mapping; did you mean 'crm'?",
    ),
    (errors.ColumnNotFoundError("a", []), KeyError, "no column 'a'; there are: "),
    (
        errors.ColumnNotFoundError("?", [f"c{i}" for i in range(14)]),
        KeyError,
        "no column '?'; there are: 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10', 'c11' and 2 more",
    ),
    (
        errors.DuplicateIdError("id", range(1, 9), 1_200),
        ValueError,
        (
            "1,200 ids in column 'id' occur more than once within a source: '1', '2', '3', '4', '5' and 1,195 more; "
            "ids must be unique per source: drop the repeated rows, name a source column with source=..., "
            "or leave id out to number rows"
        ),
    ),
    (
        errors.DuplicateIdError("id", ["x"], 1),
        ValueError,
        (
            "1 id in column 'id' occurs more than once within a source: 'x'; "
            "ids must be unique per source: drop the repeated rows, name a source column with source=..., "
            "or leave id out to number rows"
        ),
    ),
    (
        errors.NullIdError("id", 1_001, 9_000),
        ValueError,
        "1,001 of 9,000 rows have no id in column 'id'; fill or drop them, or leave id out",
    ),
    (
        errors.NullIdError("system", 1, 2, what="source"),
        ValueError,
        "1 of 2 rows have no source in column 'system'; fill or drop them, or leave source out",
    ),
    (
        errors.UnknownIdError(["a", "b"], 3, 10),
        KeyError,
        (
            "3 of 10 ids name no record: 'a', 'b'; check that they are of these records, and name their sources "
            "where ids are unique per source only"
        ),
    ),
    (
        errors.UnknownIdError(range(1, 1_202), 1_300, 9_000),
        KeyError,
        (
            "1,300 of 9,000 ids name no record: '1', '2', '3', '4', '5' and 1,196 more; check that they are of these "
            "records, and name their sources where ids are unique per source only"
        ),
    ),
    (
        errors.ChangeError("there already", [("crm", 7), ("web", "a")]),
        ValueError,
        "2 records are there already: 'crm:7', 'web:a'; nothing changed",
    ),
    (
        errors.VersionConflictError(3, 5),
        RuntimeError,
        (
            "change 5 cannot follow change 3; apply all changes once, in order, and make a change from the register it "
            "is applied to"
        ),
    ),
    (
        errors.NotPlainError("the blocking", "a function", "give it a name"),
        TypeError,
        "the blocking is a function, which plain data cannot hold; give it a name",
    ),
    (errors.PlainDataError("the matcher", "has no name"), errors.ConfigurationError, "the matcher has no name"),
    (errors.UnsupportedInputError(1, "a table"), TypeError, "expected a table, got builtins.int"),
    (
        errors.ColumnTypeError("tags", "List(Binary)"),
        TypeError,
        (
            "column 'tags' has type List(Binary), which has no plain text form; "
            "unnest it into columns of text, numbers or dates, or of flat lists of these, or drop it"
        ),
    ),
    (
        errors.ListColumnError("emails", 1_200, 5_000),
        TypeError,
        (
            "column 'emails' holds lists of values (1,200 of 5,000 records have more than one), where one value per "
            "record is expected; pair records that share any element with ig.blocking.any_shared('emails'), "
            "or explode it before"
        ),
    ),
    (
        errors.ListColumnError("aliases", 1, 2, field="name"),
        TypeError,
        (
            "column 'aliases' holds lists of values (1 of 2 records have more than one), where field 'name', which "
            "reads several columns, expects one value per record; pair records that share any element with "
            "ig.blocking.any_shared('aliases'), or explode it before"
        ),
    ),
    (errors.ConfigurationError("no sense"), ValueError, "no sense"),
    (errors.RangeError("threshold", 95, 0, 1), ValueError, "threshold must lie between 0 and 1, got 95"),
    (errors.RangeError("size", 0.5, 2, float("inf")), ValueError, "size must lie between 2 and inf, got 0.5"),
    (
        errors.NoBlockingError("no strategy"),
        ValueError,
        (
            "no strategy; give one, for example blocking=ig.block_on('email') | ig.block_on('surname', 'birth_date'), "
            "or compare everything with everything, said aloud: blocking=ig.all_pairs()"
        ),
    ),
    (
        errors.NotFittedError("FellegiSunter"),
        RuntimeError,
        "FellegiSunter is not fitted; write matcher = matcher.fit(...): fit returns a new matcher",
    ),
    (
        errors.ContradictionError([("a", "b")]),
        ValueError,
        (
            "1 cannot-link is contradicted by must-links, which lead from one record to the other: 'a and b'; "
            "nothing was applied: revoke one of them"
        ),
    ),
    (
        errors.ContradictionError([(i, i + 1) for i in range(7)]),
        ValueError,
        (
            "7 cannot-links are contradicted by must-links, which lead from one record to the other: '0 and 1', "
            "'1 and 2', '2 and 3', '3 and 4', '4 and 5' and 2 more; nothing was applied: revoke one of them"
        ),
    ),
    (
        errors.JudgementConflictError([("a", "b")], [(3, 1)], ["split 3 keeps apart what must_link 1 joins"]),
        ValueError,
        (
            "judgements contradict each other: split 3 keeps apart what must_link 1 joins; nothing was applied: "
            "revoke one of them, or leave the new one out"
        ),
    ),
    (
        errors.JudgementConflictError([("a", "b")] * 7, [(1,)] * 7, list("abcdefg")),
        ValueError,
        (
            "judgements contradict each other: a; b; c; d; e; and 2 more; nothing was applied: "
            "revoke one of them, or leave the new one out"
        ),
    ),
    (
        errors.UnknownJudgementError(7, 1_003),
        KeyError,
        (
            "no judgement 7 in a log of 1,003 entries; "
            "revocations are not judgements: what was revoked can be judged anew"
        ),
    ),
    (
        errors.HotBlockError("block_on('k')", 10_000, 49_995_000, 1_000),
        ValueError,
        (
            "blocking key block_on('k') puts 10,000 records into one block (49,995,000 pairs), above its cap of 1,000; "
            "add a field to the key, or choose hot='split', 'cap' or 'skip'"
        ),
    ),
    (
        errors.MissingExtraError("pyarrow", "arrow"),
        ImportError,
        "this needs pyarrow; install it with: pip install 'identigraph[arrow]'",
    ),
    (
        errors.NotPlainError("Resolver.builder", "of class 'Mine'", "give Mine to_dict()"),
        TypeError,
        "Resolver.builder is of class 'Mine', which plain data cannot hold; give Mine to_dict()",
    ),
    (errors.StoreError("there is no store yet"), RuntimeError, "there is no store yet"),
    (errors.PlainDataError("Resolver.builder", "is damaged"), ValueError, "Resolver.builder is damaged"),
    (
        errors.InvalidIntermediateError("normalize", "3 rows", "2 rows"),
        ValueError,
        "normalize should return 3 rows, got 2 rows",
    ),
]


@pytest.mark.parametrize(("error", "builtin", "message"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_an_error_reads(error: IdentigraphError, builtin: type[Exception], message: str) -> None:
    assert str(error) == message
    assert isinstance(error, builtin)


def test_every_error_has_an_example() -> None:
    raised = {type(error) for error, _, _ in EXAMPLES}
    defined = {e for _, e in inspect.getmembers(errors, inspect.isclass) if issubclass(e, IdentigraphError)}
    assert raised == defined - {IdentigraphError}


def test_an_error_without_a_message_is_empty() -> None:
    assert str(IdentigraphError()) == ""


def test_errors_keep_what_they_were_made_of() -> None:
    missing = errors.ColumnNotFoundError("emial", iter(["email"]))
    assert (missing.name, missing.available) == ("emial", ("email",))
    repeated = errors.DuplicateIdError("id", [1, 2], 2)
    assert (repeated.column, repeated.ids, repeated.count) == ("id", (1, 2), 2)
    null = errors.NullIdError("id", 1, 2)
    assert (null.column, null.count, null.total) == ("id", 1, 2)
    unknown = errors.UnknownIdError(["a"], 1, 2)
    assert (unknown.ids, unknown.count, unknown.total) == (("a",), 1, 2)
    plain = (errors.NotPlainError("Rules.rules", "x", "y"), errors.PlainDataError("Rules.rules", "is damaged"))
    assert [each.where for each in plain] == ["Rules.rules"] * 2
    unsupported = errors.UnsupportedInputError([], "a table")
    assert (unsupported.got, unsupported.expected) == (list, "a table")
    typed = errors.ColumnTypeError("tags", "Binary")
    assert (typed.column, typed.dtype) == ("tags", "Binary")
    listed = errors.ListColumnError("tags", 1, 2, field="f")
    assert (listed.column, listed.several, listed.total, listed.field) == ("tags", 1, 2, "f")
    outside = errors.RangeError("keep", 2, 0, 1)
    assert (outside.name, outside.value, outside.low, outside.high) == ("keep", 2, 0, 1)
    assert errors.ContradictionError([("a", "b")]).pairs == (("a", "b"),)
    conflict = errors.JudgementConflictError([("a", "b")], [(3, 1)], ["told"])
    assert (conflict.pairs, conflict.judgements, conflict.told) == ((("a", "b"),), ((3, 1),), ("told",))
    assert isinstance(conflict, errors.ContradictionError)
    strange = errors.UnknownJudgementError(7, 3)
    assert (strange.judgement_id, strange.count) == (7, 3)
    hot = errors.HotBlockError("k", 3, 3, 2)
    assert (hot.key, hot.size, hot.pairs, hot.cap) == ("k", 3, 3, 2)
    extra = errors.MissingExtraError("pyarrow", "arrow")
    assert (extra.package, extra.extra) == ("pyarrow", "arrow")
    assert errors.NotFittedError("it").what == "it"
    assert errors.InvalidIntermediateError("it", "a", "b").stage == "it"


def test_warnings_are_of_our_own_kind() -> None:
    for kind in (errors.HotBlockWarning, errors.EmptyBlockingWarning, errors.ColumnWarning, errors.FitWarning):
        assert issubclass(kind, IdentigraphWarning)
    assert issubclass(IdentigraphWarning, UserWarning)
