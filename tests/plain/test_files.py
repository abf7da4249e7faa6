"""Resolvers as files, plain and compressed, and what is said of files that are something else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import identigraph as ig
from identigraph.errors import PlainDataError

RESOLVER = ig.Resolver(ig.block_on("größe"), [ig.similar("name", 1 / 3)], keep=5e-324)


@pytest.mark.parametrize("name", ["policy.json", "policy.json.gz", "policy"])
def test_a_file_comes_back_as_the_same_resolver_and_is_the_same_each_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    RESOLVER.write(path)
    first = path.read_bytes()
    again = ig.Resolver.read(str(path))
    assert (again, again.hash) == (RESOLVER, RESOLVER.hash)
    again.write(path)
    assert path.read_bytes() == first
    text = gzip.decompress(first) if name.endswith(".gz") else first
    assert json.loads(text) == RESOLVER.to_dict()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", b"", r"^a\.json is damaged, or no JSON$"),
        ("a.json", b"{", r"^a\.json is damaged, or no JSON$"),
        ("a.json", b"\xff\xfe\x00", r"^a\.json is damaged, or no JSON$"),
        ("a.json", b"[]", "^Resolver is read from a mapping, got 'list'"),
        ("a.json", b'{"is": "Rules"}', "^Resolver is damaged: a Rules lacks 'rules'"),
        ("a.json", b'{"is": "AllPairs"}', "^Resolver is expected, and the data describe a 'AllPairs'"),
        ("a.gz", b"{}", r"^a\.gz is damaged, or no JSON, compressed by gzip$"),
        ("a.gz", gzip.compress(b'{"is": "AllPairs"}', mtime=0)[:-9], r"^a\.gz is damaged"),
        ("a.gz", gzip.compress(b"x" * 99, mtime=0)[:12] + b"\x00" * 30, r"^a\.gz is damaged"),
    ],
)
def test_what_is_no_file_of_a_resolver_is_told(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PlainDataError, match=told):
        ig.Resolver.read(tmp_path / name)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ig.Resolver.read(tmp_path / "none.json")
