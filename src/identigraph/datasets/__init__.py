"""Generators of labelled data: records and events that come with the truth about them.

The word lists of `customers` come from the package faker, which the extra ``datasets`` installs.
"""

from identigraph.datasets.clickstream import Clickstream, clickstream
from identigraph.datasets.customers import Customers, customers

__all__ = ["Clickstream", "Customers", "clickstream", "customers"]
