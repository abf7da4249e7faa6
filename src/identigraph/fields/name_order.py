"""How the name of a person is taken apart: title, given names, family name, suffix.

Text in, pieces out, a whole series at a time. A full name is bared of titles and of what stands behind it, brought into
the order *given, family*, and cut.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from identigraph.fields.nicknames import nickname_groups
from identigraph.text import clean
from identigraph.text.clean import INVISIBLE, NOT_ASCII
from identigraph.text.columns import Column, case, coalesced, empty, ends, halves, nonempty, one_of, recoded, where
from identigraph.text.single import Single
from identigraph.text.tokens import spaced

TITLES = (
    "mr|mrs|ms|miss|mx|mister|mistress|master|messrs|sir|dame|lord|lady|dr|doctor|prof|professor|rev|revd|reverend|fr|"
    "father|rt|right|hon|honourable|honorable|capt|captain|cmdr|commander|maj|major|col|colonel|lt|lieut|lieutenant|"
    "gen|general|brig|brigadier|adm|admiral|sgt|sergeant|cpl|corporal|pvt|judge|herr|frau|fraulein|mme|mlle|madame|"
    "mademoiselle|monsieur|sig|signor|signora|sr|sra|srta|senor|senora|dhr|mevr|mevrouw|shri|smt|haji|hajji|ing|dipl"
)
"""What stands before a name. Single letters (*M.* for *Monsieur*) are not here: they are initials far more often."""
FORENAME_TITLES = "sir|dame|fr|father"
"""Titles that a given name follows: *Sir John*, but *Mr Smith*."""
POST_NOMINALS = (
    "md|m d|phd|ph d|dphil|esq|esquire|obe|mbe|cbe|kbe|dbe|gbe|kcb|gcb|cb|kg|kt|qc|mp|msp|bt|bart|baronet|frs|frcs|"
    "frcp|dds|dvm|cpa|llb|llm|mba|msc|bsc|usn|usaf|retd"
)
SUFFIXES = {
    "jr": "jr", "jnr": "jr", "junior": "jr", "sr": "sr", "snr": "sr", "senior": "sr",
    "ii": "ii", "iii": "iii", "iv": "iv", "2nd": "ii", "3rd": "iii", "4th": "iv",
}  # fmt: skip
PARTICLES = (
    "van|von|vom|der|den|de|del|della|dalla|di|do|dos|das|da|du|la|le|los|las|el|al|bin|bint|ibn|ben|abu|ter|ten|te|"
    "zu|zur|af|av|st|san|santa"
)
PEERAGE = "baronet|bart|bt|baron|baroness|viscount|viscountess|earl|duke|duchess|marquess|marchioness|count|countess"

SUFFIX = "|".join(SUFFIXES)
LEADING_TITLES = rf"^(?:(?:{TITLES})[ ,]+)+"
LEADING_FORENAME_TITLE = rf"^(?:{FORENAME_TITLES})[ ,]"
TAIL = rf"(?:[ ,]+(?:{POST_NOMINALS}|{SUFFIX}))+$"
TAIL_SUFFIX = rf"[ ,]({SUFFIX})(?:[ ,]+(?:{POST_NOMINALS}))*$"
LEADING_TAIL = rf"^(?:(?:{POST_NOMINALS}|{SUFFIX}),)+"
LEADING_SUFFIX = rf"^(?:(?:{POST_NOMINALS}),)*({SUFFIX}),"
RANK = (
    rf"(?:^|[ ,]+)(?:[0-9]+(?:st|nd|rd|th)\b[ ,]*(?:(?:lord )?(?:{PEERAGE})\b)?[ ,]*(?:of\b[ ,]*)?)+"
    rf"|,(?:{PEERAGE}|of)\b[ ,]*(?:of\b[ ,]*)?"
)
"""Ranks of the peerage, where an ordinal or a comma tells them from names: *Earl Jones* has none."""
ASIDE = r' (?:\([^)]*\)|"[^"]*")'
MC = r"(^mc|[ ,]mc| mac) ([a-z]{2,})"
FAMILY_AT_START = rf"^((?:(?:{PARTICLES}) )*[^ ,]+) ([^,]+)$"
FAMILY_AT_END = rf" ((?:(?:{PARTICLES}) )*[^ ]+)$"
DOUBLE_BARRELLED = rf"((?:(?:{PARTICLES}) )*[a-z'`]+(?:-[a-z'`]+)+)[^-]*$"
CAPITALS = r"\p{Lu}[\p{Lu}.'’-]*"
CAPITAL_FAMILY = rf"^\s*((?:{CAPITALS}\s+)*\p{{Lu}}[\p{{Lu}}'’-]{{2,}}(?:\s+{CAPITALS})*)\s+(\p{{Lu}}\p{{Ll}}.*)$"
HAN_NAME = r"^\s*(欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|\p{Han})(\p{Han}{1,2})\s*$"
HANGUL_NAME = r"^\s*([가-힣])([가-힣]{2})\s*$"
LETTERS = "^[a-z]+(?: [a-z]+)*$"
CUT_FAMILY = r"^(mac|o) ([a-z]{2,})$"
GIVEN = ("given", "middle")

FEWEST_TELLING_NAMES = 5
FAMILY_FIRST_FACTOR = 2
"""A source writes the family name first when given names come last this many times as often as first."""


def full_names(values: Column, *, family_first: bool | None = None) -> dict[str, Column]:
    """Return the pieces of full names.

    Args:
        values: the full names of one source.
        family_first: whether names without a comma start with the family name; left out, the names themselves tell.

    Examples:
        >>> import polars as pl
        >>> names = full_names(pl.Series(["Sir John St. John, 3rd Bt.", "LEE Ann Marie", "Mr Jones"]))
        >>> pl.DataFrame(names).rows()
        [('john', None, 'st john', None), ('ann', 'marie', 'lee', None), (None, None, 'jones', None)]
    """
    text = clean(_family_marked(values))
    plain, double = _plain(text), spaced(text.str.extract(DOUBLE_BARRELLED))
    bare = _bare(plain)
    if is_family_first(bare) if family_first is None else family_first:
        bare = bare.str.replace(FAMILY_AT_START, "$1,$2")
    name, told, suffix = _turned(bare)
    formal = plain.str.contains(LEADING_TITLES) & ~plain.str.contains(LEADING_FORENAME_TITLE)
    alone = formal & (~name.str.contains(" ", literal=True) | (name == double).fill_null(value=False))
    at_end = case((ends(name, " " + double), double), default=name.str.extract(FAMILY_AT_END))
    is_told = ends(name, " " + told) | (name == told)
    family = case((is_told, told), (alone, name), default=at_end)
    given = name.str.strip_suffix(family.fill_null(""))
    return _pieces(given, family, coalesced(_suffix(plain), suffix))


def family_comes_first(values: pl.Series) -> bool:
    """Tell whether the full names of one source start with the family name, by `is_family_first`.

    Examples:
        >>> import polars as pl
        >>> family_comes_first(pl.Series(["Dr. Wu Ann", "Gruber Bob", "Kraus Paul", "Brandt Eva", "Hochnadel P."]))
        True
    """
    return is_family_first(_bare(_plain(clean(_family_marked(values)))))


def given_names(values: Column) -> dict[str, Column]:
    """Return first and further given names, and the suffix, of a column of given names.

    Examples:
        >>> import polars as pl
        >>> names = given_names(pl.Series(["Mary-Ann", "Morris II", "J."]))
        >>> {piece: column.to_list() for piece, column in names.items()}
        {'given': ['mary', 'morris', 'j'], 'middle': ['ann', None, None], 'suffix': [None, 'ii', None]}
    """
    names = _plain(clean(values)).str.replace_all(",", " ", literal=True)
    return _pieces(_bare(names), None, _suffix(names))


def family_names(values: Column) -> dict[str, Column]:
    """Return the family name with its particles, and the suffix, of a column of family names.

    Examples:
        >>> import polars as pl
        >>> names = family_names(pl.Series(["van der Berg", "O Brien", "Brown, Jr."]))
        >>> {piece: column.to_list() for piece, column in names.items()}
        {'family': ['van der berg', 'obrien', 'brown'], 'suffix': [None, None, 'jr']}
    """
    names = _plain(clean(values)).str.replace_all(",", " ", literal=True)
    return _pieces(None, _bare(names).str.replace(CUT_FAMILY, "$1$2"), _suffix(names))


def _pieces(given: Column | None, family: Column | None, suffix: Column) -> dict[str, Column]:
    """Return the pieces of names, with the first word of `given` cut off from the further ones."""
    pieces = {} if given is None else dict(zip(GIVEN, halves(nonempty(given.str.strip_chars(" ")), " "), strict=True))
    if family is not None:
        pieces["family"] = family
    return pieces | {"suffix": recoded(suffix, SUFFIXES)}


def _family_marked(values: Column) -> Column:
    """Return `values` with a comma behind a family name that its letters give away: capitals, Han, Hangul."""
    marked = where(values.str.contains(NOT_ASCII), _foreign_family_marked, values)
    return marked.str.replace(CAPITAL_FAMILY, "$1,$2")


def _foreign_family_marked(values: Column) -> Column:
    """Return names that are not ASCII with a comma behind a family name of one Han or Hangul word."""
    plain = values.str.normalize("NFKC").str.replace_all(INVISIBLE, "")
    return plain.str.replace(HAN_NAME, "$1,$2").str.replace(HANGUL_NAME, "$1,$2")


def _plain(text: Column) -> Column:
    """Return cleaned text as words with commas where it had some, without asides and ranks of the peerage."""
    whole = where(~text.str.contains(LETTERS), _without_marks, text).str.replace_all(MC, "$1$2")
    return whole.set(~whole.str.contains("[a-z]"), None)


def _without_marks(text: Column) -> Column:
    """Return cleaned text as `_plain` does, where it is more than letters."""
    plain = text.str.replace_all(ASIDE, " ").str.replace_all(r"['`]", "")
    marked = plain.str.replace_all(r"[^a-z0-9,]+", " ").str.replace_all(r" ?,[ ,]*", ",")
    return marked.str.replace_all(RANK, " ").str.strip_chars(" ,")


def _bare(names: Column) -> Column:
    """Return `names` without the titles in front and the letters behind, where something remains."""
    return where(names.str.contains("[ ,]"), _without_titles, names)


def _without_titles(names: Column) -> Column:
    return names.str.replace(LEADING_TITLES, "").str.replace(TAIL, "")


def _suffix(names: Column) -> Column:
    """Return the suffix behind each name, as written."""
    return names.str.extract(TAIL_SUFFIX)


def _turned(bare: Column) -> tuple[Column, Column, Column]:
    """Return each name without commas, *Family, Given* turned round, and what its comma tells: family name and suffix.

    *George Rous, Stradbroke* is not turned round: a known given name leads, and none follows the comma.
    """
    none = empty(bare)
    if not bare.str.contains(",", literal=True).any():
        return bare, none, none
    before, behind = halves(bare, ",")
    leads, follows = _is_given_name(before.str.extract(r"^([^ ]+) ")), _is_given_name(behind.str.extract(r"^([^ ,]+)"))
    inverted = behind.is_not_null() & (~leads | follows)
    whole = case((inverted, behind.str.replace(LEADING_TAIL, "") + " " + before), default=before + " " + behind)
    name = _bare(whole.str.replace_all(",", " ", literal=True)).str.replace_all(MC, "$1$2")
    suffix = coalesced(_suffix(before), behind.str.extract(LEADING_SUFFIX))
    found = behind.is_not_null()
    return case((found, name), default=bare), case((inverted, _bare(before))), case((found, suffix))


def is_family_first(names: pl.Series | Single) -> bool:
    """Tell whether the names of one source start with the family name, judging by known given names at either end.

    Only names with a known given name, or an initial, at one end and none at the other count, and fewer than 5 of them
    say nothing: then the given name is taken to come first. So it is for sources whose names are not known.

    Examples:
        >>> import polars as pl
        >>> names = pl.Series(["wu ann", "gruber bob", "kraus paul", "brandt eva", "hochnadel p"])
        >>> is_family_first(names), is_family_first(names.head(4))
        (True, False)
    """
    if isinstance(names, Single):
        return False
    plain = names.filter(~names.str.contains(",", literal=True))
    first, last = (_is_given_name(plain.str.extract(end)) for end in (r"^([a-z]+) ", r" ([a-z]+)$"))
    at_start, at_end = int((first & ~last).sum()), int((last & ~first).sum())
    return at_start + at_end >= FEWEST_TELLING_NAMES and at_end >= FAMILY_FIRST_FACTOR * at_start


def _is_given_name(names: Column) -> Column:
    """Tell of each word whether it is a known given name or an initial."""
    return one_of(names, known_given_names()) | (names.str.len_bytes() == 1).fill_null(value=False)


@cache
def known_given_names() -> frozenset[str]:
    """Return the given names and nicknames of the package ``nicknames``, without those that are particles too.

    Examples:
        >>> "paul" in known_given_names(), "van" in known_given_names()
        (True, False)
    """
    return frozenset(nickname_groups()["name"]) - frozenset(PARTICLES.split("|"))
