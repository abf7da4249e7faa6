"""Field kinds: what a value means, and how it is normalized."""

from identigraph.fields.address import Address
from identigraph.fields.category import Category
from identigraph.fields.date import Date
from identigraph.fields.date_order import Orders
from identigraph.fields.email import Email
from identigraph.fields.free_text import FreeText
from identigraph.fields.identifier import Identifier
from identigraph.fields.kind import CheckedKind, FieldKind, SettlingKind
from identigraph.fields.money import Money
from identigraph.fields.number import Number
from identigraph.fields.organisation import Organisation
from identigraph.fields.person_name import PersonName
from identigraph.fields.phone import Phone
from identigraph.fields.postcode import Postcode
from identigraph.fields.url import Url

__all__ = [
    "Address",
    "Category",
    "CheckedKind",
    "Date",
    "Email",
    "FieldKind",
    "FreeText",
    "Identifier",
    "Money",
    "Number",
    "Orders",
    "Organisation",
    "PersonName",
    "Phone",
    "Postcode",
    "SettlingKind",
    "Url",
]
