"""Every exception and warning class of identigraph.

An error is an `IdentigraphError` and the fitting builtin, so that both ``except IdentigraphError`` and, say,
``except KeyError`` catch it. The constructor takes data, keeps it as attributes and writes the message: what was
wrong, what was got, what to do. Messages name columns, fields and counts, and ids where an id is what is wrong; they
never hold the values of records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

SHOWN_IDS = 5
"""How many offending ids a message lists before it only counts."""


class IdentigraphError(Exception):
    """Base class of every error that identigraph raises on purpose."""

    def __str__(self) -> str:
        """Return the message as written (``KeyError`` would quote it)."""
        return str(self.args[0]) if self.args else ""


class IdentigraphWarning(UserWarning):
    """Base class of every warning that identigraph gives."""


class ColumnNotFoundError(IdentigraphError, KeyError):
    """A column, field or part was named that the table does not have."""

    def __init__(self, name: str, available: Iterable[str], *, what: str = "column", where: str = "") -> None:
        """Write the message for `name`, hinting at the closest of the `available` names."""
        self.name = name
        self.available = tuple(available)
        close = get_close_matches(name.lower(), [a.lower() for a in self.available], n=1, cutoff=0.6)
        by_lower = {a.lower(): a for a in self.available}
        hint = f"did you mean {by_lower[close[0]]!r}?" if close else f"there are: {_listed(self.available)}"
        super().__init__(f"no {what} {name!r}{where}; {hint}")


class DuplicateIdError(IdentigraphError, ValueError):
    """Two records of one source carry the same id."""

    def __init__(self, column: str, ids: Sequence[object], count: int) -> None:
        """Write the message for `count` ids that occur more than once, the first of which are `ids`."""
        self.column = column
        self.ids = tuple(ids)
        self.count = count
        shown = _listed([str(i) for i in self.ids[:SHOWN_IDS]], count)
        super().__init__(
            f"{count:,} id{'s'[: count != 1]} in column {column!r} occur{'s'[: count == 1]} more than once within a "
            f"source: {shown}; ids must be unique "
            "per source: drop the repeated rows, name a source column with source=..., or leave id out to number rows"
        )


class NullIdError(IdentigraphError, ValueError):
    """Records have no id."""

    def __init__(self, column: str, count: int, total: int, *, what: str = "id") -> None:
        """Write the message for `count` of `total` rows without an id (or source)."""
        self.column = column
        self.count = count
        self.total = total
        super().__init__(
            f"{count:,} of {total:,} rows have no {what} in column {column!r}; fill or drop them, or leave {what} out"
        )


class UnknownIdError(IdentigraphError, KeyError):
    """Ids were named that no record has."""

    def __init__(self, ids: Sequence[object], count: int, total: int) -> None:
        """Write the message for `count` of `total` mentions of ids without a record, the first of which are `ids`."""
        self.ids = tuple(ids)
        self.count = count
        self.total = total
        shown = _listed([str(i) for i in self.ids[:SHOWN_IDS]], len(self.ids))
        super().__init__(
            f"{count:,} of {total:,} ids name no record: {shown}; check that they are of these records, and name "
            "their sources where ids are unique per source only"
        )


class ChangeError(IdentigraphError, ValueError):
    """Records that should change do not fit those that are there."""

    def __init__(self, wrong: str, keys: Sequence[tuple[object, object]]) -> None:
        """Write the message for the records of these keys, source and id, with what is wrong about them."""
        self.keys = tuple(keys)
        count = len(self.keys)
        shown = _listed([f"{source}:{record}" for source, record in self.keys[:SHOWN_IDS]], count)
        super().__init__(f"{count:,} record{' is' if count == 1 else 's are'} {wrong}: {shown}; nothing changed")


class StoreError(IdentigraphError, RuntimeError):
    """A store cannot be opened, read or written; nothing of what was committed is lost."""


class UnsupportedInputError(IdentigraphError, TypeError):
    """The input is of a type that cannot be read as a table or value."""

    def __init__(self, got: object, expected: str) -> None:
        """Write the message for an object of a type that is not `expected`."""
        self.got = type(got)
        self.expected = expected
        super().__init__(f"expected {expected}, got {type(got).__module__}.{type(got).__qualname__}")


class ColumnTypeError(IdentigraphError, TypeError):
    """A column holds a type that no rule turns into text."""

    def __init__(self, column: str, dtype: str) -> None:
        """Write the message for `column` of type `dtype`."""
        self.column = column
        self.dtype = dtype
        super().__init__(
            f"column {column!r} has type {dtype}, which has no plain text form; "
            "unnest it into columns of text, numbers or dates, or of flat lists of these, or drop it"
        )


class ListColumnError(IdentigraphError, TypeError):
    """A column of lists stands where one value per record is expected."""

    def __init__(self, column: str, several: int, total: int, *, field: str = "") -> None:
        """Write the message for `column`, read by a `field` of several columns, if any.

        Of `total` records, `several` have more than one value.
        """
        self.column = column
        self.several = several
        self.total = total
        self.field = field
        where = f"where field {field!r}, which reads several columns, expects" if field else "where"
        expected = f"{where} one value per record" + ("" if field else " is expected")
        super().__init__(
            f"column {column!r} holds lists of values ({several:,} of {total:,} records have more than one), "
            f"{expected}; pair records that share any element with ig.blocking.any_shared({column!r}), "
            "or explode it before"
        )


class ConfigurationError(IdentigraphError, ValueError):
    """An argument, or a combination of arguments, makes no sense."""


class RangeError(ConfigurationError):
    """A number lies outside its range."""

    def __init__(self, name: str, value: float, low: float, high: float) -> None:
        """Write the message for argument `name` with `value` outside ``low..high``."""
        self.name = name
        self.value = value
        self.low = low
        self.high = high
        super().__init__(f"{name} must lie between {low:g} and {high:g}, got {value!r}")


class NotPlainError(IdentigraphError, TypeError):
    """A value holds something that plain data cannot hold: code, or an object of a class that cannot be written."""

    def __init__(self, where: str, got: str, todo: str) -> None:
        """Write the message for what stands at a place inside a value, and `todo`, what to do about it."""
        self.where = where
        super().__init__(f"{where} is {got}, which plain data cannot hold; {todo}")


class PlainDataError(ConfigurationError):
    """Plain data that are damaged, of a later version, or of something else."""

    def __init__(self, where: str, wrong: str) -> None:
        """Write the message for what is wrong at a place inside the data."""
        self.where = where
        super().__init__(f"{where} {wrong}")


class NoBlockingError(ConfigurationError):
    """No blocking strategy was given, or none could be inferred."""

    def __init__(self, reason: str) -> None:
        """Write the message with the `reason`."""
        super().__init__(
            f"{reason}; give one, for example blocking=ig.block_on('email') | ig.block_on('surname', 'birth_date'), "
            "or compare everything with everything, said aloud: blocking=ig.all_pairs()"
        )


class NotFittedError(IdentigraphError, RuntimeError):
    """A matcher was asked for scores before it was fitted."""

    def __init__(self, what: str) -> None:
        """Write the message for the unfitted matcher `what`."""
        self.what = what
        super().__init__(f"{what} is not fitted; write matcher = matcher.fit(...): fit returns a new matcher")


class HotBlockError(IdentigraphError, ValueError):
    """A blocking key has a block above its cap, and the policy is to raise."""

    def __init__(self, key: str, size: int, pairs: int, cap: int) -> None:
        """Write the message for the largest block of `key`."""
        self.key = key
        self.size = size
        self.pairs = pairs
        self.cap = cap
        super().__init__(
            f"blocking key {key} puts {size:,} records into one block ({pairs:,} pairs), above its cap of {cap:,}; "
            "add a field to the key, or choose hot='split', 'cap' or 'skip'"
        )


class MissingExtraError(IdentigraphError, ImportError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        """Write the message for `package`, which `extra` brings."""
        self.package = package
        self.extra = extra
        super().__init__(f"this needs {package}; install it with: pip install 'identigraph[{extra}]'")


class ContradictionError(IdentigraphError, ValueError):
    """Judgements contradict each other: records that cannot be linked must be linked, directly or through others."""

    def __init__(self, pairs: Sequence[tuple[object, object]]) -> None:
        """Write the message for the `pairs` that cannot be linked and are."""
        self.pairs = tuple(pairs)
        count = len(self.pairs)
        shown = _listed([f"{left} and {right}" for left, right in self.pairs[:SHOWN_IDS]], count)
        super().__init__(
            f"{count:,} cannot-link{'s'[: count != 1]} {'is' if count == 1 else 'are'} contradicted by must-links, "
            f"which lead from one record to the other: {shown}; nothing was applied: revoke one of them"
        )


class VersionConflictError(IdentigraphError, RuntimeError):
    """Changes do not follow what is there: one is missing, or somebody else made one in between."""

    def __init__(self, last: int, got: int) -> None:
        """Write the message for change number `got`, where the last one made was `last`."""
        self.last = last
        self.got = got
        super().__init__(
            f"change {got:,} cannot follow change {last:,}; apply all changes once, in order, and make a change from "
            "the register it is applied to"
        )


class JudgementConflictError(ContradictionError):
    """Judgements of a log contradict each other; the message names them, and no record."""

    def __init__(
        self, pairs: Sequence[tuple[object, object]], judgements: Sequence[tuple[int, ...]], told: Sequence[str]
    ) -> None:
        """Write the message for contradictions: of each the two records, the ids of the judgements, and a sentence."""
        super().__init__(pairs)
        self.judgements = tuple(judgements)
        self.told = tuple(told)
        rest = len(self.told) - SHOWN_IDS
        more = f"; and {rest:,} more" if rest > 0 else ""
        shown = "; ".join(self.told[:SHOWN_IDS])
        advice = "nothing was applied: revoke one of them, or leave the new one out"
        self.args = (f"judgements contradict each other: {shown}{more}; {advice}",)


class UnknownJudgementError(IdentigraphError, KeyError):
    """A judgement was named that the log does not have."""

    def __init__(self, judgement_id: object, count: int) -> None:
        """Write the message for an id that is of no judgement among `count` entries."""
        self.judgement_id = judgement_id
        self.count = count
        told = "revocations are not judgements: what was revoked can be judged anew"
        super().__init__(f"no judgement {judgement_id!r} in a log of {count:,} entries; {told}")


class InvalidIntermediateError(IdentigraphError, ValueError):
    """A caller's own stage returned something of the wrong shape or type."""

    def __init__(self, stage: str, expected: str, got: str) -> None:
        """Write the message for `stage`, which should have returned `expected`."""
        self.stage = stage
        super().__init__(f"{stage} should return {expected}, got {got}")


class HotBlockWarning(IdentigraphWarning):
    """Blocks above the cap were thinned out or skipped, with the counts."""


class EmptyBlockingWarning(IdentigraphWarning):
    """A blocking key finds no pair at all."""


class ColumnWarning(IdentigraphWarning):
    """A column is of no use as given: constant, empty, or mostly not of its kind."""


class FitWarning(IdentigraphWarning):
    """Training did not go as it should; the weights deserve a look."""


def _listed(names: Sequence[str], count: int | None = None, shown: int = 12) -> str:
    """Return the first names, quoted, and how many more there are."""
    total = len(names) if count is None else count
    text = ", ".join(repr(n) for n in names[:shown])
    rest = total - min(len(names), shown)
    return f"{text} and {rest:,} more" if rest > 0 else text
