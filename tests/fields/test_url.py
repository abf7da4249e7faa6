"""Addresses of web pages: host and path, however they are written."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.fields.kind import FieldKind
from identigraph.fields.url import Url

EXAMPLES = {
    "https://www.acme.com/shop/": ("acme.com/shop", "acme.com"),
    "HTTP://Acme.COM": ("acme.com", "acme.com"),
    "acme.com": ("acme.com", "acme.com"),
    "//acme.com/a?b=c#d": ("acme.com/a", "acme.com"),
    "acme.com?b=c": ("acme.com", "acme.com"),
    "acme.com#top": ("acme.com", "acme.com"),
    "ftp://me:secret@files.acme.co.uk:21/x": ("files.acme.co.uk/x", "files.acme.co.uk"),
    "www2.acme.com": ("acme.com", "acme.com"),
    "acme.com.": ("acme.com", "acme.com"),
    " acme.com/über ": ("acme.com/uber", "acme.com"),
    "www.acme-shop.de/a/b.html": ("acme-shop.de/a/b.html", "acme-shop.de"),
}
NOT_ONE = [
    "",
    "none",
    "acme",
    "http://",
    "http://localhost",
    "acme shop.com",
    "acme.com shop",
    "acme.com/a b",
    "a..b",
    "n/a",
    "/path.html/x y",
]

hosts = st.from_regex(r"\A[a-z0-9-]{1,8}(\.[a-z]{2,4}){1,2}\Z").filter(lambda host: not host.startswith("www"))
paths = st.from_regex(r"\A(/[a-z0-9._-]{1,5}){0,3}\Z")
anything = st.lists(
    st.one_of(st.text(max_size=12), st.text("ab.:/@?#w", max_size=12), st.builds("{}{}".format, hosts, paths)),
    max_size=10,
)


def normalized(values: list[str]) -> pl.DataFrame:
    """Return the parts of `values`."""
    return Url().normalize("column", pl.Series(values, dtype=pl.String))


def test_it_is_a_field_kind() -> None:
    assert isinstance(Url(), FieldKind)
    assert not Url.per_source
    assert Url("site").roles("url") == {"column": "site"}
    assert Url().roles("url") == {"column": "url"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert Url().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), EXAMPLES.items())
def test_a_page_reads_as_host_and_path(value: str, expected: tuple[str, str]) -> None:
    assert normalized([value]).row(0) == expected


@pytest.mark.parametrize("value", NOT_ONE)
def test_what_has_no_host_is_null(value: str) -> None:
    assert normalized([value]).row(0) == (None, None)


@given(hosts, paths, st.sampled_from(["", "?", "?q=1", "#x", "/"]))
def test_scheme_www_port_query_and_case_make_no_difference(host: str, path: str, tail: str) -> None:
    tail = "" if tail == "/" and not path else tail
    ways = [f"{host}{path}{tail}", f"https://www.{host}{path}{tail}", f"HTTP://{host.upper()}:80{path}{tail}"]
    assert normalized(ways).rows() == [(f"{host}{path}", host)] * 3


@given(anything)
def test_any_text_gives_a_page_with_its_host_or_nulls(values: list[str]) -> None:
    parts = normalized(values)
    assert tuple(parts.columns) == Url().parts == ("", "domain")
    assert len(parts) == len(values)
    for page, host in parts.iter_rows():
        assert (page is None) == (host is None)
        assert page is None or (page == host or page.startswith(f"{host}/"))
        assert page is None or (page.isascii() and not page.endswith("/") and "." in host)


WRITTEN = {
    "HTTPS://www.Acme.com/Shop/?q=1": "acme.com/Shop",
    "ann@Acme.co.uk:80": "acme.co.uk",
    "acme.com": "acme.com",
    "10.0.0.255/x": "10.0.0.255/x",
    "xn--mnchen-3ya.de": "xn--mnchen-3ya.de",
    "acme.xn--p1ai": "acme.xn--p1ai",
    "münchen.de/Ä": "munchen.de/a",
    f"{'a' * 63}.com": f"{'a' * 63}.com",
    f"{'a.' * 125}com": f"{'a.' * 125}com",
    f"{'a.' * 126}com": None,
    f"{'a' * 64}.com": None,
    "12.50": None,
    "10.0.0.256": None,
    "-acme.com": None,
    "acme_.com": None,
    "a.b": None,
    "acme": None,
    "": None,
}


@pytest.mark.parametrize(("value", "expected"), WRITTEN.items())
def test_an_address_is_written_without_its_scheme_if_its_host_is_well_formed(value: str, expected: str | None) -> None:
    values = pl.Series([value])
    assert Url().format(values).to_list() == [expected]
    assert Url().valid(values).to_list() == [expected is not None]
