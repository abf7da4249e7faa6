"""Recognition of columns: what names and values are taken for."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import polars as pl
import pytest

from identigraph.records.profile import ColumnProfile
from identigraph.records.recognition import RULES, Recognized, recognize

ROWS = 200
Maker = Callable[[random.Random], str | None]

GIVEN = [
    "James", "Mary", "John", "Patricia", "Robert", "Jennifer", "Michael", "Linda", "David", "Elizabeth",
    "William", "Barbara", "Richard", "Susan", "Joseph", "Jessica", "Thomas", "Sarah", "Charles", "Daniel",
    "Nancy", "Matthew", "Lisa", "Anthony", "Betty",
]  # fmt: skip
FAMILY = [
    "Jones", "Brown", "Williams", "Johnson", "Davies", "Robinson", "Wright", "Thompson", "Evans", "Walker",
    "White", "Roberts", "Hall", "Clarke", "Patel", "Khan", "Phillips", "Harris", "Hughes", "Edwards",
    "Turner", "Cooper", "Baker", "Carter", "Fisher", "Murphy",
]  # fmt: skip
RARE = [
    "Chukwuemeka", "Giulia", "Haruka", "Jürgen", "Katarzyna", "Lakshmi", "Nguyen", "Oluwaseun", "Priyanka",
    "Siobhan", "Thandiwe", "Xiaoming",
]  # fmt: skip
STREETS = ["High Street", "Station Road", "Park Avenue", "Church Lane", "Manor Drive", "Kings Close", "Queens Way"]
CITIES = ["London", "Leeds", "York", "Bath", "Bristol", "Derby", "Hull", "Oxford"]


def number(low: int, high: int) -> Maker:
    """Return a maker of whole numbers."""
    return lambda r: str(r.randint(low, high))


def pick(*values: str | None) -> Maker:
    """Return a maker that picks one of some values."""
    return lambda r: r.choice(values)


def day(pattern: str, low: int = 1930, high: int = 2005) -> Maker:
    """Return a maker of dates."""
    first, last = dt.date(low, 1, 1).toordinal(), dt.date(high, 12, 31).toordinal()
    return lambda r: dt.date.fromordinal(r.randint(first, last)).strftime(pattern)


def sometimes(make: Maker) -> Maker:
    """Return a maker that leaves every third value out."""
    return lambda r: make(r) if r.random() < 2 / 3 else None


given, family, city = pick(*GIVEN), pick(*FAMILY), pick(*CITIES)


def full(r: random.Random) -> str:
    """Return a name, given name first."""
    return f"{r.choice(GIVEN)} {r.choice(FAMILY)}"


def comma(r: random.Random) -> str:
    """Return a name, family name first."""
    return f"{r.choice(FAMILY)}, {r.choice(GIVEN)}"


def rare(r: random.Random) -> str:
    """Return a name whose given name is not among the known ones."""
    return f"{r.choice(RARE)} {r.choice(FAMILY)}"


def firm(r: random.Random) -> str:
    """Return the name of a firm."""
    return f"{r.choice(FAMILY)} {r.choice(['Ltd', 'Holdings', 'Group', 'Inc', 'GmbH'])}"


def brand(r: random.Random) -> str:
    """Return a name that is no person's and has no legal form."""
    return f"{r.choice(['Blue', 'Quick', 'Arctic', 'Solid'])} {r.choice(['Anvil', 'Rivet', 'Compass', 'Lantern'])}"


def email(r: random.Random) -> str:
    """Return an e-mail address."""
    return f"{r.choice(GIVEN)}.{r.choice(FAMILY)}{r.randint(1, 99)}@mail.com"


def street(r: random.Random) -> str:
    """Return a street with its house number."""
    return f"{r.randint(1, 200)} {r.choice(STREETS)}"


def strasse(r: random.Random) -> str:
    """Return a German street with its house number."""
    return f"{r.choice(['Haupt', 'Garten', 'Bahnhof'])}straße {r.randint(1, 99)}"


def postcode(r: random.Random) -> str:
    """Return a British postcode."""
    return f"{r.choice(['LS', 'YO', 'B'])}{r.randint(1, 20)} {r.randint(1, 9)}{r.choice('ABDEFG')}{r.choice('ABD')}"


