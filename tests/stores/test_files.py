"""Dumps of stores: all of a store goes to files and comes back, and files that are not as they were are told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from shutil import copyfile, rmtree

import polars as pl
import pytest
from made_stores import ANN, DAY, MONDAY, begun, kept, told

from identigraph.errors import ConfigurationError, StoreError
from identigraph.stores import Store
from identigraph.stores.files import MANIFEST
from identigraph.stores.tables import TABLES

FORMS = ["parquet", "jsonl"]


@pytest.fixture
def store(place: str | Path | None) -> Iterator[Store]:
    """Give a store in which all has happened that fills tables, with awkward values."""
    people = {"id": ["a", "b", "c", "d", "é'\"\n,😀"], "mail": [ANN, ANN, "", None, '{"x": "\\n"}']}
    with begun(place, people) as made:
        made.must_link("a", "c", at=MONDAY + DAY, author="Ann 'A'", reason='"q"\n', expires=MONDAY + 9 * DAY)
        made.split(["a", "b"], ["d"], at=MONDAY + DAY)
        made.revoke(2, at=MONDAY + DAY)
        made.pin(["d"], "own id", at=MONDAY + DAY)
        made.update(delete=["b"], add={"id": ["e", "f"], "mail": [ANN, "  "]}, at=MONDAY + 2 * DAY, cause="new, 'data'")
        made.update(replace={"id": ["a", "f"], "mail": ["x", ANN]}, budget=1, at=MONDAY + 3 * DAY)
        assert made.resolution.pending.any()
        yield made


@pytest.mark.parametrize("form", FORMS)
def test_all_of_a_store_comes_back(store: Store, tmp_path: Path, form: str) -> None:
    """Entities, ids, events, judgements, what is pending, and why records are one or not."""
    folder = store.dump(tmp_path / "dump", form=form)
    assert sorted(path.name for path in folder.iterdir()) == sorted([MANIFEST, *(f"{name}.{form}" for name in TABLES)])
    for place in (None, tmp_path / "other.db"):
        with Store.load(folder, place) as found:
            assert told(found._state) == told(store._state)
            assert kept(found) | {"meta": []} == kept(store) | {"meta": []}
            assert found.events == store.events
            assert answers(found) == answers(store)
    with Store.load(folder) as found:
        assert found.resolve(at=MONDAY + 20 * DAY) == store.resolve(at=MONDAY + 20 * DAY)
        assert told(found._state) == told(store._state)


def answers(store: Store) -> list[object]:
    """Return why records are one, or not, two by two."""
    ids = store.crosswalk.to_polars()["record_id"].to_list()
    asked = (store.resolution.why(one, other) for one, other in combinations(ids, 2))
    return [(each.together, each.sentence, each.certainty, each.links.to_polars().rows()) for each in asked]


@pytest.mark.parametrize("form", FORMS)
def test_a_dump_of_a_loaded_store_is_the_same(store: Store, tmp_path: Path, form: str) -> None:
    one = store.dump(tmp_path / "one", form=form)
    with Store.load(one) as found:
        other = found.dump(tmp_path / "other", form=form)
    for name in TABLES.keys() - {"meta"}:
        assert (one / f"{name}.{form}").read_bytes() == (other / f"{name}.{form}").read_bytes()


def test_files_are_what_other_programs_read(tmp_path: Path) -> None:
    with begun() as store:
        store.dump(tmp_path / "dump", form="jsonl")
    rows = [json.loads(line) for line in (tmp_path / "dump" / "chains.jsonl").read_text().splitlines()]
    assert rows[0] == {"source": "records", "record_id": "a", "chain": ["1"], "is_present": True}
    manifest = json.loads((tmp_path / "dump" / MANIFEST).read_text())
    assert (manifest["form"], manifest["files"]["chains"]["rows"]) == ("jsonl", 3)


def test_a_loaded_store_goes_on_with_a_factory_and_weights(tmp_path: Path) -> None:
    with begun() as store:
        store.dump(tmp_path / "dump")
    with Store.load(tmp_path / "dump", weights=lambda _, key: float(key == "c"), factory=lambda: "new") as found:
        found.update(add={"id": ["d"], "mail": ["d@x.org"]})
        found.must_link("a", "c")
        assert found.register.present["records", "a"] == ("1", "2")
        assert found.register.entity_of(("records", "d")) == "new"


Damage = Callable[[Path], object]


def forget(path: Path) -> None:
    path.unlink()


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def scratch(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [forget, shorten, scratch, empty])
@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_not_as_it_was_is_told(tmp_path: Path, form: str, damage: Damage) -> None:
    """Any of them, and nothing is loaded."""
    with begun() as store:
        folder = store.dump(tmp_path / "dump", form=form)
    for name in ("chains", "records", "pairs", "events"):
        path = folder / f"{name}.{form}"
        copyfile(path, tmp_path / "whole")
        damage(path)
        with pytest.raises(StoreError, match=rf"{path.name} of the dumped store .*; nothing was loaded"):
            Store.load(folder, tmp_path / "new.db")
        copyfile(tmp_path / "whole", path)
    assert not (tmp_path / "new.db").exists()
    with Store.load(folder, tmp_path / "new.db") as found:
        assert len(found) == 2


def test_files_of_another_kind_are_told(tmp_path: Path) -> None:
    """Even where the manifest speaks for them."""
    with begun() as store:
        folder = store.dump(tmp_path / "dump")
    pl.DataFrame({"other": [1]}).write_parquet(folder / "pairs.parquet")
    with begun() as store:
        sound = store.dump(tmp_path / "sound")
    manifest = json.loads((sound / MANIFEST).read_text())
    manifest["files"]["pairs"]["sha256"] = sha256((folder / "pairs.parquet").read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=r"pairs\.parquet of the dumped store cannot be read"):
        Store.load(folder)


MANIFESTS = ["", "{", "[]", "{}", '"text"', "null", '{"version": "x", "form": "jsonl", "files": {}}']
MANIFESTS += ['{"version": 1, "form": "jsonl", "files": []}', '{"version": 1, "form": "jsonl", "files": {"meta": 3}}']


@pytest.mark.parametrize("text", MANIFESTS)
def test_a_manifest_of_something_else_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(StoreError, match=r"is no folder that Store.dump wrote: it has no sound store.json"):
        Store.load(tmp_path)


def test_a_folder_of_something_else_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing", Path(__file__)):
        with pytest.raises(StoreError, match="is no folder that"):
            Store.load(folder)


@pytest.mark.parametrize(
    ("key", "value", "said"), [("version", 2, "update identigraph"), ("form", "csv", "no form of")]
)
def test_a_manifest_that_says_something_else_is_told(tmp_path: Path, key: str, value: object, said: str) -> None:
    with begun() as store:
        folder = store.dump(tmp_path / "dump")
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, key: value}))
    with pytest.raises(StoreError, match=said):
        Store.load(folder)


def test_a_dump_goes_to_an_empty_folder(tmp_path: Path) -> None:
    with begun() as store:
        (tmp_path / "file").write_text("mine")
        with pytest.raises(StoreError, match="holds files already"):
            store.dump(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["file"]
        for folder in (tmp_path / "file", tmp_path / "no" / "folder"):
            with pytest.raises(StoreError, match="could not be written to the folder"):
                store.dump(folder)
        with pytest.raises(ConfigurationError, match="dumped as 'parquet' or 'jsonl', not as 'csv'"):
            store.dump(tmp_path / "new", form="csv")
        assert not (tmp_path / "new").exists()
        store.dump(tmp_path / "new")
        rmtree(tmp_path / "new")


def test_a_dump_is_loaded_where_there_is_no_store(tmp_path: Path) -> None:
    with begun(tmp_path / "store.db") as store:
        folder = store.dump(tmp_path / "dump")
        before = kept(store)
        with pytest.raises(StoreError, match="there is a store already"):
            Store.load(folder, tmp_path / "store.db")
        assert kept(store) == before
