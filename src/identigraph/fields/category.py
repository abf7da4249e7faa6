"""Categories: columns of few values, such as gender, status, country or segment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError
from identigraph.fields.kind import MAIN, named_columns
from identigraph.text import words
from identigraph.text.columns import Column, recoded
from identigraph.text.single import Single

Synonyms: TypeAlias = tuple[tuple[str, str], ...]

NOT_STATED = (
    "unknown", "not known", "unspecified", "not specified", "not stated", "undisclosed", "not disclosed",
    "prefer not to say", "not applicable", "not available", "n a", "na", "none", "null", "nan",
)  # fmt: skip
"""Ways to give no answer."""
UNSTATED: Mapping[str, Any] = dict.fromkeys(NOT_STATED)

MALE = "male man boy mann mannlich maennlich herr homme masculin masculino maschile maschio uomo hombre varon"
FEMALE = "female woman girl frau weiblich femme feminin femenino feminino femminile femmina donna mujer"
GENDER_WORDS = {word: gender for gender, line in (("male", MALE), ("female", FEMALE)) for word in line.split()}
GENDER_LETTERS = {"m": "male", "h": "male", "f": "female", "w": "female"}
SPANISH_LETTERS = {"h": "male", "m": "female"}
"""What ``h`` and ``m`` mean where neither ``f`` nor ``w`` occurs: hombre, mujer."""
MOST_GENDERS = 12
"""A column of more values than this is taken for gender by whole words only."""


def _pairs(synonyms: Mapping[str, str] | Synonyms | None) -> Synonyms | None:
    """Return `synonyms` in words, as sorted pairs."""
    if synonyms is None:
        return None
    given = dict(synonyms)
    plain = [words(pl.Series(side, dtype=pl.String)).to_list() for side in (list(given), list(given.values()))]
    pairs = set(zip(*plain, strict=True))
    sources = [source for source, _ in pairs]
    if None in {word for pair in pairs for word in pair} or len(set(sources)) < len(sources):
        raise ConfigurationError("synonyms must map each value to one other, both with letters or digits in them")
    if any(target in sources and (target, target) not in pairs for _, target in pairs):
        raise ConfigurationError("synonyms must map to final values: no value may stand on both sides")
    return tuple(sorted(pairs))


@attrs.frozen
class Category:
    """Categories: ``<field>``, one of few values.

    Normalized: words of lower-case ASCII letters and digits; synonyms become one value. Null: ``unknown``, ``n/a``,
    ``not stated``, ``prefer not to say`` and their like.

    Without `synonyms`, a column that holds values for both male and female, by word or by letter, in English, German,
    French, Spanish or Italian, is taken for gender: these become ``male`` and ``female``, ``u`` becomes null, others
    stay. By letters alone it is so taken only if it has no more than 12 distinct values. Where ``h`` and ``m`` occur
    but neither ``f`` nor ``w``, they are Spanish.

    Args:
        column: the column to read; left out, the column called like the field.
        synonyms: the value to use for each other one, instead of those for gender; ``"unknown"`` to make it null.

    Raises:
        ConfigurationError: a value of `synonyms` is empty, has two targets, or stands on both sides.

    Examples:
        >>> import polars as pl
        >>> Category().normalize("column", pl.Series(["M", "f", "Female", "non_binary", "N/A"]))[""].to_list()
        ['male', 'female', 'female', 'non binary', None]
        >>> Category(synonyms={"USA": "United States"}).normalize("column", pl.Series(["usa", "Peru"]))[""].to_list()
        ['united states', 'peru']
    """

    per_source: ClassVar[bool] = False
    column: str | None = None
    synonyms: Synonyms | None = attrs.field(default=None, kw_only=True, converter=_pairs)

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The category alone."""
        return (MAIN,)

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def settled(self, columns: Mapping[str, pl.Series]) -> Category:
        """Return the kind with synonyms for gender if these values look like it, else without any.

        Examples:
            >>> import polars as pl
            >>> gender = Category().settled({"column": pl.Series(["m", "f"])})
            >>> gender.normalize("column", pl.Series(["F"]))[""].to_list()
            ['female']
        """
        if self.synonyms is not None:
            return self
        return attrs.evolve(self, synonyms=_genders(recoded(words(columns["column"]), UNSTATED)))

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return the category of each value."""
        del role
        stated = recoded(words(values), UNSTATED)
        synonyms = _genders(stated) if self.synonyms is None else dict(self.synonyms)
        return {MAIN: recoded(recoded(stated, synonyms), UNSTATED) if synonyms else stated}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the category of each value."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether it states a category."""
        return self.read("column", values)[MAIN].is_not_null()

    def format(self, values: Column) -> Column:
        """Return the category of each value with a capital.

        Examples:
            >>> import polars as pl
            >>> Category().format(pl.Series(["M", "f", "NON-BINARY", "n/a"])).to_list()
            ['Male', 'Female', 'Non binary', None]
        """
        main = self.read("column", values)[MAIN]
        return main.str.slice(0, 1).str.to_uppercase() + main.str.slice(1)


def _genders(values: pl.Series | Single) -> dict[str, str]:
    """Return synonyms for gender if `values` look like it, else none; one value alone never does."""
    if isinstance(values, Single):
        return {}
    known = {*GENDER_WORDS, *GENDER_LETTERS, *SPANISH_LETTERS}
    seen = set(values.filter(values.is_in(list(known))).to_list())
    letters = SPANISH_LETTERS if "h" in seen and not seen & {"f", "w"} else GENDER_LETTERS
    few = values.drop_nulls().n_unique() <= MOST_GENDERS
    telling = GENDER_WORDS | letters if few else GENDER_WORDS
    if {telling[word] for word in seen & telling.keys()} < {"male", "female"}:
        return {}
    return GENDER_WORDS | letters | {"u": "unknown"}
