"""Noise: what goes wrong with a value between the person and the record.

A kind of noise is an expression for the new value. It hits each record by chance; a record is marked with the kind only
where a value really changed, so that marks are exact. Missing values stay missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import numpy as np
import polars as pl

U, V, W = pl.col("u"), pl.col("v"), pl.col("w")
"""Three random numbers from 0 to 1 that every record hit gets."""

KEYS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jli",
    "l": "kop", "z": "xas", "x": "zcd", "c": "xvf", "v": "cbg", "b": "vnh", "n": "bmj", "m": "nk",
    "1": "2", "2": "13", "3": "24", "4": "35", "5": "46", "6": "57", "7": "68", "8": "79", "9": "80", "0": "9",
}  # fmt: skip
"""Neighbors on the keyboard."""
LOOKALIKES = {
    "o": "0", "l": "1i", "i": "l1", "s": "5", "b": "8h", "z": "2", "g": "9q", "q": "g", "e": "c", "c": "e", "m": "n",
    "n": "m", "u": "v", "v": "u", "h": "b", "a": "o", "t": "f", "0": "8", "1": "7", "5": "6", "8": "3", "6": "8",
    "3": "8", "7": "1", "9": "4", "4": "9",
}  # fmt: skip
"""Characters that optical character recognition confuses; digits stay digits."""
SOUNDALIKES = (
    ("ph", "f"), ("^Ph", "F"), ("ck", "k"), ("^C([aou])", "K$1"), ("^K([aou])", "C$1"), ("^Sch", "Sh"), ("sch", "sh"),
    ("tz", "z"), ("ey$", "y"), ("ie$", "y"), ("y$", "ie"), ("th", "t"), ("ff", "f"), ("gg", "g"), ("ll", "l"),
    ("mm", "m"), ("nn", "n"), ("pp", "p"), ("rr", "r"), ("ss", "s"), ("tt", "t"),
    ("ei", "ai"), ("ai", "ay"), ("ea", "ee"), ("ou", "u"), ("son$", "sen"),
    ("sen$", "son"), ("mann$", "man"), ("ova$", "owa"), ("([^aeiou])er", "${1}ar"), ("([^aeiou])en", "${1}an"),
    ("c([aou])", "k$1"), ("z", "s"), ("v", "w"), ("w", "v"), ("x", "ks"), ("qu", "kw"), ("gh", "g"),
    ("h([lnrt])", "$1"), ("é|è", "ai"), ("ü|ö|ä", "e"),
)  # fmt: skip
"""Spellings that sound alike."""
SPECIAL_LETTERS = {
    "ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe", "ı": "i",
}  # fmt: skip


@attrs.frozen(eq=False)
class Noise:
    """One kind of noise.

    Args:
        kind: its name.
        rate: share of the records it may hit, one number or one per source (0 for a source not named).
        values: the new value of each field it changes, over the columns of the record and the random `U`, `V`, `W`.
    """

    kind: str
    rate: float | Mapping[str, float]
    values: Mapping[str, pl.Expr]

    def rates(self, sources: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return the rate at each of `sources`.

        Examples:
            >>> Noise("swapped", {"web": 0.25}, {}).rates(pl.Series(["crm", "web"])).tolist()
            [0.0, 0.25]
        """
        if isinstance(self.rate, Mapping):
            return sources.replace_strict(self.rate, default=0.0, return_dtype=pl.Float64).to_numpy()
        return np.full(len(sources), self.rate)


def disturb(records: pl.DataFrame, kinds: Iterable[Noise], rng: np.random.Generator) -> pl.DataFrame:
    """Return `records` with noise of each of `kinds` in turn, and a column per kind that marks the changed ones.

    Examples:
        >>> swap = Noise("swapped", 1.0, {"a": pl.col("b"), "b": pl.col("a")})
        >>> records = pl.DataFrame({"source": ["x", "x", "x"], "a": ["1", "2", "3"], "b": ["4", "2", None]})
        >>> disturb(records, [swap], np.random.default_rng(0)).rows()
        [('x', '4', '1', True), ('x', '2', '2', False), ('x', '3', None, False)]
    """
    for noise in kinds:
        hit = np.flatnonzero(rng.random(len(records)) < noise.rates(records["source"]))
        part = records[hit].with_columns(pl.Series(name, rng.random(len(hit))) for name in "uvw")
        new = part.with_columns(**noise.values)
        marks = np.zeros(len(records), dtype=np.bool_)
        for field in noise.values:
            changed = (part[field] != new[field]).fill_null(value=False).to_numpy()
            marks[hit[changed]] = True
            values = records[field].clone().scatter(hit[changed], new[field].filter(changed))
            records = records.with_columns(values.alias(field))
        records = records.with_columns(pl.Series(noise.kind, marks))
    return records


