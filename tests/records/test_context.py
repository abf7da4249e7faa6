"""What the other columns of the rows tell of a column: names by addresses, towns by postcodes, names by genders."""

from __future__ import annotations

import random

import polars as pl
import pytest

from identigraph.records.context import recognize_in_context
from identigraph.records.infer import infer_fields
from identigraph.records.profile import ColumnProfile
from identigraph.records.recognition import recognize

ROWS = 600
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu"]
MADE = {kind: ["".join(random.Random(f"{kind}{i}").choices(SYLLABLES, k=3)) + end for i in range(many)]
        for kind, many, end in (("given", 60, "n"), ("family", 200, "x"), ("town", 40, "ville"), ("firm", 150, "wk"))
        }  # fmt: skip


def row(r: random.Random) -> dict[str, str | None]:
    """Return what one made-up person says, all of it."""
    given, town = r.randrange(60), r.randrange(40)
    first, last = MADE["given"][given], MADE["family"][r.randrange(200)]
    moved = r.random() < 0.2
    firm = f"{r.choice(MADE['firm'])} {r.choice(['wood', 'steel', 'trade'])}"
    return {
        "given": first, "family": last, "full": f"{first} {last}", "second": MADE["family"][r.randrange(200)],
        "email": f"{first}.{last}{r.randint(1, 99)}@mail.com",
        "work": f"{r.randint(1, 9999)}@{firm.replace(' ', '-')}.com",
        "firm": firm, "site": f"www.{firm.replace(' ', '')}.com",
        "gender": "mf"[given % 2], "birth": f"{r.randint(1940, 2000)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
        "town": MADE["town"][town], "code": f"{town + 10}{r.randint(0, 999):03}", "state": f"{'nesw'[town % 4]}shire",
        "any code": str(r.randint(10_000, 10_400)),
        "street": None if moved else f"{r.choice(MADE['town'])} {r.choice(['road', 'street', 'lane'])}",
        "number": f"{min(int(r.expovariate(0.02)) + 1, 300)}{r.choice(['', '', '', 'a'])}",
        "line": f"{r.randint(1, 300)} {r.choice(MADE['town'])} {r.choice(['road', 'view', 'gate'])}",
        "land": r.choice(["France", "Spain", "Italy"]),
        "year": str(r.randint(1930, 2000)), "month": str(r.randint(1, 12)), "day": str(r.randint(1, 31)),
        "sparse town": None if moved else MADE["town"][town],
        "sparse code": None if moved else str(r.randint(10_000, 10_300)),
    }  # fmt: skip


def table(*columns: str) -> pl.DataFrame:
    """Return some of the columns, under names that say nothing."""
    r = random.Random(7)
    rows = [row(r) for _ in range(ROWS)]
    return pl.DataFrame(
        {f"c{i}": pl.Series([one[name] for one in rows], dtype=pl.String) for i, name in enumerate(columns)}
    )


def roles(frame: pl.DataFrame) -> list[str]:
    """Return kind and role of each column."""
    found = infer_fields(frame).columns
    return [f"{found[name].kind}.{found[name].role}" for name in frame.columns]


GIVEN, FAMILY, FULL = "person_name.given", "person_name.family", "person_name.full"
FIRM, CITY, STATE = "organisation.column", "address.city", "address.state"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("email", "given", "family"), ["email.column", GIVEN, FAMILY]),
        (("family", "email", "given"), [FAMILY, "email.column", GIVEN]),
        (("email", "full"), ["email.column", FULL]),
        (("work", "firm"), ["email.column", FIRM]),
        (("site", "firm"), ["url.column", FIRM]),
        (("gender", "given", "family"), ["category.column", GIVEN, FAMILY]),
        (("birth", "given", "family"), ["date.full", GIVEN, FAMILY]),
        (("gender", "given", "family", "second"), ["category.column", GIVEN, FAMILY, FAMILY]),
        (("gender", "given", "family", "full"), ["category.column", GIVEN, FAMILY, FULL]),
        (("code", "town"), ["address.postcode", CITY]),
        (("line", "town", "state"), ["address.street", CITY, STATE]),
        (("sparse code", "sparse town", "street"), ["address.postcode", CITY, "address.street"]),
        (("street", "number"), ["address.street", "address.number"]),
        (("line", "land"), ["address.street", "address.country"]),
        (("year", "month", "day", "gender"), ["date.year", "date.month", "date.day", "category.column"]),
        (("year", "month", "birth"), ["number.column", "category.column", "date.full"]),
        # nothing agrees, so nothing is told
        (("given", "family"), ["text.column", "text.column"]),
        (("any code", "given"), ["identifier.column", "text.column"]),
        (("land", "given"), ["category.column", "text.column"]),
        (("number", "given"), ["text.column", "text.column"]),
        (("gender", "family"), ["category.column", "text.column"]),
        (("firm", "email"), ["text.column", "email.column"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_columns_are_told_from_each_other(columns: tuple[str, ...], expected: list[str]) -> None:
    assert roles(table(*columns)) == expected


def test_the_order_of_rows_changes_nothing() -> None:
    for columns in (("email", "given", "family", "full"), ("gender", "given", "family"), ("code", "town", "street")):
        frame = table(*columns)
        assert roles(frame.sample(fraction=1, shuffle=True, seed=3)) == roles(frame)


def test_what_is_named_is_not_overruled() -> None:
    frame = table("email", "given").rename({"c1": "city"})
    assert roles(frame) == ["email.column", CITY]


def test_nothing_is_told_of_a_table_without_rows() -> None:
    frame = table("email", "given", "town", "code", "gender").head(0)
    profiles = {name: ColumnProfile.of(frame[name]) for name in frame.columns}
    assert recognize_in_context(frame, profiles, {n: recognize(p) for n, p in profiles.items()}) == {}