def phone_us(r: random.Random) -> str:
    """Return an American phone number."""
    return f"({r.randint(200, 999)}) {r.randint(200, 999)}-{r.randint(1000, 9999)}"


def phone_international(r: random.Random) -> str:
    """Return a British phone number as dialed from abroad."""
    return f"+44 7{r.randint(100, 999)} {r.randint(100000, 999999)}"


def phone_national(r: random.Random) -> str:
    """Return a British phone number as dialed at home."""
    return f"07{r.randint(100_000_000, 999_999_999)}"


def user(r: random.Random) -> str:
    """Return a user name."""
    return f"{r.choice(GIVEN).lower()}{r.randint(1, 99)}"


def hexadecimal(r: random.Random) -> str:
    """Return one of 60 hashes."""
    return f"{r.randint(1, 60) * 0x9E3779B97F4A7C15F39CC0605CEDC83:032x}"


def cpf(r: random.Random) -> str:
    """Return eleven digits, in groups or not."""
    digits = f"{r.randint(10**10, 10**11 - 1)}"
    return r.choice([digits, f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"])


def vat(r: random.Random) -> str:
    """Return a number of one of several countries."""
    return f"{r.choice(['DE ', 'PL', 'ESA'])}{r.randint(10_000_000, 999_999_999)}"


def iban(r: random.Random) -> str:
    """Return a British account number in groups, of a bank called MADE, with right check digits."""
    account = f"{r.randint(10**13, 10**14 - 1)}"
    check = 98 - int(f"22101314{account}161100") % 97
    return f"GB{check:02} MADE {account[:4]} {account[4:8]} {account[8:12]} {account[12:]}"


def words(r: random.Random) -> str:
    """Return eight words."""
    return " ".join(r.choices(STREETS + FAMILY, k=4))


def column(name: str, make: Maker, rows: int = ROWS) -> pl.Series:
    """Return a column of text."""
    maker = random.Random(name)
    return pl.Series(name, [make(maker) for _ in range(rows)], dtype=pl.String)


def profile(name: str, make: Maker, rows: int = ROWS) -> ColumnProfile:
    """Return the profile of a column."""
    return ColumnProfile.of(column(name, make, rows))


NAMED: list[tuple[str, Maker, str | None, str]] = [
    # names of people
    ("pername2", full, "person_name", "full"),
    ("full_name", rare, "person_name", "full"),
    ("Customer Name", full, "person_name", "full"),
    ("contact", full, "person_name", "full"),
    ("first_and_surname", full, "person_name", "full"),
    ("Patient", rare, "person_name", "full"),
    ("nom", comma, "person_name", "full"),
    ("nombre_completo", full, "person_name", "full"),
    ("ad_soyad", full, "person_name", "full"),
    ("imię i nazwisko", full, "person_name", "full"),
    ("voter", rare, "person_name", "full"),
    ("nome", given, "person_name", "given"),
    ("ETUNIMI", given, "person_name", "given"),
    ("cust_first_nm", given, "person_name", "given"),
    ("имя", given, "person_name", "given"),
    ("primer_apellido", family, "person_name", "family"),
    ("PERSON_LAST_NM", family, "person_name", "family"),
    ("příjmení", family, "person_name", "family"),
    ("efternavn", family, "person_name", "family"),
    ("姓", family, "person_name", "family"),
    ("segundo_nombre", given, "person_name", "middle"),
    ("Geburtsname", family, "text", "column"),
    ("birth_name", family, "text", "column"),
    ("Anrede", pick("Herr", "Frau"), "category", "column"),
    ("fname_c1", given, "person_name", "given"),
    ("FIRST_NM", given, "person_name", "given"),
    ("givenName", given, "person_name", "given"),
    ("Vorname", given, "person_name", "given"),
    ("lname_c2", family, "person_name", "family"),
    ("LastName", family, "person_name", "family"),
    ("sur_name", family, "person_name", "family"),
    ("apellido1", family, "person_name", "family"),
    ("middle_initial", pick("A", "N", "T", "Y"), "person_name", "middle"),
    ("Suffix", pick("Jr", "III", None), "person_name", "suffix"),
    ("salutation", pick("Mr", "Mrs", "Dr"), None, "column"),
    ("mothers_name", full, "text", "column"),
    ("maiden_name", family, "text", "column"),
    ("nickname", given, "text", "column"),
    # names of other things
    ("Company Name", firm, "organisation", "column"),
    ("employer", full, "organisation", "column"),
    ("Name", firm, "organisation", "column"),
    ("name", brand, "organisation", "column"),
    ("name", rare, "organisation", "column"),
    ("name", lambda r: f"{brand(r)} of {city(r)}, 3rd floor, {r.randint(1, 9)}", "text", "column"),
    ("event_name", pick("click", "view"), "category", "column"),
    ("pet_name", pick("Bella", "Charles"), "category", "column"),
    ("product_name", words, "text", "column"),
    ("name_length", number(1, 30), "number", "column"),
    # contacts
    ("EMail", email, "email", "column"),
    ("e-mail address", sometimes(email), "email", "column"),
    ("mail", lambda r: email(r) if r.random() < 0.2 else "none", "email", "column"),
    ("email_opt_in", pick("true", "false"), "category", "column"),
    ("Telephone", number(2_000_000_000, 9_999_999_999), "phone", "column"),
    ("Phone #", phone_us, "phone", "column"),
    ("home_phone2", phone_international, "phone", "column"),
    ("contact_no", number(2_000_000_000, 9_999_999_999), "phone", "column"),
    ("telNo", number(2_000_000_000, 9_999_999_999), "phone", "column"),
    ("custphonenum", number(2_000_000_000, 9_999_999_999), "phone", "column"),
    ("numer telefonu", phone_international, "phone", "column"),
    ("phone_type", pick("home", "mobile"), "category", "column"),
    ("website", lambda r: f"www.{r.choice(FAMILY).lower()}{r.randint(1, 9)}.com", "url", "column"),
    # addresses
    ("addr", street, "address", "street"),
    ("Address Line 1", street, "address", "street"),
    ("address_1", street, "address", "street"),
    ("addressLine2", pick("Flat 2", "Unit 7", None), "address", "street2"),
    ("full_address", lambda r: f"{street(r)}, {city(r)}", "address", "full"),
    ("house_number", number(1, 200), "address", "number"),
    ("Hausnummer", number(1, 200), "address", "number"),
    ("haus_nr", number(1, 200), "address", "number"),
    ("Dirección", street, "address", "street"),
    ("addr_line_2", pick("Flat 2", "Unit 7", None), "address", "street2"),
    ("municipio", city, "address", "city"),
    ("城市", city, "address", "city"),
    ("bairro", city, "address", "district"),
    ("geburtsort", city, "text", "column"),
    ("shipping_zip", number(10_000, 99_999), "address", "postcode"),
    ("CEP", number(10_000_000, 99_999_999), "address", "postcode"),
    ("uf", pick("SP", "RJ"), "address", "state"),
    ("país", pick("Brasil", "Chile"), "address", "country"),
    ("Straße", strasse, "address", "street"),
    ("address_verified", pick("true", "false"), "category", "column"),
    ("address_type", pick("home", "work"), "category", "column"),
    ("ip_address", lambda r: f"10.0.{r.randint(0, 255)}.{r.randint(0, 255)}", "text", "column"),
    ("Suburb", city, "address", "city"),
    ("Wohnort", city, "address", "city"),
    ("birth_place", city, "text", "column"),
    ("PostCode", postcode, "address", "postcode"),
    ("ZIP", number(10_000, 99_999), "address", "postcode"),
    ("plz", number(10_000, 99_999), "address", "postcode"),
    ("State/Province", pick("CA", "NY"), "address", "state"),
    ("license_state", pick("CA", "NY"), "category", "column"),
    ("Country", pick("UK", "France"), "address", "country"),
    ("country_of_birth", pick("UK", "France"), "category", "column"),
    # dates
    ("BIRTH", day("%m/%d/%Y"), "date", "full"),
    ("BIRTH_DT", day("%Y%m%d"), "date", "full"),
    ("D.O.B.", day("%d.%m.%Y"), "date", "full"),
    ("BirthDate", day("%Y-%m-%dT00:00:00"), "date", "full"),
    ("dob", lambda r: day("%Y-%m-%d")(r) if r.random() < 0.5 else number(1930, 2005)(r), "date", "full"),
    ("born", number(1930, 2005), "date", "full"),
    ("geb_dat", day("%d.%m.%Y"), "date", "full"),
    ("fecha_nac", day("%d/%m/%Y"), "date", "full"),
    ("data urodzenia", day("%Y-%m-%d"), "date", "full"),
    ("birth_year", number(1930, 2005), "date", "year"),
    ("birthyear", number(1930, 2005), "date", "year"),
    ("birth_month", number(1, 12), "date", "month"),
    ("birth_day", number(1, 28), "date", "day"),
    ("birth_weight", number(2_500, 4_500), "number", "column"),
    ("CreatedOn", day("%Y-%m-%d %H:%M:%S", 1990, 2024), None, "column"),
    ("created_at", day("%Y-%m-%d"), None, "column"),
    ("hire_date", day("%Y-%m-%d", 1980, 2020), None, "column"),
    ("when", lambda r: f"{day('%Y-%m-%d')(r)} {r.randint(1, 23):02}:15:20", None, "column"),
    ("Midnight", lambda r: f"{day('%Y-%m-%d')(r)} 00:00:00", "date", "full"),
    ("date", day("%Y-%m-%d", 2018, 2024), None, "column"),
    ("modified_ts", number(1_500_000_000, 1_700_000_000), None, "column"),
    # identifiers
    ("soc_sec_id", number(1_000_000, 1_000_099), "identifier", "column"),
    ("Customer ID", lambda r: f"C{r.randint(1, 150):05d}", "identifier", "column"),
    ("member_number", number(1, 150), "identifier", "column"),
    ("tax_id", sometimes(number(10_000_000, 99_999_999)), "identifier", "column"),
    ("passport", sometimes(lambda r: f"P{r.randint(10**6, 10**7)}"), "identifier", "column"),
    ("user_name", user, "identifier", "column"),
    ("cpf", sometimes(cpf), "identifier", "column"),
    ("branch_code", number(1, 3), "category", "column"),
    ("device_id", hexadecimal, "identifier", "column"),
    # numbers, amounts, categories
    ("amount", lambda r: f"{r.uniform(1, 999):.2f}", None, "column"),
    ("total_spend", number(1, 999), None, "column"),
    ("tax", number(1, 999), None, "column"),
    ("loyalty_points", number(0, 5_000), None, "column"),
    ("number_of_children", number(0, 5), None, "column"),
    ("num_items", number(0, 50), None, "column"),
    ("lat", lambda r: f"{r.uniform(50, 55):.5f}", None, "column"),
    ("price", lambda r: f"{r.uniform(1, 99):.2f}", "number", "column"),
    ("age", number(18, 90), "number", "column"),
    ("precio", lambda r: r.choice(["€12.99", "12,99 EUR", f"{r.uniform(1, 99):.2f}"]), "number", "column"),
    ("stand", number(2_008, 2_016), None, "column"),
    ("Gender", pick("M", "F", "U"), "category", "column"),
    ("sex", pick("1", "2"), "category", "column"),
    ("is_active", pick("0", "1"), "category", "column"),
    ("job_title", pick("Nurse", "Teacher", "Driver"), "category", "column"),
    ("nationality", pick("British", "French"), "category", "column"),
    ("notes", words, "text", "column"),
]

UNNAMED: list[tuple[Maker, str | None, str]] = [
    (email, "email", "column"),
    (lambda r: f" {email(r).upper()} ", "email", "column"),
    (phone_us, "phone", "column"),
    (phone_international, "phone", "column"),
    (phone_national, "phone", "column"),
    (postcode, "address", "postcode"),
    (lambda r: postcode(r).replace(" ", "").lower(), "address", "postcode"),
    (street, "address", "street"),
    (strasse, "address", "street"),
    (day("%Y-%m-%d"), "date", "full"),
    (day("%m/%d/%Y"), "date", "full"),
    (day("%Y%m%d"), "date", "full"),
    (day("%Y-%m-%d", 2015, 2024), None, "column"),
    (lambda r: day("%Y%m%d")(r) if r.random() < 0.9 else "n/a", "identifier", "column"),
    (pick("M", "F"), "category", "column"),
    (pick("female", "male", None), "category", "column"),
    (full, "person_name", "full"),
    (comma, "person_name", "full"),
    (lambda r: full(r).upper(), "person_name", "full"),
    (given, "person_name", "given"),
    (firm, "organisation", "column"),
    (lambda r: f"https://x.com/{user(r)}", "url", "column"),
    (city, "category", "column"),
    (words, "text", "column"),
    (hexadecimal, "identifier", "column"),
    (sometimes(cpf), "identifier", "column"),
    (sometimes(vat), "identifier", "column"),
    (sometimes(iban), "identifier", "column"),
    (lambda r: f"€{r.uniform(1, 99):.2f}", "number", "column"),
    (number(1, 120), "number", "column"),
    (number(1_000, 1_030), "category", "column"),
    (lambda r: r.choice(["+34", ""]) + str(r.randint(600_000_000, 699_999_999)), "phone", "column"),
    (number(1, 40), "category", "column"),
    (number(100_000, 100_150), "identifier", "column"),
    (number(1_950, 2_020), "number", "column"),
    (lambda r: f"{r.uniform(0, 1):.4f}", None, "column"),
]


@pytest.mark.parametrize(("name", "make", "kind", "role"), NAMED, ids=[f"{case[0]}-{case[2]}" for case in NAMED])
def test_a_column_is_recognized(name: str, make: Maker, kind: str | None, role: str) -> None:
    found = recognize(profile(name, make))
    assert (found.kind, found.role) == (kind, role)
    assert found.reason or found.kind == "category"


@pytest.mark.parametrize(("make", "kind", "role"), UNNAMED)
@pytest.mark.parametrize("name", ["x", "Column 7", "field_b"])
def test_a_column_whose_name_says_nothing_is_recognized_by_its_values(
    name: str, make: Maker, kind: str | None, role: str
) -> None:
    found = recognize(profile(name, make))
    assert (found.kind, found.role) == (kind, role)


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("empty", [None] * 30, "empty"),
        ("empty", [], "empty"),
        ("version", ["1"] * 30, "the same value everywhere"),
        ("email", ["a@x.com"] * 20 + [None] * 10, "the same value everywhere"),
        ("row number", [str(i + 1) for i in range(30)], "numbers the rows"),
        ("Unnamed: 0", [str(i) for i in range(29, -1, -1)], "numbers the rows"),
        ("hash", [f"a{i * 7919:08x}" for i in range(60)], "different in every record"),
        ("customer_id", [f"C{i:05d}" for i in range(60)], "different in every record"),
        ("salary", [str(i * i) for i in range(30)], "an amount: says how much, not who"),
        ("first_seen", ["2024-01-02", "1950-01-02"] * 15, "a point in time: says when, not who"),
        ("honorific", ["Dr", "Ms"] * 15, "a form of address: says little"),
        ("x", ["0.25", "1.5", "2.75"] * 10, "measured numbers without a meaning told by their name"),
    ],
)
def test_a_column_that_says_nothing_about_identity_is_set_aside_with_the_reason(
    name: str, values: list[str | None], reason: str
) -> None:
    column = pl.Series(name, values, dtype=pl.String)
    assert recognize(ColumnProfile.of(column)) == Recognized(None, "column", reason)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("flag", ["yes"] + [None] * 9),
        ("customer_no", [str(i * 3) for i in range(30)]),
        ("code", [f"A{i}" for i in range(40)]),
        ("row", [str(i) for i in range(10)]),
    ],
)
def test_a_column_is_kept_where_it_might_say_something(name: str, values: list[str | None]) -> None:
    assert recognize(ColumnProfile.of(pl.Series(name, values, dtype=pl.String))).kind is not None


@pytest.mark.parametrize(("name", "make", "kind", "role"), NAMED, ids=[f"{case[0]}-{case[2]}" for case in NAMED])
def test_the_order_of_rows_changes_no_recognition(name: str, make: Maker, kind: str | None, role: str) -> None:
    del kind, role
    values = column(name, make)
    assert recognize(ColumnProfile.of(values.reverse())) == recognize(ColumnProfile.of(values))


def test_every_rule_recognizes_something() -> None:
    profiles = [profile(name, make) for name, make, _, _ in NAMED] + [profile("x", make) for make, _, _ in UNNAMED]
    profiles += [ColumnProfile.of(pl.Series("n", [str(i) for i in range(30)]))]
    profiles += [ColumnProfile.of(pl.Series("n", [None], dtype=pl.String))]
    found = {next((rule for rule in RULES if rule(p) is not None), None) for p in profiles}
    assert found == {*RULES, None}
