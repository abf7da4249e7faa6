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

FEWEST_TELLING_NAMES = 5
FAMILY_FIRST_FACTOR = 2
"""A source writes the family name first when given names come last this many times as often as first."""


def full_names(values: pl.Series, *, family_first: bool | None = None) -> pl.DataFrame:
    """Return the pieces of full names.

    Args:
        values: the full names of one source.
        family_first: whether names without a comma start with the family name; left out, the names themselves tell.

    Examples:
        >>> import polars as pl
        >>> full_names(pl.Series(["Sir John St. John, 3rd Bt.", "LEE Ann Marie", "Mr Jones"])).rows()
        [('john', None, 'st john', None), ('ann', 'marie', 'lee', None), (None, None, 'jones', None)]
    """
    text = clean(_family_marked(values))
    plain, double = _plain(text), spaced(text.str.extract(DOUBLE_BARRELLED))
    bare = _bared(plain)
    if is_family_first(bare) if family_first is None else family_first:
        bare = bare.str.replace(FAMILY_AT_START, "$1,$2")
    frame = _turned(bare).with_columns(plain.alias("plain"), double.alias("double"))
    name, family = pl.col("name"), pl.col("family")
    told = name.str.ends_with(" " + family) | (name == family)
    formal = pl.col("plain").str.contains(LEADING_TITLES) & ~pl.col("plain").str.contains(LEADING_FORENAME_TITLE)
    alone = formal & (~name.str.contains(" ", literal=True) | (name == pl.col("double")).fill_null(value=False))
    at_end = (
        pl.when(name.str.ends_with(" " + pl.col("double"))).then("double").otherwise(name.str.extract(FAMILY_AT_END))
    )
    frame = frame.with_columns(
        family=pl.when(told).then(family).when(alone).then(name).otherwise(at_end),
        suffix=pl.coalesce(_suffix(pl.col("plain")), "suffix"),
    )
    return _cut(frame, name.str.strip_suffix(family.fill_null("")))


def family_comes_first(values: pl.Series) -> bool:
    """Tell whether the full names of one source start with the family name, by `is_family_first`.

    Examples:
        >>> import polars as pl
        >>> family_comes_first(pl.Series(["Dr. Wu Ann", "Gruber Bob", "Kraus Paul", "Brandt Eva", "Hochnadel P."]))
        True
    """
    return is_family_first(_bared(_plain(clean(_family_marked(values)))))


def given_names(values: pl.Series) -> pl.DataFrame:
    """Return first and further given names, and the suffix, of a column of given names.

    Examples:
        >>> import polars as pl
        >>> given_names(pl.Series(["Mary-Ann", "Morris II", "J."])).select("given", "middle", "suffix").rows()
        [('mary', 'ann', None), ('morris', None, 'ii'), ('j', None, None)]
    """
    frame = _plain(clean(values)).str.replace_all(",", " ", literal=True).to_frame("name")
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias("family"), _suffix(pl.col("name")).alias("suffix"))
    return _cut(frame, _bare(pl.col("name")))


def family_names(values: pl.Series) -> pl.DataFrame:
    """Return the family name with its particles, and the suffix, of a column of family names.

    Examples:
        >>> import polars as pl
        >>> family_names(pl.Series(["van der Berg", "O Brien", "Brown, Jr."])).select("family", "suffix").rows()
        [('van der berg', None), ('obrien', None), ('brown', 'jr')]
    """
    frame = _plain(clean(values)).str.replace_all(",", " ", literal=True).to_frame("name")
    family = _bare(pl.col("name")).str.replace(r"^(mac|o) ([a-z]{2,})$", "$1$2")
    frame = frame.with_columns(family.alias("family"), _suffix(pl.col("name")).alias("suffix"))
    return _cut(frame, pl.lit(None, dtype=pl.String))


def _cut(frame: pl.DataFrame, given: pl.Expr) -> pl.DataFrame:
    """Return the pieces, with the first word of `given` cut off from the further ones."""
    first = given.str.strip_chars(" ").replace("", None).str.splitn(" ", 2).struct
    pieces = frame.select(
        first.field("field_0").alias("given"), first.field("field_1").alias("middle"), "family", "suffix"
    )
    return pieces.with_columns(pl.col("suffix").replace(SUFFIXES))


