"""Phonetic codes: words that sound alike get the same code.

The codes are made for names in Latin script, most of them as an English speaker says them; they are for finding
candidates, not for deciding. Each value is cleaned first, so accents make no difference, and stripped of everything but
letters, so ``van der Berg`` is coded as one word; only Double Metaphone, whose rules look at where words end, keeps
words apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import jellyfish
import polars as pl
from doublemetaphone import doublemetaphone

from identigraph.text.clean import clean
from identigraph.text.columns import Column, mapped

REFINED_SOUNDEX = str.maketrans("abcdefghijklmnopqrstuvwxyz", "01360240043788015936020505")
"""The digit of each letter."""

COLOGNE = {
    "0": "[aeijouy]",
    "": "h",
    "1": "b|p(?!h)",
    "2": "[dt](?![csz])",
    "3": "[fpvw]",
    "4": "[gkq]|^c(?=[lr])|(?<![sz])c(?=[ahkoqux])",
    "48": "(?<![ckq])x",
    "5": "l",
    "6": "[mn]",
    "7": "r",
    "8": "[csztdx]",
}
"""The digits of Cologne phonetics, and the letters that have them where no line above them fits."""
COLOGNE_LETTER = re.compile("|".join(f"({letters})" for letters in COLOGNE.values()))
COLOGNE_DIGITS = ["", *COLOGNE]

SIBILANTS = (
    "c ch cs csz cz czs drs drz ds dsh dsz dz dzh dzs j rs rz s sch sh sz tc tch trs trz ts tsch tsh tsz ttch tts "
    "ttsch ttsz ttz tz tzs z zh zs zsch zsh"
)
DAITCH_MOKOTOFF = {
    ("0", "", ""): "a e i o u",
    ("0", "1", ""): "ai aj ay ei ej ey oi oj oy ue ui uj uy",
    ("0", "7", ""): "au",
    ("1", "1", ""): "eu",
    ("1", "", ""): "ia ie io iu j y",
    ("2", "4", "4"): "sc schtch schtsch schtsh shch shtch shtsh stch strs strz stsch stsh szcs szcz zdz zdzh zhdzh",
    ("2", "43", "43"): "schd scht sd shd sht st szd szt zd zhd",
    ("3", "3", "3"): "d dt t th",
    ("4", "4", "4"): SIBILANTS,
    ("45", "45", "45"): "ck",
    ("5", "5", "5"): "c ch ck g k kh q",
    ("5", "5", ""): "h",
    ("5", "54", "54"): "chs ks x",
    ("6", "6", "6"): "m n",
    ("66", "66", "66"): "mn nm",
    ("7", "7", "7"): "b f fb p pf ph v w",
    ("8", "8", "8"): "l",
    ("9", "9", "9"): "r",
    ("94", "94", "94"): "rs rz",
}
"""The digits of a sound at the start, before a vowel and elsewhere, and its spellings; some may be two sounds.

