"""Names of organisations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import ClassVar

import attrs
import polars as pl
from cleanco.termdata import terms_by_country, terms_by_type

from identigraph.calls import call_repr
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.letter_case import is_abbreviation, legible, titled
from identigraph.fields.organisation_core import BETWEEN, core_names
from identigraph.text import clean
from identigraph.text.columns import Column, mapped, nonempty, one_of, recoded, wherever
from identigraph.text.tokens import Replacements, replace_tokens, sorted_tokens, spaced

ABBREVIATIONS = {
    "acad": "academy", "admin": "administration", "amer": "american", "assn": "association", "assoc": "association",
    "assocs": "associates", "bros": "brothers", "center": "centre", "chem": "chemicals", "coll": "college",
    "company": "co", "constr": "construction", "corporation": "corp", "ctr": "centre", "dept": "department",
    "edu": "education", "educ": "education", "elec": "electric", "eng": "engineering", "engg": "engineering",
    "engr": "engineering", "equip": "equipment", "fdn": "foundation", "govt": "government", "grp": "group",
    "hldg": "holdings", "hldgs": "holdings", "holding": "holdings", "hosp": "hospital", "incorporated": "inc",
    "ind": "industries", "inds": "industries", "inst": "institute", "instr": "instruments", "intl": "international",
    "labs": "lab", "laboratories": "lab", "laboratory": "lab", "limited": "ltd", "log": "logistics",
    "mach": "machinery", "mfg": "manufacturing", "mfrs": "manufacturers", "mgmt": "management", "mgt": "management",
    "mkt": "market", "mktg": "marketing", "natl": "national", "organisation": "organization",
    "pharm": "pharmaceuticals", "pharma": "pharmaceuticals", "pkg": "packaging", "prods": "products",
    "props": "properties", "rlty": "realty", "rr": "railroad", "sch": "school", "sci": "science", "soc": "society",
    "solns": "solutions", "svc": "services", "svcs": "services", "sys": "systems", "tech": "technology",
    "technologies": "technology", "telecom": "telecommunications", "transp": "transport", "und": "and",
    "univ": "university",
}  # fmt: skip
"""Words that are written in two ways, to the one that is kept."""
KEPT = Replacements(ABBREVIATIONS)

NOT_LEGAL_FORMS = {
    "at", "ba", "ca", "da", "dat", "ec", "ee", "eg", "ei", "ent", "ep", "et", "eu", "nl", "ok", "ou", "pc", "pp",
    "private", "ps", "pt", "rt", "sad", "scoop", "sd", "sem", "sep", "ses", "sf", "sp", "ss", "ud", "uk", "vat", "xt",
}  # fmt: skip
"""Legal forms of cleanco that are words or names of countries at the end of a name more often."""
MORE_LEGAL_FORMS = [
    "aktiengesellschaft", "and co", "and company", "e.k.", "gesellschaft mit beschränkter haftung", "gmbh co kg", "lc",
    "limited liability company", "limited liability partnership", "private limited", "proprietary limited",
    "public limited company", "pty", "pvt", "s.e.", "ug", "ug haftungsbeschränkt", "kabushiki kaisha",
]  # fmt: skip
SAME_LEGAL_FORM = {
    "aktiengesellschaft": "ag", "and co": "co", "gesellschaft mit beschrankter haftung": "gmbh",
    "gmbh and co kg": "gmbh co kg", "kabushiki kaisha": "kk", "ltd liability co": "llc",
    "ltd liability partnership": "llp", "private ltd": "ltd", "proprietary ltd": "ltd", "pte": "ltd", "pte ltd": "ltd",
    "pty": "ltd", "pty ltd": "ltd", "public ltd co": "plc", "pvt": "ltd", "pvt ltd": "ltd", "sp z oo": "spzoo",
    "sp zoo": "spzoo", "spolka z oo": "spzoo", "ug haftungsbeschrankt": "ug", "ultd": "unltd", "unlimited": "unltd",
    "a s": "as", "k s": "ks", "i s": "is", "p s": "ps",
}  # fmt: skip
LEGAL = """
AB AG ApS AS ASA BV Co Corp doo EIRL eG eK eV GbR GmbH Inc KG KGaA KK LC LLC LLP LP Ltd Limited NV OHG OOO Oy Oyj PAO
PLC Pte Pty Pvt SA SAS SARL SASU SE SIA SL SLU SNC SpA Srl UAB UG ULC Co. Corp. Inc. Ltd. and &
"""
LEGAL_SPELLINGS = {form.lower(): form for form in LEGAL.split()}
"""Legal forms that are not written as other words are, and what stands between them."""
SPOKEN = {*ABBREVIATIONS, "dr", "ft", "mr", "mrs", "ms", "mt", "st"}
"""Words without a vowel that are no abbreviations by letters."""
LEADING_FORM = r"^(?:the )*(ooo|oao|zao|pao|uab|sia) "
LEADING_WORDS = r"^(?:(?:the|ooo|oao|zao|pao|uab|sia) )+"
GENERIC = ["a", "an", "and", "at", "by", "de", "der", "des", "die", "du", "et", "for", "fur", "in", "la", "le", "of",
           "on", "the", "to", "y"]  # fmt: skip
"""Words that leave no letter in an acronym."""
DROPPED = Replacements(dict.fromkeys(GENERIC, ""))
NOBODY = [
    "and", "n a", "na", "none", "null", "nil", "nan", "unknown", "undefined", "not known", "not given", "not available",
    "not applicable", "not provided", "no co", "tbd", "tba", "test", "test co", "self", "self employed",
    "selfemployed", "unemployed", "retired", "student", "homemaker", "individual", "private", "private person",
    "privat", "object object",
]  # fmt: skip
NO_NAME = frozenset(NOBODY)


@attrs.frozen
class Organisation:
    """Names of organisations: ``<field>``, ``.legal_form``, ``.initials``, ``.sorted``, the words in order, ``.core``.

    Normalized: cleaned to words of lower-case ASCII; legal forms at the end dropped where a name remains, and *the* at
    the start; ``&`` is ``and``; dots in abbreviations vanish (*S.A.* is ``sa``); words with a common abbreviation get
    one form (*intl*, *international*). The legal form has one spelling (*Limited*, *Ltd.*, *Pty Ltd* are ``ltd``).
    ``.initials`` is the acronym of a name of two words and more, without *of*, *and* and their like. ``.core`` is the
    piece between commas that names the body, of values that hold its department and its place as well.

    Null: values without a letter or digit, and what stands for no organisation (``n/a``, ``self employed``).

    Args:
        column: the column to read; left out, the column called like the field.

    Examples:
        >>> import polars as pl
        >>> names = pl.Series(["The Smith & Sons Co., Ltd.", "Universal Exports Intl GmbH"])
        >>> Organisation().normalize("column", names).select("", "legal_form", "initials").rows()
        [('smith and sons', 'ltd', 'ss'), ('universal exports international', 'gmbh', 'uei')]
    """

    per_source: ClassVar[bool] = False
    column: str | None = None

    __repr__ = call_repr

    @property
    def parts(self) -> tuple[str, ...]:
        """The name, its legal form, its acronym, its words in alphabetical order, the piece that names the body."""
        return (MAIN, "legal_form", "initials", "sorted", "core")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return name, legal form, acronym, sorted words and core of each value."""
        del role
        cleaned = clean(values)
        whole, endings = _one_form(cleaned), _endings()
        rest = whole.str.replace(LEADING_WORDS, "")
        name = rest.str.replace(endings.any, "")
        form = rest.str.extract(endings.last, 1).fill_null(whole.str.extract(LEADING_FORM, 1))
        form = recoded(form, SAME_LEGAL_FORM).str.replace_all(" ", "", literal=True)
        nobody = one_of(rest, NO_NAME) | one_of(name, NO_NAME)
        name, form = name.set(nobody, None), form.set(nobody, None)
        parts = {MAIN: name, "legal_form": form, "initials": initials(name), "sorted": sorted_tokens(name)}
        return parts | {"core": _cores(cleaned, name)}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return name, legal form, acronym, sorted words and core of each value."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether it names an organisation."""
        return self.read("column", values)[MAIN].is_not_null()

    def format(self, values: Column) -> Column:
        """Return each name with its legal form; with the capitals of a title where its own case says nothing.

        Weak: of names in one case, short words without a vowel are taken for abbreviations (*BMW*), others are not.

        Examples:
            >>> import polars as pl
            >>> Organisation().format(pl.Series(["BANK OF BMW GMBH & CO. KG", "eBay  Inc.", "n/a"])).to_list()
            ['Bank of BMW GmbH & Co. KG', 'eBay Inc.', None]
        """
        return mapped(lambda name: titled(name, _fixed), legible(values).set(~self.valid(values), None))


