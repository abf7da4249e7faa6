"""Whether texts sound alike."""

from __future__ import annotations

from typing import Literal

import polars as pl

from identigraph.comparing.measures.kernels import Floats, Texts, measure
from identigraph.errors import ConfigurationError
from identigraph.text import phonetic

CODES = {"metaphone": phonetic.metaphone, "nysiis": phonetic.nysiis, "soundex": phonetic.soundex}
"""The phonetic codes by name."""


@measure
def same_sound(left: Texts, right: Texts, *, code: Literal["metaphone", "nysiis", "soundex"] = "soundex") -> Floats:
    """Return 1 where two texts have the same phonetic code and 0 where they have not.

    The codes are those of `identigraph.text.phonetic`: case and everything but letters mean nothing, and several words
    are coded as one. Made for names as an English speaker says them; Soundex says *alike* of many names that are not,
    and none of the codes forgives another first sound.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        code: soundex, the coarsest, metaphone or nysiis.

    Returns:
        0 or 1; symmetric; null where either side is null. A text without a code sounds like none but its equal.

    Raises:
        ConfigurationError: there is no such code.

    Examples:
        Both are R163 by Soundex; Metaphone tells *RBRT* from *RPRT*.

        >>> same_sound("Robert", "Rupert"), same_sound("Robert", "Rupert", code="metaphone")
        (1.0, 0.0)

    References:
        P. Christen, Data Matching (2012), section 4.3.
    """
    if code not in CODES:
        raise ConfigurationError(f"code must be one of {', '.join(CODES)}, got {code!r}")
    a, b = CODES[code](pl.Series(left, dtype=pl.String)), CODES[code](pl.Series(right, dtype=pl.String))
    return (a == b).fill_null(value=False).cast(pl.Float64).to_numpy()
