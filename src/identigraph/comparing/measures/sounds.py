"""Whether texts sound alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import polars as pl

from identigraph.comparing.measures.bags import numbered
from identigraph.comparing.measures.kernels import Floats, Texts, measure
from identigraph.errors import ConfigurationError
from identigraph.text import phonetic
from identigraph.text.columns import joined


def _double_metaphone(names: Any) -> Any:
    """Return both codes of each name, a space between them."""
    codes = [phonetic.double_metaphone(names, alternate=alternate) for alternate in (False, True)]
    return joined(*codes)


CODES: dict[str, Callable[[Any], Any]] = {
    "soundex": phonetic.soundex,
    "refined_soundex": phonetic.refined_soundex,
    "metaphone": phonetic.metaphone,
    "double_metaphone": _double_metaphone,
    "nysiis": phonetic.nysiis,
    "match_rating": phonetic.match_rating,
    "cologne": phonetic.cologne,
    "daitch_mokotoff": phonetic.daitch_mokotoff,
}
"""The phonetic codes by name; where a text has several, a space stands between them."""

Code = Literal[
    "soundex",
    "refined_soundex",
    "metaphone",
    "double_metaphone",
    "nysiis",
    "match_rating",
    "cologne",
    "daitch_mokotoff",
]


@measure
def same_sound(left: Texts, right: Texts, *, code: Code = "soundex") -> Floats:
    """Return 1 where two texts have the same phonetic code and 0 where they have not.

    The codes are those of `identigraph.text.phonetic`: case and everything but letters mean nothing, and several words
    are coded as one, save for Double Metaphone. A text has up to two codes of Double Metaphone, and several of Daitch
    and Mokotoff, of which one in common is enough; whether two match rating codes agree is told by the rule of the
    method, which looks at the letters that they do not share. Soundex, Metaphone, NYSIIS and match rating are made for
    names as an English speaker says them, Cologne phonetics for German, Daitch-Mokotoff for Slavic and Yiddish names,
    Double Metaphone for names of several languages. Soundex says *alike* of many names that are not, Refined Soundex of
    few. Soundex, Refined Soundex, Metaphone and NYSIIS do not forgive another first sound.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        code: soundex, refined_soundex, metaphone, double_metaphone, nysiis, match_rating, cologne or daitch_mokotoff.

    Returns:
        0 or 1; symmetric; null where either side is null. A text without a code sounds like none but its equal.

    Raises:
        ConfigurationError: there is no such code.

    Examples:
        Both are R163 by Soundex; Metaphone tells *RBRT* from *RPRT*. The second code of *Smith* is the first one of
        *Schmidt*.

        >>> same_sound("Robert", "Rupert"), same_sound("Robert", "Rupert", code="metaphone")
        (1.0, 0.0)
        >>> same_sound("Smith", "Schmidt", code="double_metaphone"), same_sound("Meyer", "Maier", code="cologne")
        (1.0, 1.0)

    References:
        P. Christen, Data Matching (2012), section 4.3.
    """
    if code not in CODES:
        raise ConfigurationError(f"code must be one of {', '.join(CODES)}, got {code!r}")
    if code == "match_rating":
        alike = phonetic.match_rating_agreement(pl.Series(left, dtype=pl.String), pl.Series(right, dtype=pl.String))
        return alike.fill_null(value=False).cast(pl.Float64).to_numpy()
    names, number = numbered([*left, *right])
    codes = CODES[code](names).str.split(" ").gather(number)
    pairs = pl.DataFrame({"a": codes.head(len(left)), "b": codes.tail(len(right))})
    common = pairs.select(pl.col("a").list.set_intersection("b").list.len() > 0).to_series()
    return common.fill_null(value=False).cast(pl.Float64).to_numpy()
