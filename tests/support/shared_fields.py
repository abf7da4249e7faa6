"""What the columns of the shared data sets mean, so that every kind of field reads values of people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from identigraph.fields import (
    Address,
    Category,
    Date,
    Email,
    FieldKind,
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

FIELDS: Mapping[str, Mapping[str, FieldKind]] = {
    "abt_buy": {"title": FreeText(), "description": FreeText(), "price": Number(), "cost": Money("price")},
    "affiliations": {"affiliation": Organisation()},
    "contoso_customers": {
        "gender": Category("Gender"),
        "email": Email("EMail"),
        "phone": Phone("Telephone"),
        "name": PersonName(given="FirstName", family="LastName", full="FullName"),
        "birth_date": Date("DateOfBirth"),
        "address": Address(street="StreetAddress", city="City", postcode="PostCode", state="State", country="Country"),
    },
    "cora": {"author": FreeText(), "institution": Organisation(), "title": FreeText(), "address": Address()},
    "dblp_acm": {"title": FreeText(), "venue": Category(), "year": Number()},
    "dupehell_customer": {
        "email": Email(),
        "phone": Phone(region="US"),
        "gender": Category(),
        "name": PersonName(given="first_name", family="last_name"),
        "birth_date": Date("date_of_birth"),
    },
    "febrl4": {
        "soc_sec_id": Identifier(),
        "name": PersonName(given="given_name", family="surname"),
        "birth_date": Date("date_of_birth"),
        "address": Address(
            street="address_1",
            number="street_number",
            street2="address_2",
            city="suburb",
            postcode="postcode",
            state="state",
        ),
        "postcode": Postcode(country="AU"),
    },
    "fodors_zagats": {"name": Organisation(), "phone": Phone(), "address": Address("addr", city="city")},
    "orgs_hard": {
        "name": Organisation("org_name"),
        "website": Url(),
        "phone": Phone(),
        "industry": Category(),
        "postcode": Postcode(),
    },
    "rldata10000": {
        "name": PersonName(given="fname_c1", middle="fname_c2", family="lname_c1", family2="lname_c2"),
        "birth_date": Date(year="by", month="bm", day="bd"),
    },
    "senzing_truthset": {
        "name": PersonName(
            given="PRIMARY_NAME_FIRST",
            middle="PRIMARY_NAME_MIDDLE",
            family="PRIMARY_NAME_LAST",
            full="PRIMARY_NAME_FULL",
        ),
        "native_name": PersonName(full="NATIVE_NAME_FULL"),
        "birth_date": Date("DATE_OF_BIRTH"),
        "address": Address(
            street="ADDR_LINE1",
            city="ADDR_CITY",
            postcode="ADDR_POSTAL_CODE",
            state="ADDR_STATE",
            country="ADDR_COUNTRY",
            full="ADDR_FULL",
        ),
    },
    "splink_historical_50k": {
        "birth_place": FreeText(),
        "name": PersonName(full="full_name"),
        "birth_date": Date("dob"),
        "postcode": Postcode("postcode_fake"),
    },
    "synth_100k": {
        "email": Email(),
        "phone": Phone(),
        "name": PersonName(given="first_name", family="last_name"),
        "birth_date": Date("dob"),
        "address": Address(street="street", city="city", postcode="postcode"),
    },
    "uganda_patients": {
        "sex": Category(),
        "nin": Identifier("uganda_nin"),
        "name": PersonName(given="given_name", family="surname"),
        "birth_date": Date("date_of_birth"),
    },
    "un_sanctions_noisy": {
        "nationality": Category(),
        "name": PersonName(given="first_name", middle="middle_name", family="last_name", full="full_name"),
        "birth_date": Date("date_of_birth"),
    },
}


def shared_table(shared: Path, name: str) -> pl.DataFrame:
    """Return the records of a shared data set."""
    return pl.read_parquet(shared / "data" / name / "records.parquet")
