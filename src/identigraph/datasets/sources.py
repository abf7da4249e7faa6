"""The four systems that made-up records stand in: what each of them asks for and how it writes that down."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import polars as pl

FIELDS = ("first_name", "last_name", "birth_date", "email", "phone", "street", "city", "postcode")


@attrs.frozen(eq=False)
class Source:
    """One system.

    Args:
        name: its name.
        share: share of the records that stand in it.
        id_prefix: what its ids start with.
        first_id: number of its first id.
        missing: share of records without a value, per field.
        date_format: how it writes birth dates.
        phones: share of the ways in which telephone numbers are written (see `writing.phone_styles`).
        short_streets: share of streets that are abbreviated.
        upper: whether it turns words into capitals.
        columns: its own column names, in its own order, and the fields in them (several fields: joined by spaces).
    """

    name: str
    share: float
    id_prefix: str
    first_id: int
    missing: Mapping[str, float]
    date_format: str
    phones: Mapping[str, float]
    short_streets: float
    upper: bool
    columns: Mapping[str, tuple[str, ...]]

    def table(self, records: pl.DataFrame) -> pl.DataFrame:
        """Return the `records` of this source under its own column names."""
        own = records.filter(pl.col("source") == self.name)
        joined = {
            column: pl.concat_str(fields, separator=" ", ignore_nulls=True).replace("", None)
            for column, fields in self.columns.items()
        }
        return own.select(**joined)


CRM = Source(
    name="crm",
    share=0.30,
    id_prefix="C",
    first_id=100_001,
    missing={
        "first_name": 0.01, "last_name": 0.003, "birth_date": 0.18, "email": 0.15, "phone": 0.12, "street": 0.06,
        "city": 0.05, "postcode": 0.06,
    },
    date_format="%Y-%m-%d",
    phones={"international": 0.7, "compact": 0.3},
    short_streets=0.2,
    upper=False,
    columns={
        "customer_no": ("record_id",), "GivenName": ("first_name",), "Surname": ("last_name",), "DOB": ("birth_date",),
        "EMail": ("email",), "PhoneNumber": ("phone",), "Street": ("street",), "PostCode": ("postcode",),
        "City": ("city",),
    },
)  # fmt: skip

WEB = Source(
    name="web",
    share=0.35,
    id_prefix="",
    first_id=1,
    missing={
        "first_name": 0.03, "last_name": 0.03, "birth_date": 0.7, "email": 0.01, "phone": 0.45, "street": 0.3,
        "city": 0.28, "postcode": 0.27,
    },
    date_format="%d/%m/%Y",
    phones={"national": 0.6, "digits": 0.25, "compact": 0.15},
    short_streets=0.5,
    upper=False,
    columns={
        "id": ("record_id",), "name": ("first_name", "last_name"), "email": ("email",), "tel": ("phone",),
        "birthday": ("birth_date",), "address": ("street",), "town": ("city",), "zip": ("postcode",),
    },
)  # fmt: skip

STORE = Source(
    name="store",
    share=0.22,
    id_prefix="98",
    first_id=1_000_001,
    missing={
        "first_name": 0.02, "last_name": 0.01, "birth_date": 0.25, "email": 0.55, "phone": 0.25, "street": 0.15,
        "city": 0.12, "postcode": 0.05,
    },
    date_format="%m/%d/%Y",
    phones={"digits": 0.8, "dashed": 0.2},
    short_streets=0.7,
    upper=True,
    columns={
        "CARD_NO": ("record_id",), "LNAME": ("last_name",), "FNAME": ("first_name",), "BIRTH_DT": ("birth_date",),
        "ADDR_1": ("street",), "ADDR_CITY": ("city",), "ADDR_ZIP": ("postcode",), "TELEPHONE": ("phone",),
        "E_MAIL": ("email",),
    },
)  # fmt: skip

SUPPORT = Source(
    name="support",
    share=0.13,
    id_prefix="T-",
    first_id=1,
    missing={
        "first_name": 0.1, "last_name": 0.06, "birth_date": 0.88, "email": 0.4, "phone": 0.08, "street": 0.85,
        "city": 0.75, "postcode": 0.7,
    },
    date_format="%d.%m.%Y",
    phones={"dashed": 0.4, "zeros": 0.3, "digits": 0.3},
    short_streets=0.7,
    upper=False,
    columns={
        "ticket": ("record_id",), "caller_first": ("first_name",), "caller_last": ("last_name",),
        "caller_phone": ("phone",), "caller_email": ("email",), "date_of_birth": ("birth_date",),
        "ship_street": ("street",), "ship_city": ("city",), "ship_postcode": ("postcode",),
    },
)  # fmt: skip

SOURCES = (CRM, WEB, STORE, SUPPORT)