def _fixed(words: list[str], place: int) -> str | None:
    """Return how the word at a `place` of a name in small letters is written, where it is no common word."""
    word = words[place]
    if place and all(later.strip(",") in LEGAL_SPELLINGS for later in words[place:]):
        bare = word.strip(",")
        return word.replace(bare, LEGAL_SPELLINGS[bare])
    is_spoken = word.strip(".,") in SPOKEN
    return word.upper() if is_abbreviation(word) and not is_spoken else None


@cache
def legal_forms() -> tuple[str, ...]:
    """Return the legal forms that are dropped from the end of a name, as normalized words, the longest first.

    Examples:
        >>> "sa de cv" in legal_forms(), "gmbh" in legal_forms(), "uk" in legal_forms()
        (True, True, False)
    """
    lists = (*terms_by_type.values(), *terms_by_country.values(), MORE_LEGAL_FORMS)
    terms = set(_words(pl.Series([term for terms in lists for term in terms]))) - NOT_LEGAL_FORMS
    return tuple(sorted(terms, key=lambda term: (-len(term), term)))


@attrs.frozen
class _Endings:
    """Patterns of legal forms at the end of a name.

    Args:
        any: one or more of them.
        last: the last one.
        alone: text that is nothing but legal forms.
    """

    any: str
    last: str
    alone: str


