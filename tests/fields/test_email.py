"""E-mail addresses: one form for all ways to write one, and addresses that nobody owns."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.fields.email import NOBODY, Email
from identigraph.fields.kind import FieldKind

DATA = Path(__file__).parents[2].parent / "shared" / "data"

EXAMPLES = {
    "ann.lee@mail.com": ("ann.lee", "mail.com"),
    " Ann.Lee@MAIL.com ": ("ann.lee", "mail.com"),
    "ann.lee @ mail.com": ("ann.lee", "mail.com"),
    "mailto:ann@mail.com": ("ann", "mail.com"),
    "ann+shop@mail.com": ("ann", "mail.com"),
    "ann+a+b@mail.com": ("ann", "mail.com"),
    "+ann@mail.com": ("+ann", "mail.com"),
    "ａｎｎ＠mail.com": ("ann", "mail.com"),
    "josé@mail.com": ("jose", "mail.com"),
    "ann\u200b@mail.com": ("ann", "mail.com"),
    "ann@mail.co.uk": ("ann", "mail.co.uk"),
    "test1@mail.com": ("test1", "mail.com"),
    "info@mail.com": ("info", "mail.com"),
}
NOT_ONE = [
    "", "ann", "ann@", "@mail.com", "ann@mail", "ann@mail.", "ann@mail.com.", "ann@b@mail.com",
    "a@x.com,b@y.com", "abc***@mail.com", "a*c@mail.com", "704-555-0134", "n/a", "none",
    "test@mail.com", "no@mail.com", "none@none.com", "null@mail.com", "na@na.com", "n.a@mail.com", "nil@mail.com",
    "unknown@mail.com", "anonymous@mail.com", "guest@mail.com", "noemail@mail.com", "declined@mail.com",
    "noreply@mail.com", "no-reply@mail.com", "donotreply@mail.com",
]  # fmt: skip

locals_ = st.text("abcdefgxyz0123456789._-", min_size=1, max_size=10).filter(lambda local: local not in NOBODY)
domains = st.from_regex(r"\A[a-z0-9]{1,8}(\.[a-z]{2,4}){1,2}\Z")
anything = st.lists(
    st.one_of(st.text(max_size=12), st.text("ab@.+* ", max_size=10), st.builds("{}@{}".format, locals_, domains)),
    max_size=20,
    unique=True,
)


def normalized(values: list[str]) -> pl.DataFrame:
    """Return the address, local part and domain of `values`."""
    return Email().normalize("column", pl.Series(values, dtype=pl.String)).select("", "local", "domain")


def test_it_is_a_field_kind() -> None:
    assert isinstance(Email(), FieldKind)
    assert not Email.per_source
    assert Email("mail").roles("email") == {"column": "mail"}
    assert Email().roles("email") == {"column": "email"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert Email().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), EXAMPLES.items())
def test_an_address_reads(value: str, expected: tuple[str, str]) -> None:
    local, domain = expected
    assert normalized([value]).row(0) == (f"{local}@{domain}", local, domain)


@pytest.mark.parametrize("value", NOT_ONE)
def test_what_is_not_one_address_is_null(value: str) -> None:
    assert normalized([value]).row(0) == (None, None, None)


@pytest.mark.parametrize("local", [*NOBODY, "Test", "NO REPLY", "test+1", "none+shop"])
def test_an_address_that_nobody_owns_is_null(local: str) -> None:
    assert normalized([f"{local}@mail.com"]).row(0) == (None, None, None)


@given(locals_, domains, st.text("abc0", max_size=4))
def test_case_space_and_tag_make_no_difference(local: str, domain: str, tag: str) -> None:
    ways = [
        f"{local}@{domain}",
        f" {local.upper()} @{domain.upper()}",
        f"MAILTO:{local}@{domain}",
        f"{local}+{tag}@{domain}",
    ]
    assert normalized(ways).rows() == [(f"{local}@{domain}", local, domain)] * 4


@given(anything)
def test_any_text_gives_an_address_with_its_parts_or_nulls(values: list[str]) -> None:
    parts = normalized(values)
    assert tuple(Email().normalize("column", pl.Series(["x"])).columns) == Email().parts
    assert len(parts) == len(values)
    for address, local, domain in parts.iter_rows():
        assert (address is None) == (local is None) == (domain is None)
        assert address is None or (address == f"{local}@{domain}" and address.isascii() and address.count("@") == 1)


@given(anything)
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = normalized(values).drop_nulls("")
    assert normalized(once[""].to_list()).equals(once)


@given(anything)
def test_each_value_is_normalized_for_itself(values: list[str]) -> None:
    assert normalized(values).rows() == [normalized([value]).row(0) for value in values]


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")
@pytest.mark.parametrize(
    ("name", "column", "nulls"), [("contoso_customers", "EMail", 0), ("splink_fake_1000", "email", 26)]
)
def test_addresses_of_customers_are_read(name: str, column: str, nulls: int) -> None:
    values = pl.read_parquet(DATA / name / "records.parquet")[column].drop_nulls().unique()
    assert normalized(values.to_list())[""].null_count() <= nulls


def test_what_stands_around_an_address_is_dropped():
    """A name before it, angle brackets, quotes and a trailing mark are no part of an address."""
    written = ["Ann Lee <ann@x.com>", "'ann@x.com';", '"ann@x.com",', "<ann@x.com>", "mailto:ann@x.com"]
    assert Email().normalize("column", pl.Series(written))[""].to_list() == ["ann@x.com"] * len(written)


MAILBOXES = {
    "ann.lee@gmail.com": "annlee@gmail.com",
    "a.n.n+shop@googlemail.com": "ann@gmail.com",
    "ann@GMAIL.com": "ann@gmail.com",
    "ann.lee@mail.com": "ann.lee@mail.com",
    "ann.lee@gmail.com.au": "ann.lee@gmail.com.au",
    "noreply@gmail.com": None,
    "ann": None,
}


@pytest.mark.parametrize(("value", "expected"), MAILBOXES.items())
def test_a_mailbox_goes_by_one_address(value: str, expected: str | None) -> None:
    assert Email().normalize("column", pl.Series([value]))["mailbox"].to_list() == [expected]


WRITTEN = {
    " Ann.Lee+Shop@MAIL.com ": "ann.lee+shop@mail.com",
    "Ann Lee <ann@x.com>": "ann@x.com",
    "José <ann@x.com>": "ann@x.com",
    "mailto:ann@x.co.uk": "ann@x.co.uk",
    "ａｎｎ@x.com": "ann@x.com",
    "a!#$%&'+/=?^_`{|}~-z@x.com": "a!#$%&'+/=?^_`{|}~-z@x.com",
    "a*c@x.com": None,
    "ann@xn--mnchen-3ya.de": "ann@xn--mnchen-3ya.de",
    "ann@x.xn--p1ai": "ann@x.xn--p1ai",
    f"{'a' * 64}@x.com": f"{'a' * 64}@x.com",
    f"{'a' * 65}@x.com": None,
    f"a@{'b' * 63}.com": f"a@{'b' * 63}.com",
    f"a@{'b' * 64}.com": None,
    f"ann@{'b.' * 124}de": f"ann@{'b.' * 124}de",
    f"anne@{'b.' * 124}de": None,
    ".ann@x.com": None,
    "ann.@x.com": None,
    "a..b@x.com": None,
    "a,b@x.com": None,
    "josé@x.com": None,
    "ann@münchen.de": None,
    "ann@x.c": None,
    "ann@x.12": None,
    "ann@-x.com": None,
    "ann@x-.com": None,
    "ann@x_y.com": None,
    "ann@x..com": None,
    "ann@[10.0.0.1]": None,
    "noreply@x.com": None,
    "ann": None,
    "": None,
}


@pytest.mark.parametrize(("value", "expected"), WRITTEN.items())
def test_an_address_is_written_in_small_letters_if_it_is_well_formed(value: str, expected: str | None) -> None:
    values = pl.Series([value])
    assert Email().format(values).to_list() == [expected]
    assert Email().valid(values).to_list() == [expected is not None]
