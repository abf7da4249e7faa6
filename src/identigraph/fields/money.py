"""Sums of money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

import attrs
import polars as pl

from identigraph.calls import call_repr
from identigraph.errors import ConfigurationError
from identigraph.fields.kind import MAIN, named_columns
from identigraph.fields.number import DecimalMark, Number, is_decimal_mark
from identigraph.text import clean
from identigraph.text.columns import Column, mapped, nonempty, where

CODES = """
aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf clp
cny cop crc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd hkd hnl hrk htg huf
idr ils inr iqd irr isk jmd jod jpy kes kgs khr kmf kpw krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad mdl mga mkd mmk
mnt mop mru mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar
sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt tnd top try ttd twd tzs uah ugx usd uyu uzs ved
ves vnd vuv wst xaf xcd xcg xof xpf yer zar zmw zwg
"""
CURRENCIES = frozenset(CODES.split())
"""The codes of ISO 4217."""
SYMBOLS = {
    "€": "eur", "£": "gbp", "¥": "yen", "₹": "inr", "₽": "rub", "₩": "krw", "₺": "try", "₪": "ils", "₴": "uah",
    "₫": "vnd", "₱": "php", "฿": "thb", "₦": "ngn", "₡": "crc", "₲": "pyg", "₸": "kzt", "₾": "gel", "₵": "ghs",
    "₼": "azn", "元": "cny", "円": "jpy", "원": "krw",
}  # fmt: skip
ANY_SYMBOL = f"[{''.join(SYMBOLS)}]"
WORDS = {
    "us$": "usd", "a$": "aud", "au$": "aud", "c$": "cad", "ca$": "cad", "nz$": "nzd", "hk$": "hkd", "s$": "sgd",
    "mx$": "mxn", "r$": "brl", "nt$": "twd", "euro": "eur", "euros": "eur", "pound": "gbp", "pounds": "gbp",
    "sterling": "gbp", "yuan": "cny", "rmb": "cny", "zl": "pln", "zloty": "pln", "kc": "czk", "ft": "huf", "fr": "chf",
    "sfr": "chf", "rb": "rub", "r": "zar", "lei": "ron",
}  # fmt: skip
"""Signs and words of one currency each, cleaned."""
DOLLARS = "usd aud bbd bmd bnd bsd bzd cad fjd gyd hkd jmd kyd lrd mxn nad nzd sbd sgd srd ttd twd xcd ars clp cop uyu"
CROWNS = ("", "sek", "nok", "dkk", "isk")
RUPEES = ("inr", "pkr", "lkr", "npr", "mur", "scr")
AMBIGUOUS = {
    **dict.fromkeys(("$", "dollar", "dollars"), tuple(DOLLARS.split())),
    **dict.fromkeys(("kr", "kronor", "kroner"), CROWNS),
    **dict.fromkeys(("rs", "rupee", "rupees"), RUPEES),
    "yen": ("jpy", "cny"),
}
"""Signs of several currencies; the first is meant where nothing else is known, none where it is empty."""
SPLIT_DOLLAR = r"\b(us|au|ca|nz|hk|mx|nt) \$"
NO_CENTS = r"(\d)[.,]-+"
"""Swiss and German for a sum without cents: *5.-*, *5,--*."""
SIGN = re.compile(r"[a-z]*\$|[a-z]+\.?")
WHOLE, MILS = "bif clp djf gnf isk jpy kmf krw pyg rwf ugx vnd vuv xaf xof xpf", "bhd iqd jod kwd lyd omr tnd"
DECIMALS = dict.fromkeys(WHOLE.split(), 0) | dict.fromkeys(MILS.split(), 3)
"""Currencies without cents, and those with thousandths."""


def _code(currency: str | None) -> str | None:
    """Return `currency` in lower case."""
    return currency and currency.lower()


@attrs.frozen
class Money:
    """Sums of money: ``<field>`` amount and currency, ``.amount``, ``.currency``.

    Normalized: ``12.5 eur``, or ``12.5`` where no currency is known; the amount as a `Number`, which also tells how its
    decimal mark is found, the currency as its code of ISO 4217 in lower case, from code, sign or name. Null: no number,
    words that are no currency, percentages, two different currencies.

    *Signs of several currencies.* ``$`` is the United States' dollar unless `currency` names another dollar or a peso;
    so ``¥`` is yen or yuan, ``Rs`` the rupee of India or another, and ``kr`` is unknown without `currency`.

    Args:
        column: the column to read; left out, the column called like the field.
        currency: the currency of sums that state none, as its code of ISO 4217; None: unknown.
        decimal_mark: the decimal mark where a value leaves it open; None: found from the values.

    Raises:
        ConfigurationError: `currency` is no such code; `decimal_mark` is neither a point nor a comma.

    Examples:
        >>> import polars as pl
        >>> sums = pl.Series(["€1.299,50", "$5", "USD 5.00", "(12)", "a lot"])
        >>> Money().normalize("column", sums).rows()[:3]
        [('1299.5 eur', '1299.5', 'eur'), ('5 usd', '5', 'usd'), ('5 usd', '5', 'usd')]
        >>> Money(currency="CAD").normalize("column", sums)[""].to_list()
        ['1299.5 eur', '5 cad', '5 usd', '-12 cad', None]
    """

    per_source: ClassVar[bool] = True
    column: str | None = None
    currency: str | None = attrs.field(default=None, kw_only=True, converter=_code)
    decimal_mark: DecimalMark | None = attrs.field(default=None, kw_only=True, validator=is_decimal_mark)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        """Refuse an unknown currency."""
        if self.currency is not None and self.currency not in CURRENCIES:
            raise ConfigurationError(f"currency must be a code of ISO 4217 such as 'EUR', got {self.currency!r}")

    @property
    def parts(self) -> tuple[str, ...]:
        """Amount and currency together, and each alone."""
        return (MAIN, "amount", "currency")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column it reads."""
        return named_columns(self, ("column",), name, "column")

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns as they are."""
        return columns

    def settled(self, columns: Mapping[str, pl.Series]) -> Money:
        """Return the kind with the decimal mark that these values tell.

        Examples:
            >>> import polars as pl
            >>> Money().settled({"column": pl.Series(["€ 0,50", "€ 1.234,50"])})
            Money(decimal_mark=',')
        """
        number = Number(decimal_mark=self.decimal_mark).settled({"column": _unsigned(_text(columns["column"]))})
        return attrs.evolve(self, decimal_mark=number.decimal_mark)

    def read(self, role: str, values: Column) -> dict[str, Column]:
        """Return the sum in each value, its amount and its currency."""
        text = _text(values)
        number = Number(decimal_mark=self.decimal_mark).read(role, _unsigned(text))[MAIN]
        currency = mapped(self._currency, text)
        amount, currency = number.set(currency.is_null(), None), nonempty(currency).set(number.is_null(), None)
        return {MAIN: amount + (" " + currency).fill_null(""), "amount": amount, "currency": currency}

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the sum in each value, its amount and its currency."""
        return pl.DataFrame(self.read(role, values))

    def valid(self, values: Column) -> Column:
        """Tell of each value whether it is a sum of money, in whatever currency."""
        return self.read("column", values)[MAIN].is_not_null()

    def format(self, values: Column) -> Column:
        """Return each sum with the decimals of its currency, and more where it has more, and the code.

        Examples:
            >>> import polars as pl
            >>> Money().format(pl.Series(["€12,5", "¥1200", "3", "0.1234 USD", "?"])).to_list()
            ['12.50 EUR', '1200 JPY', '3.00', '0.1234 USD', None]
        """
        parts = self.read("column", values)
        return mapped(_written, parts["amount"], parts["currency"])

    def _currency(self, text: str) -> str | None:
        """Return the currency of a cleaned value, empty where it is unknown, None where its words are no currency."""
        signs = {found.strip(".") for found in SIGN.findall(text)}
        stated = {WORDS.get(sign, sign) for sign in signs if sign not in AMBIGUOUS}
        meant = stated or {self._meant(sign) for sign in signs} or {self.currency or ""}
        fits = len(meant) == 1 and meant <= CURRENCIES | {""} and "%" not in text
        return meant.pop() if fits else None

    def _meant(self, sign: str) -> str:
        """Return the currency of a sign of several, empty where it is unknown."""
        return self.currency if self.currency in AMBIGUOUS[sign] else AMBIGUOUS[sign][0]


def _text(values: Column) -> Column:
    """Return cleaned sums with a code for each sign of one currency."""
    plain = values.str.normalize("NFKC")
    named = where(plain.str.contains(ANY_SYMBOL), _named, plain)
    return clean(named).str.replace(SPLIT_DOLLAR, "$1$$").str.replace(NO_CENTS, "$1")


def _named(text: Column) -> Column:
    """Return text with a code, and blanks around it, for each sign of one currency."""
    for symbol, code in SYMBOLS.items():
        text = text.str.replace_all(symbol, f" {code} ", literal=True)
    return text


def _unsigned(text: Column) -> Column:
    """Return sums with one sign for all currencies."""
    return text.str.replace_all(SIGN.pattern, "$$")


def _written(amount: str, currency: str | None) -> str:
    """Return an amount with the decimals of its currency, and the code of that."""
    decimals = max(DECIMALS.get(currency or "", 2), len(amount.partition(".")[2]))
    return f"{Decimal(amount):.{decimals}f} {(currency or '').upper()}".rstrip()