@cache
def _endings() -> _Endings:
    forms = "|".join(legal_forms())
    return _Endings(rf"(?: (?:{forms}))+$", rf" ({forms})$", rf"^(?:(?:{forms})(?: |$))+$")


def initials(names: Column) -> Column:
    """Return the first letters of the words of each normalized name, without *of*, *and*; null for one word alone.

    Examples:
        >>> import polars as pl
        >>> initials(pl.Series(["bank of new york", "acme"])).to_list()
        ['bny', None]
    """
    letters = replace_tokens(names, DROPPED).str.replace_all(r"([a-z0-9])[a-z0-9]* ?", "$1")
    return letters.set(letters.str.len_bytes() < 2, None)


def _cores(cleaned: Column, names: Column) -> Column:
    """Return the piece of each value that names the body, normalized; the name itself where there is one piece."""
    several = cleaned.str.contains(BETWEEN) & names.is_not_null()
    return wherever(several, _cores_of_several, cleaned, names)[1]


def _cores_of_several(cleaned: Column, names: Column) -> tuple[Column, Column]:
    """Return cleaned values, and of each the piece that names the body, or else its name."""
    return cleaned, core_names(cleaned, _named).fill_null(names)


def _named(pieces: Column) -> Column:
    """Return the names that pieces are, null where they are legal forms alone."""
    endings = _endings()
    whole = _one_form(pieces).str.replace(LEADING_WORDS, "").str.replace(endings.alone, "")
    return nonempty(whole.str.replace(endings.any, ""))


def _words(values: pl.Series) -> pl.Series:
    """Return `values` as words, each in the one form that is kept."""
    return _one_form(clean(values))


def _one_form(cleaned: Column) -> Column:
    """Return cleaned text as words, each in the one form that is kept."""
    spelled = cleaned.str.replace_all(r"[&+]", " and ").str.replace_all(r"\b([a-z])\.", "$1")
    return replace_tokens(spaced(spelled), KEPT)