def one_of(values: Iterable[str], chance: pl.Expr = U) -> pl.Expr:
    """Return one of `values`, by `chance`.

    Examples:
        >>> pl.DataFrame({"u": [0.0, 0.6]}).select(one_of(["a", "b"])).to_series().to_list()
        ['a', 'b']
    """
    listed = pl.Series(list(values))
    return pl.lit(listed).gather((chance * len(listed)).cast(pl.Int64))


def typo(text: pl.Expr, *, digits: bool = False) -> pl.Expr:
    """Return `text` with one slip: a neighboring key, a lookalike, two characters swapped, one lost, one doubled.

    `U` says which slip, `V` where, `W` which neighbor. With `digits`, only a neighboring key or two characters swapped.
    Where the place has no such slip (a space has no lookalike), the text stays as it is.

    Examples:
        >>> slips = pl.DataFrame({"t": ["Smith"] * 5, "u": [0.1, 0.3, 0.5, 0.7, 0.9], "v": 0.21, "w": 0.0})
        >>> slips.select(typo(pl.col("t"))).to_series().to_list()
        ['Snith', 'Snith', 'Simth', 'Sith', 'Smmith']
    """
    at = (V * text.str.len_chars()).floor().cast(pl.Int64)
    before, here, after = text.str.slice(0, at), text.str.slice(at, 1), text.str.slice(at + 1)
    swapped = before + after.str.slice(0, 1) + here + after.str.slice(1)
    near = before + _near(here, KEYS) + after
    if digits:
        return pl.when(U < 0.6).then(near).otherwise(swapped)
    slips = (near, before + _near(here, LOOKALIKES) + after, swapped, before + after, before + here + here + after)
    return pl.coalesce(pl.when((U * len(slips)).cast(pl.Int64) == i).then(slip) for i, slip in enumerate(slips))


def _near(character: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    """Return a character that `table` lists for `character`, in the same case."""
    listed = character.str.to_lowercase().replace_strict(table, default=None)
    found = listed.str.slice((W * listed.str.len_chars()).floor().cast(pl.Int64), 1)
    upper = character != character.str.to_lowercase()
    return pl.when(upper).then(found.str.to_uppercase()).otherwise(found)


def misheard(name: pl.Expr) -> pl.Expr:
    """Return `name` in another spelling that sounds alike; null where none is known.

    Examples:
        >>> heard = pl.DataFrame({"n": ["Sophie", "Sophie", "Bo"], "u": [0.0, 0.9, 0.5]})
        >>> heard.select(misheard(pl.col("n"))).to_series().to_list()
        ['Sofie', 'Sophy', None]
    """
    spellings = [pl.when(name.str.contains(old)).then(name.str.replace(old, new)) for old, new in SOUNDALIKES]
    found = pl.concat_list(spellings).list.drop_nulls()
    return found.list.get((U * found.list.len()).cast(pl.Int64), null_on_oob=True)


def folded(text: pl.Expr) -> pl.Expr:
    """Return `text` without diacritics.

    Examples:
        >>> pl.DataFrame({"t": ["Łukasz Müßig"]}).select(folded(pl.col("t"))).item()
        'Lukasz Mussig'
    """
    plain = text.str.normalize("NFKD").str.replace_all(r"\p{Mn}", "")
    return plain.str.replace_many(list(SPECIAL_LETTERS), list(SPECIAL_LETTERS.values()))


def inserted(text: pl.Expr, piece: str) -> pl.Expr:
    """Return `text` with `piece` inside, at `V`.

    Examples:
        >>> pl.DataFrame({"t": ["Jo"], "v": [0.5]}).select(inserted(pl.col("t"), "-")).item()
        'J-o'
    """
    at = (V * text.str.len_chars()).floor().cast(pl.Int64)
    return text.str.slice(0, at) + piece + text.str.slice(at)