def _family_marked(values: pl.Series) -> pl.Series:
    """Return `values` with a comma behind a family name that its letters give away: capitals, Han, Hangul."""
    foreign = values.str.contains(NOT_ASCII).fill_null(value=False).arg_true()
    plain = values.gather(foreign).str.normalize("NFKC").str.replace_all(INVISIBLE, "")
    named = plain.str.replace(HAN_NAME, "$1,$2").str.replace(HANGUL_NAME, "$1,$2")
    return values.clone().scatter(foreign, named).str.replace(CAPITAL_FAMILY, "$1,$2")


def _plain(text: pl.Series) -> pl.Series:
    """Return cleaned text as words with commas where it had some, without asides and ranks of the peerage."""
    plain = text.str.replace_all(ASIDE, " ").str.replace_all(r"['`]", "")
    marked = plain.str.replace_all(r"[^a-z0-9,]+", " ").str.replace_all(r" ?,[ ,]*", ",")
    whole = marked.str.replace_all(RANK, " ").str.strip_chars(" ,").str.replace_all(MC, "$1$2")
    return whole.set(~whole.str.contains("[a-z]"), None)


def _bare(names: pl.Expr) -> pl.Expr:
    """Return `names` without the titles in front and the letters behind, where something remains."""
    return names.str.replace(LEADING_TITLES, "").str.replace(TAIL, "")


def _bared(names: pl.Series) -> pl.Series:
    """Return a column of names as `_bare` does."""
    return names.to_frame("name").select(_bare(pl.col("name"))).to_series()


def _suffix(names: pl.Expr) -> pl.Expr:
    """Return the suffix behind each name, as written."""
    return names.str.extract(TAIL_SUFFIX)


def _turned(bare: pl.Series) -> pl.DataFrame:
    """Return each name without commas, *Family, Given* turned round, and what its comma tells: family name and suffix.

    *George Rous, Stradbroke* is not turned round: a known given name leads, and none follows the comma.
    """
    rows = bare.str.contains(",", literal=True).fill_null(value=False).arg_true()
    halves = bare.gather(rows).str.splitn(",", 2).struct.rename_fields(["family", "rest"]).struct.unnest()
    leads = _is_given_name(halves["family"].str.extract(r"^([^ ]+) "))
    follows = _is_given_name(halves["rest"].str.extract(r"^([^ ,]+)"))
    family, rest, none = pl.col("family"), pl.col("rest"), pl.lit(None, dtype=pl.String)
    whole = pl.when("inverted").then(rest.str.replace(LEADING_TAIL, "") + " " + family).otherwise(family + " " + rest)
    turned = halves.with_columns(inverted=~leads | follows).select(
        name=_bare(whole.str.replace_all(",", " ", literal=True)).str.replace_all(MC, "$1$2"),
        family=pl.when("inverted").then(_bare(family)),
        suffix=pl.coalesce(_suffix(family), rest.str.extract(LEADING_SUFFIX)),
    )
    every = pl.DataFrame({"name": bare}).with_columns(none.alias("family"), none.alias("suffix"))
    return pl.DataFrame([column.clone().scatter(rows, turned[column.name]) for column in every])


def is_family_first(names: pl.Series) -> bool:
    """Tell whether the names of one source start with the family name, judging by known given names at either end.

    Only names with a known given name, or an initial, at one end and none at the other count, and fewer than 5 of them
    say nothing: then the given name is taken to come first. So it is for sources whose names are not known.

    Examples:
        >>> import polars as pl
        >>> names = pl.Series(["wu ann", "gruber bob", "kraus paul", "brandt eva", "hochnadel p"])
        >>> is_family_first(names), is_family_first(names.head(4))
        (True, False)
    """
    plain = names.filter(~names.str.contains(",", literal=True))
    first, last = (_is_given_name(plain.str.extract(end)) for end in (r"^([a-z]+) ", r" ([a-z]+)$"))
    at_start, at_end = int((first & ~last).sum()), int((last & ~first).sum())
    return at_start + at_end >= FEWEST_TELLING_NAMES and at_end >= FAMILY_FIRST_FACTOR * at_start


def _is_given_name(names: pl.Series) -> pl.Series:
    """Tell of each word whether it is a known given name or an initial."""
    known = names.is_in(known_given_names().implode()) | (names.str.len_bytes() == 1)
    return known.fill_null(value=False)


@cache
def known_given_names() -> pl.Series:
    """Return the given names and nicknames of the package ``nicknames``, without those that are particles too.

    Examples:
        >>> known_given_names().is_in(["paul", "van"]).sum()
        1
    """
    names = nickname_groups()["name"].unique().sort()
    return names.filter(~names.is_in(PARTICLES.split("|")))
