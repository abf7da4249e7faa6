"""Kinds of fields with their options, and texts that any of them may meet."""

from __future__ import annotations

from hypothesis import strategies as st

from identigraph.fields import (
    Address,
    Category,
    CheckedKind,
    Date,
    Email,
    FreeText,
    Identifier,
    Money,
    Number,
    Organisation,
    PersonName,
    Phone,
    Postcode,
    Url,
)

KINDS: list[CheckedKind] = [
    Address(full="value"), Category(), Date(), Date(first_of_january="year"), Email(), FreeText(), Identifier(),
    Identifier(scheme="iban"), Identifier(scheme="luhn"), Identifier(scheme="isbn"), Money(), Money(currency="SEK"),
    Number(), Organisation(), PersonName(), Phone(), Phone(region="GB"), Phone(region="IT"), Postcode(),
    Postcode(country="us"), Url(),
]  # fmt: skip
SAMPLES = [
    "Ann Lee-Smith", "VAN DER BERG, Jan", "o'neil", "LEE Ann Marie", "Müller", "张伟", "Иван", "ann@x.com",
    "A.B+c@x.co", "a..b@x.com", "a@b@c.de", "020 7946 0958", "+44 20 7946 0958 x12", "+39 0352 6553537", "704-555-0134",
    "12/25/1990",
    "1990-02-30", "3 March 90", "1990", "1,234.5", "(12)", "12,5 €", "$5", "kr 5", "5 %", "SW1A 1AA", "10115", "k1a0b1",
    "GB82 WEST 1234 5698 7654 32", "4111111111111111", "0-471-11709-9", "https://www.x.com/A/?q", "10.0.0.1", "-a.com",
    "ACME GMBH & CO. KG", "12 HIGH ST, LONDON, SW1A1AA", "Flat 3, 12a High Street", "m", "female", "n/a", "none", "0",
    " ", "?", "x", "\u200b", "\x00", "\u0301", "1e5", "1.23E+11", "ﷺ", "½", "²", "ß", "İ", "ǅ", "\x85a", "a\u2028b",
]  # fmt: skip

texts = st.one_of(
    st.sampled_from(SAMPLES),
    st.text(max_size=15),
    st.text("aB1 0.,-+@/'&()#:x€$", max_size=15),
    st.builds(
        "{}{}{}".format, st.sampled_from(SAMPLES), st.sampled_from(["", " ", ", ", "."]), st.sampled_from(SAMPLES)
    ),
)
