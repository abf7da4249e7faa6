"""Schemes of identifiers with check digits: what the package ``stdnum`` knows, each loaded when it is needed."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache, partial

import attrs
import stdnum
from stdnum.util import clean

from identigraph.errors import ConfigurationError

ALIASES = {"vat": "eu.vat", "card": "luhn"}
WRONG = (ValueError, LookupError)
"""What functions of ``stdnum`` raise on values that do not follow their scheme."""
MARKS = " -./"
NO_SCHEMES = {"exceptions", "iso9362", "numdb", "util"}


@attrs.frozen
class Scheme:
    """A scheme of identifiers.

    Args:
        validate: returns a value in the one form of the scheme; raises one of `WRONG` where it is none.
        write: returns what `validate` returned in the form for people.
    """

    validate: Callable[[str], str]
    write: Callable[[str], str]

    def compact(self, value: str) -> str | None:
        """Return `value` in the one form of the scheme, None where it does not follow the scheme."""
        try:
            return self.validate(value)
        except WRONG:
            return None

    def written(self, value: str) -> str | None:
        """Return `value` in the form of the scheme for people, None where it does not follow the scheme."""
        compact = self.compact(value)
        try:
            return None if compact is None else self.write(compact)
        except WRONG:
            return compact


@cache
def scheme(name: str) -> Scheme:
    """Return the scheme called `name`.

    Args:
        name: an international scheme, such as ``"iban"``, or a national one behind its country: ``"de.idnr"``.

    Raises:
        ConfigurationError: there is no such scheme; the message names the closest.

    Examples:
        >>> scheme("iban").compact("de89 3704 0044 0532 0130 00"), scheme("iban").compact("DE00")
        ('DE89370400440532013000', None)
        >>> scheme("isbn").written("0471117099")
        '978-0-471-11709-4'
    """
    try:
        module = pkgutil.resolve_name(f"stdnum.{ALIASES.get(name, name)}")
        validate = module.validate
    except (ImportError, AttributeError, ValueError) as error:
        close = get_close_matches(name, known_schemes(), n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, close))}?" if close else "'iban', 'vat', 'us.ssn' are such"
        raise ConfigurationError(f"no scheme {name!r}; {hint}") from error
    if name == "isbn":
        validate = partial(validate, convert=True)
    if not hasattr(module, "compact"):
        return Scheme(partial(_bare_validated, validate), in_fours)
    return Scheme(validate, getattr(module, "format", str))


@cache
def known_schemes() -> tuple[str, ...]:
    """Return the names of all schemes.

    Examples:
        >>> {"iban", "vat", "gb.nhs", "br.cpf"} <= set(known_schemes())
        True
    """
    found = pkgutil.walk_packages(stdnum.__path__, "stdnum.")
    names = (module.name.removeprefix("stdnum.") for module in found if not module.ispkg)
    return (*ALIASES, *(name for name in names if name not in NO_SCHEMES))


def in_fours(number: str) -> str:
    """Return a number in groups of four.

    Examples:
        >>> in_fours("4111111111111111")
        '4111 1111 1111 1111'
    """
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _bare_validated(validate: Callable[[str], str], value: str) -> str:
    """Return a number of a scheme that takes digits only, without what stands between them."""
    return validate(clean(value, MARKS).strip())
