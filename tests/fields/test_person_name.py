"""Names of people: what is given name and what family name, in any order, with any title."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.fields.kind import FieldKind
from identigraph.fields.name_order import FEWEST_TELLING_NAMES, is_family_first, known_given_names
from identigraph.fields.person_name import BARE_POST_NOMINALS, BARE_TITLES, NOBODY, PersonName, combine
from identigraph.records import Records

DATA = Path(__file__).parents[2].parent / "shared" / "data"
PARTS = ("", "given", "middle", "family", "suffix", "sorted")

FULL = {
    "Ann Lee": ("ann", None, "lee", None),
    "Ann Marie Lee": ("ann", "marie", "lee", None),
    "J. R. R. Tolkien": ("j", "r r", "tolkien", None),
    "Mary-Ann Lee": ("mary", "ann", "lee", None),
    "Ludwig van Beethoven": ("ludwig", None, "van beethoven", None),
    "Ana de la Cruz": ("ana", None, "de la cruz", None),
    "Anna-Maria Müller-Lüdenscheidt": ("anna", "maria", "muller ludenscheidt", None),
    "Ann von Lee-O’Hara Jr.": ("ann", None, "von lee ohara", "jr"),
    "Mr Lee-Smith": (None, None, "lee smith", None),
    "Lee-Smith": ("lee", None, "smith", None),
    "Ann-Marie Lee": ("ann", "marie", "lee", None),
    "Ali al-Rahman": ("ali", None, "al rahman", None),
    "Van Morrison": ("van", None, "morrison", None),
    "John St. John": ("john", None, "st john", None),
    "Pat O'Brien": ("pat", None, "obrien", None),
    "John Mc Donald": ("john", None, "mcdonald", None),
    "Mac Davis": ("mac", None, "davis", None),
    "francis": ("francis", None, None, None),
    "Lee, Ann": ("ann", None, "lee", None),
    "Lee , Ann Marie": ("ann", "marie", "lee", None),
    "de la Cruz, Ana": ("ana", None, "de la cruz", None),
    "García López, Juan": ("juan", None, "garcia lopez", None),
    "Mc Donald, Ann": ("ann", None, "mcdonald", None),
    "ВАСИЛЬЕВ, Александр Павлович": ("aleksandr", "pavlovich", "vasilev", None),
    "George Rous, Stradbroke": ("george", "rous", "stradbroke", None),
    "LEE-SMITH Ann Marie": ("ann", "marie", "lee smith", None),
    "ANN LEE": ("ann", None, "lee", None),
    "JJ Lee": ("jj", None, "lee", None),
    "张秀英": ("xiuying", None, "zhang", None),
    "欧阳秀英": ("xiuying", None, "ouyang", None),
    "손은주": ("eunju", None, "son", None),
    "Mr. Ann Lee": ("ann", None, "lee", None),
    "Rt. Hon. Sir Ann Lee": ("ann", None, "lee", None),
    "Lee, Dr. Ann": ("ann", None, "lee", None),
    "DR LEE Ann": ("ann", None, "lee", None),
    "Mr Lee": (None, None, "lee", None),
    "Sir Ann": ("ann", None, None, None),
    "Ann Lee, M.D., Ph.D.": ("ann", None, "lee", None),
    "Ann Lee OBE": ("ann", None, "lee", None),
    "Lee MD, Ann": ("ann", None, "lee", None),
    "Ann Lee Jr.": ("ann", None, "lee", "jr"),
    "Ann Lee, Junior, Esq.": ("ann", None, "lee", "jr"),
    "Lee Jnr, Ann": ("ann", None, "lee", "jr"),
    "Lee, Ann, III": ("ann", None, "lee", "iii"),
    "Lee, M.D., Jr., Ann": ("ann", None, "lee", "jr"),
    "1st Ann Lee": ("ann", None, "lee", None),
    "은주수 박": ("eunjusu", None, "bag", None),
    "Ann Lee Snr": ("ann", None, "lee", "sr"),
    "Junior Lee": ("junior", None, "lee", None),
    "Earl Jones": ("earl", None, "jones", None),
    "Ann Lee, 1st Baronet": ("ann", None, "lee", None),
    "Ann Lee, 3rd Earl of Grey": ("ann", "lee", "grey", None),
    "Ann 3rd Lord Grey": ("ann", "lord", "grey", None),
    "Ann Lee, Countess of Grey": ("ann", "lee", "grey", None),
    'Ann "Nan" Lee': ("ann", None, "lee", None),
    "Ann (née Ray) Lee": ("ann", None, "lee", None),
    "(Ann) Lee": ("ann", None, "lee", None),
    "Christopher Guest": ("christopher", None, "guest", None),
    "Null": ("null", None, None, None),
    "Na Null": ("na", None, "null", None),
}
GIVEN = {
    "Anna Maria": ("anna", "maria", None, None),
    "Mary-Ann": ("mary", "ann", None, None),
    "J.": ("j", None, None, None),
    "Dr. Ann": ("ann", None, None, None),
    "Morris II": ("morris", None, None, "ii"),
    "Ann, B.": ("ann", "b", None, None),
}
FAMILY = {
    "van der Berg": (None, None, "van der berg", None),
    "Lee-Smith": (None, None, "lee smith", None),
    "O Brien": (None, None, "obrien", None),
    "Mac Donald": (None, None, "macdonald", None),
    "Mc Donald": (None, None, "mcdonald", None),
    "Brown, Sr.": (None, None, "brown", "sr"),
    "Dr Lee MD": (None, None, "lee", None),
    "Lee, Smith": (None, None, "lee smith", None),
    "Guest": (None, None, "guest", None),
    "Null": (None, None, "null", None),
    "Na": (None, None, "na", None),
}
NO_NAMES = ["", " ", "42", "...", "N/A", "n.a.", "Default Customer", "GUEST", "none given", "test", "Mr Unknown", "Dr.",
            "2nd Bt.", "1st"]  # fmt: skip

names = st.sampled_from(
    [
        "ann",
        "bob",
        "lee",
        "van",
        "der",
        "mc",
        "mac",
        "o",
        "jr",
        "sir",
        "md",
        "berg",
        "3rd",
        "x",
        "st",
        "earl",
        "smith",
        "j",
        "ph",
        "d",
        "al",
    ]
)
written = st.lists(names, min_size=1, max_size=6).flatmap(
    lambda words: st.sampled_from([" ", ", ", "-", ". ", " ,"]).map(lambda mark: mark.join(words))
)
values_ = st.lists(st.one_of(st.text(max_size=10), written, st.text("Aa ,.'\"()-1é", max_size=10)), max_size=8)
roles = st.sampled_from(["full", "given", "middle", "family", "suffix", "title"])
people = st.tuples(
    st.sampled_from(["Ann", "Bob", "Zoë", "Ng", "Otto"]), st.sampled_from(["Berger", "van der Berg", "O'Hara", "Ng"])
)


def normalized(role: str, values: list[str], kind: PersonName | None = None) -> pl.DataFrame:
    """Return the parts of `values`."""
    return (kind or PersonName()).normalize(role, pl.Series(values, dtype=pl.String))


def pieces(role: str, value: str) -> tuple[str | None, ...]:
    """Return given, middle and family name and suffix of one value."""
    return normalized(role, [value]).select("given", "middle", "family", "suffix").row(0)


def test_it_is_a_field_kind() -> None:
    assert isinstance(PersonName(), FieldKind)
    assert PersonName.per_source
    assert PersonName().parts == PARTS


def test_columns_of_pieces_are_read_before_the_full_name() -> None:
    kind = PersonName(full="name", family="sn", given="fn")
    assert list(kind.roles("x").items()) == [("given", "fn"), ("family", "sn"), ("full", "name")]
    assert PersonName().roles("x") == {"full": "x"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"given": pl.Series(["1"])}
    assert PersonName().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), FULL.items())
def test_a_full_name_is_taken_apart(value: str, expected: tuple[str | None, ...]) -> None:
    assert pieces("full", value) == expected


@pytest.mark.parametrize("form", ["NFD", "NFKD"])
def test_a_decomposed_full_name_is_taken_apart_alike(form: Literal["NFD", "NFKD"]) -> None:
    decomposed = [unicodedata.normalize(form, value) for value in FULL]
    assert [pieces("full", value) for value in decomposed] == list(FULL.values())


@pytest.mark.parametrize(("value", "expected"), GIVEN.items())
def test_given_names_are_the_first_and_the_rest(value: str, expected: tuple[str | None, ...]) -> None:
    assert pieces("given", value) == expected


@pytest.mark.parametrize(("value", "expected"), FAMILY.items())
def test_a_family_name_keeps_its_words(value: str, expected: tuple[str | None, ...]) -> None:
    assert pieces("family", value) == expected


@pytest.mark.parametrize(
    ("role", "value", "expected"),
    [
        ("middle", "J.-P.", (None, "j p", None, None)),
        ("suffix", "Junior", (None, None, None, "jr")),
        ("suffix", "3rd", (None, None, None, "iii")),
        ("suffix", "PhD", (None, None, None, None)),
        ("title", "Dr", (None, None, None, None)),
    ],
)
def test_other_roles_give_their_own_piece(role: str, value: str, expected: tuple[str | None, ...]) -> None:
    assert pieces(role, value) == expected


@pytest.mark.parametrize("value", [*NO_NAMES, *NOBODY, *BARE_TITLES])
def test_what_is_no_name_is_null(value: str) -> None:
    assert normalized("full", [value]).row(0) == (None,) * 6


@pytest.mark.parametrize(("role", "values"), [("given", BARE_TITLES), ("family", BARE_POST_NOMINALS)])
def test_what_stands_in_the_place_of_a_name_is_null(role: str, values: list[str]) -> None:
    assert normalized(role, values)[role].null_count() == len(values)


def test_the_whole_name_is_given_middle_family_and_sorted_is_blind_to_order() -> None:
    assert normalized("full", ["Lee, Ann Zoe Mary"]).select("", "sorted").row(0) == (
        "ann zoe mary lee",
        "ann lee mary zoe",
    )


def test_pieces_are_combined_row_by_row() -> None:
    rows = [
        ("ann", "b", "lee", "jr"),
        ("ann", None, None, None),
        (None, None, "guest", None),
        ("guest", None, None, None),
        ("default", None, "customer", "jr"),
        ("sir", None, "lee", None),
        (None, None, None, "jr"),
        (None, None, None, None),
    ]
    parts = pl.DataFrame(rows, schema=dict.fromkeys(PARTS[1:5], pl.String), orient="row")
    combined = pl.DataFrame(combine(parts.to_dict()))
    assert tuple(combined.columns) == PARTS
    assert combined.rows() == [
        ("ann b lee", "ann", "b", "lee", "jr", "ann b lee"),
        ("ann", "ann", None, None, None, "ann"),
        ("guest", None, None, "guest", None, "guest"),
        (None,) * 6,
        (None,) * 6,
        ("lee", None, None, "lee", None, "lee"),
        (None, None, None, None, "jr", None),
        (None,) * 6,
    ]
    assert pl.DataFrame(PersonName().combine(parts.to_dict())).equals(combined)


def test_the_source_tells_whether_family_names_come_first() -> None:
    source = ["Berger Ann", "Kraus Bob", "Gruber Paul", "van Houten Eva", "Brandt Mary Jane"]
    assert normalized("full", source)["given"].to_list() == ["ann", "bob", "paul", "eva", "mary"]
    assert normalized("full", source)["family"].to_list() == ["berger", "kraus", "gruber", "van houten", "brandt"]
    assert normalized("full", source[:4])["given"].to_list() == ["berger", "kraus", "gruber", "van"]
    assert normalized("full", [*source, "Ann Brandt", "Bob Gruber", "Eva Kraus"])["given"][0] == "berger"


def test_names_with_a_comma_say_nothing_about_the_others() -> None:
    assert not is_family_first(pl.Series(["gruber x,ann"] * FEWEST_TELLING_NAMES))
    assert is_family_first(pl.Series(["gruber ann"] * FEWEST_TELLING_NAMES))


def test_an_initial_counts_as_a_given_name() -> None:
    assert is_family_first(pl.Series(["gruber a"] * FEWEST_TELLING_NAMES))
    assert not is_family_first(pl.Series(["a gruber", "gruber ann"] * FEWEST_TELLING_NAMES))


@pytest.mark.parametrize("family_first", [True, False])
def test_the_order_can_be_told(family_first: bool) -> None:
    kind = PersonName(family_first=family_first)
    source = ["Ann Berger", "de Vries Bob", "Lee, Ann Zoe"]
    assert normalized("full", source, kind).select("given", "family").rows() == (
        [("berger", "ann"), ("bob", "de vries"), ("ann", "lee")]
        if family_first
        else [("ann", "berger"), ("de", "bob"), ("ann", "lee")]
    )


def test_particles_are_no_given_names() -> None:
    assert known_given_names().isdisjoint({"van", "de", "al"})


@given(
    people, st.sampled_from(["", "Mr ", "Dr. ", "Rev. Dr. "]), st.sampled_from(["", " Jr", ", Jr.", " MD", ", Ph.D."])
)
def test_every_way_to_write_a_name_gives_the_same_pieces(person: tuple[str, str], title: str, tail: str) -> None:
    first, last = person
    ways = [f"{title}{first} {last}{tail}", f"{title}{last}, {first}{tail}", f"{last}{tail}, {title}{first}"]
    kind = PersonName(family_first=False)
    found = {
        row[1:4]
        for row in normalized("full", [w for way in ways for w in (way, way.upper(), way.lower())], kind).rows()
    }
    assert len(found) == 1


@given(roles, values_)
def test_any_text_gives_words_or_null(role: str, values: list[str]) -> None:
    parts = normalized(role, values)
    assert tuple(parts.columns) == PARTS
    assert len(parts) == len(values)
    assert set(parts.dtypes) == {pl.String}
    for row in parts.iter_rows():
        assert all(part is None or (part.isascii() and part == " ".join(part.lower().split()) != "") for part in row)
        assert (row[0] or "") == " ".join(piece for piece in row[1:4] if piece)
        assert (row[5] or "") == " ".join(sorted((row[0] or "").split()))


@given(values_)
def test_normalizing_the_whole_name_again_changes_nothing(values: list[str]) -> None:
    kind = PersonName(family_first=False)
    once = normalized("full", values, kind)[""].drop_nulls()
    assert normalized("full", once.to_list(), kind)[""].to_list() == once.to_list()


@given(roles, values_, st.randoms())
def test_the_order_of_values_makes_no_difference(role: str, values: list[str], random: object) -> None:
    order = sorted(range(len(values)), key=lambda _: random.random())  # type: ignore[attr-defined]
    shuffled = normalized(role, [values[i] for i in order])
    assert shuffled.rows() == [normalized(role, values).row(i) for i in order]


@given(roles, st.text(max_size=10))
def test_composed_and_decomposed_names_are_one(role: str, value: str) -> None:
    assert len({pieces(role, unicodedata.normalize(form, value)) for form in ("NFC", "NFD", "NFKC", "NFKD")}) == 1


@given(roles, written)
def test_width_and_zero_width_characters_make_no_difference(role: str, value: str) -> None:
    wide = "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) for c in value.title())
    assert pieces(role, wide) == pieces(role, "\u200b".join(value.title())) == pieces(role, value.title())


@given(roles, written)
def test_upper_lower_and_title_case_are_one(role: str, value: str) -> None:
    assert len({pieces(role, case) for case in (value, value.upper(), value.lower(), value.title())}) == 1


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")
@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("splink_historical_50k", ["full_name"]),
        ("un_sanctions_noisy", ["full_name"]),
        ("contoso_customers", ["FullName"]),
        ("rldata10000", ["fname_c1", "lname_c1"]),
        ("uganda_patients", ["given_name", "surname"]),
        ("febrl3", ["given_name", "surname"]),
    ],
)
def test_the_order_of_real_names_is_told(name: str, columns: list[str]) -> None:
    table = pl.read_parquet(DATA / name / "records.parquet").drop_nulls(columns)
    for _, source in table.group_by("source"):
        plain = [source[column].str.to_lowercase() for column in columns]
        assert not is_family_first(pl.select(pl.concat_str(plain, separator=" ")).to_series())
        if len(columns) > 1:
            assert is_family_first(pl.select(pl.concat_str(plain[::-1], separator=" ")).to_series())


WRITTEN = {
    "ANN LEE-SMITH": "Ann Lee-Smith",
    "Dr. J. VAN DER BERG, Jr.": "J. van der Berg Jr.",
    "van der berg": "Van der Berg",
    "ann van": "Ann Van",
    "Ludwig Van Beethoven": "Ludwig Van Beethoven",
    "de la cruz, maria": "Maria de la Cruz",
    "ANNA LE BLANC": "Anna Le Blanc",
    "O'Neil, Mary-Ann": "Mary-Ann O'Neil",
    "fiona o’brien": "Fiona O’Brien",
    "mcdonald, ronald": "Ronald McDonald",
    "mc donald, ronald": "Ronald McDonald",
    "John MACDONALD": "John Macdonald",
    "DeVito, Danny": "Danny DeVito",
    "JP Morgan": "JP Morgan",
    "JP MORGAN": "Jp Morgan",
    "LEE Ann": "Ann Lee",
    "john smith iii": "John Smith III",
    "Lee, Ann, Sr.": "Ann Lee Sr.",
    "Иванов, Пётр": "Пётр Иванов",
    "김민수": "김민수",
    "Mr Smith": "Smith",
    "ann lee (annie)": "Ann Lee",
    "default customer": None,
    "42": None,
    "": None,
}


@pytest.mark.parametrize(("value", "expected"), WRITTEN.items())
def test_a_full_name_is_written_given_name_first(value: str, expected: str | None) -> None:
    values = pl.Series([value])
    assert PersonName().format(values).to_list() == [expected]
    assert PersonName().valid(values).to_list() == [expected is not None]


def test_a_name_is_written_in_the_order_of_its_column() -> None:
    names = pl.Series(["wu ann", "gruber bob", "kraus paul", "brandt eva", "hochnadel p"])
    assert PersonName().format(names).to_list() == ["Ann Wu", "Bob Gruber", "Paul Kraus", "Eva Brandt", "P Hochnadel"]


def test_two_family_names_make_one() -> None:
    table = {"n": ["Ana", "Eva", "Luz"], "a1": ["Gil", None, "de la Paz"], "a2": ["Mora", "Rey", None]}
    kind = PersonName(given="n", family="a1", family2="a2")
    records = Records.of(table, fields={"name": kind})
    assert set(records.column("name.family").decoded()) == {"gil mora", "rey", "de la paz"}
    alone = Records.of(table, fields={"name": PersonName(given="n", family2="a2")})
    assert set(alone.column("name.family").decoded()) == {"mora", "rey", None}


def test_a_source_is_settled_on_whether_family_names_come_first() -> None:
    names = pl.Series(["Wu Ann", "Gruber Bob", "Kraus Paul", "Brandt Eva", "Hochnadel P."])
    settled = PersonName().settled({"full": names})
    assert settled == PersonName(family_first=True)
    assert settled.settled({"full": pl.Series(["ann lee"])}) is settled
    assert PersonName().settled({"full": names.head(4)}) == PersonName(family_first=False)
    assert PersonName(given="g").settled({"given": names}) == PersonName(given="g")