As published, but for *ue*, which all programs code like *ui*.
"""
SPELLINGS = {spelling for spellings in DAITCH_MOKOTOFF.values() for spelling in spellings.split()}
SOUNDS = {
    spelling: [sound for sound, spellings in DAITCH_MOKOTOFF.items() if spelling in spellings.split()]
    for spelling in SPELLINGS
}
SPELLING = re.compile("|".join(sorted(SPELLINGS, key=len, reverse=True)))
SILENCE = ("", "", "")
DAITCH_MOKOTOFF_DIGITS = 6
DOUBLE_METAPHONE_LETTERS = 4


def soundex(values: Column) -> Column:
    """Return the Soundex code of each value: its first letter and three digits, null where there is no letter.

    The letters after the first are coded by place of articulation, vowels dropped. Coarse: many unlike names share a
    code, and a slip in the first letter is fatal.

    Examples:
        >>> import polars as pl
        >>> soundex(pl.Series(["Robert", "Rupert", "O'Hara", "42"])).to_list()
        ['R163', 'R163', 'O600', None]

    References:
        R. C. Russell, U.S. patent 1,261,167 (1918).
    """
    return _coded(values, jellyfish.soundex)


def metaphone(values: Column) -> Column:
    """Return the Metaphone code of each value: the consonants as English pronounces them, null where there is none.

    Finer than Soundex, of any length; ``0`` stands for *th*. Vowels count only at the start.

    Examples:
        >>> import polars as pl
        >>> metaphone(pl.Series(["Smith", "Smyth", "Knight", "Night", "?"])).to_list()
        ['SM0', 'SM0', 'NT', 'NT', None]

    References:
        L. Philips, "Hanging on the Metaphone", Computer Language 7 (1990).
    """
    return _coded(values, jellyfish.metaphone)


def nysiis(values: Column) -> Column:
    """Return the NYSIIS code of each value: a spelling with like sounds merged, null where there is no letter.

    Made for the names of a New York register; keeps where the vowels stand and so merges less than Soundex.

    Examples:
        >>> import polars as pl
        >>> nysiis(pl.Series(["Philip", "Filip", "Macintosh", "McIntosh", ""])).to_list()
        ['FALAP', 'FALAP', 'MCANT', 'MCANT', None]

    References:
        R. L. Taft, Name Search Techniques, New York State Identification and Intelligence System (1970).
    """
    return _coded(values, jellyfish.nysiis)


def match_rating(values: Column) -> Column:
    """Return the Match Rating code of each value: its first three and last three consonants, null without a letter.

    A vowel counts only at the start, a doubled consonant once. Made for the names of airline passengers, to be compared
    by `match_rating_agreement`; as a key it is close to spelling and merges little: *Smith* and *Smyth* differ.

    Examples:
        >>> import polars as pl
        >>> match_rating(pl.Series(["Byrne", "Boern", "Catherine", "Kathrynoglin", "7"])).to_list()
        ['BYRN', 'BRN', 'CTHRN', 'KTHGLN', None]

    References:
        G. Moore, J. Kuhns, J. Trefftzs, C. Montgomery, Accessing Individual Records from Personal Data Files Using
        Non-Unique Identifiers, NBS Special Publication 500-2 (1977).
    """
    return _coded(values, jellyfish.match_rating_codex)


def match_rating_agreement(left: pl.Series, right: pl.Series) -> pl.Series:
    """Tell of each pair of values whether the Match Rating Approach takes them for one name.

    Letters that both codes have at one place are struck out, from the left and then from the right; six less those left
    in the longer code is the rating, which must reach 2 to 5, the more the shorter the codes. One call per pair: give
    it distinct pairs.

    Args:
        left: names.
        right: names, as many.

    Returns:
        Booleans with the name of `left`; null where a value has no letter, or the codes differ by three letters and
        more in length, which the method leaves open.

    Examples:
        >>> import polars as pl
        >>> left, right = pl.Series(["Smith", "Michael", "Tim"]), pl.Series(["Smyth", "Mike", "Timothy"])
        >>> match_rating_agreement(left, right).to_list()
        [True, False, None]
    """
    pairs = zip(_letters(left), _letters(right), strict=True)
    agree = [jellyfish.match_rating_comparison(a, b) if a and b else None for a, b in pairs]
    return pl.Series(left.name, agree, dtype=pl.Boolean)


def double_metaphone(values: Column, *, alternate: bool = False) -> Column:
    """Return the Double Metaphone code of each value, at most four letters, null where nothing is spoken.

    Metaphone with rules for names from Slavic, Germanic, Romance and other languages. Where a name may be spoken in two
    ways there are two codes, the primary one as an American would say it, and an alternate one, closer to its origin;
    of other names both are equal. Two names sound alike when any of their codes agree. All vowels at the start are
    ``A``; later ones do not count.

    Args:
        values: names; words are kept apart, apostrophes vanish.
        alternate: return the alternate code instead of the primary one.

    Examples:
        >>> import polars as pl
        >>> names = pl.Series(["Smith", "Schmidt", "Catherine", "?"])
        >>> double_metaphone(names).to_list(), double_metaphone(names, alternate=True).to_list()
        (['SM0', 'XMT', 'K0RN', None], ['XMT', 'SMT', 'KTRN', None])

    References:
        L. Philips, "The Double Metaphone Search Algorithm", C/C++ Users Journal 18 (2000).
    """
    words = clean(values).str.replace_all(r"['`]", "").str.replace_all(r"[^a-z]+", " ").str.strip_chars()
    return _codes(words, lambda value: doublemetaphone(value)[alternate][:DOUBLE_METAPHONE_LETTERS])


def cologne(values: Column) -> Column:
    """Return the code of Cologne phonetics of each value: the digits of its sounds in German, null where there is none.

    Soundex for German, of any length: a letter has one digit of 0 to 8 after the letters around it, so *Meyer* and
    *Maier* share a code, and so do *Walther* and *Walter*. Runs of one digit become one, vowels (0) count only at the
    start. Sounds outside German are coded by their spelling; ``h`` alone has no code.

    Examples:
        >>> import polars as pl
        >>> cologne(pl.Series(["Müller-Lüdenscheidt", "Meyer", "Maier", "Wikipedia", "1"])).to_list()
        ['65752682', '67', '67', '3412', None]

    References:
        H. J. Postel, "Die Kölner Phonetik. Ein Verfahren zur Identifizierung von Personennamen auf der Grundlage der
        Gestaltanalyse", IBM-Nachrichten 19 (1969).
    """
    return _coded(values, _cologne)


def daitch_mokotoff(values: Column) -> Column:
    """Return the Daitch-Mokotoff codes of each value, sorted, a space between them; null where there is no letter.

    Soundex for Slavic, Yiddish and German names: six digits, also for the first letter, and combinations of up to seven
    letters are one sound (*schtsch*). Where *c*, *ch*, *ck*, *j*, *rs* or *rz* may be two sounds, there is a code for
    each; two names sound alike when they share any. Letters with marks are read as those without (*ł*, *ą*).

    Examples:
        >>> import polars as pl
        >>> daitch_mokotoff(pl.Series(["Moskowitz", "Moskovitz", "Peters", "Auerbach", "?"])).to_list()
        ['645740', '645740', '734000 739400', '097400 097500', None]

    References:
        G. Mokotoff, "Soundexing and Genealogy", https://www.avotaynu.com/soundex.htm (1985, revised by R. Daitch).
    """
    return _coded(values, _daitch_mokotoff)


def refined_soundex(values: Column) -> Column:
    """Return the Refined Soundex code of each value: its first letter and a digit per sound, null without a letter.

    Soundex with more and smaller groups of letters and without a limit of length; vowels, ``h``, ``w`` and ``y`` are 0,
    runs of one digit become one. Merges far less than Soundex: made for checking spelling.

    Examples:
        >>> import polars as pl
        >>> refined_soundex(pl.Series(["Testing", "Braz", "Broz", "Hayers", "-"])).to_list()
        ['T6036084', 'B1905', 'B1905', 'H093', None]

    References:
        Apache Commons Codec, class RefinedSoundex.
    """
    return _coded(values, lambda name: name[0].upper() + _runs_merged(name.translate(REFINED_SOUNDEX)))


def _cologne(name: str) -> str:
    """Return the Cologne code of lower-case letters."""
    digits = "".join(COLOGNE_DIGITS[found.lastindex or 0] for found in COLOGNE_LETTER.finditer(name))
    merged = _runs_merged(digits)
    return merged[:1] + merged[1:].replace("0", "")


def _daitch_mokotoff(name: str) -> str:
    """Return the Daitch-Mokotoff codes of lower-case letters.

    A branch is the code so far, the last digit of the sound before, and what the next spelling is taken for: sounds
    that have 0 or 1 at the start of a name are vowels.
    """
    first, *others = [SOUNDS[spelling] for spelling in SPELLING.findall(name)]
    branches = {("", "", sound) for sound in first}
    for place, following in enumerate([*others, [SILENCE]]):
        branches = {
            (_joined(code, last, digits), digits[-1:], after)
            for code, last, (start, before_vowel, elsewhere) in branches
            for after in following
            for digits in [start if place == 0 else before_vowel if after[0] in {"0", "1"} else elsewhere]
        }
    return " ".join(sorted({code.ljust(DAITCH_MOKOTOFF_DIGITS, "0") for code, _, _ in branches}))


def _joined(code: str, last: str, digits: str) -> str:
    """Return `code` with the `digits` of a sound, the first of them only where it differs from the one before."""
    return (code + (digits[1:] if digits[:1] == last else digits))[:DAITCH_MOKOTOFF_DIGITS]


def _runs_merged(digits: str) -> str:
    """Return `digits` with every run of one digit as that digit."""
    return re.sub(r"(.)\1+", r"\1", digits)


def _letters(values: Column) -> Column:
    """Return nothing but the letters of each value, in lower case."""
    return clean(values).str.replace_all(r"[^a-z]+", "")


def _coded(values: Column, code: Callable[[str], str]) -> Column:
    """Return `code` of the letters of each value."""
    return _codes(_letters(values), code)


def _codes(values: Column, code: Callable[[str], str]) -> Column:
    """Return `code` of each value, null where it is empty."""
    return mapped(lambda value: (code(value) or None) if value else None, values)
