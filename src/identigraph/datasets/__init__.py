"""Generators of labelled data: records that come with the truth about them.

The word lists come from the package faker, which the extra ``datasets`` installs.
"""

from identigraph.datasets.customers import Customers, customers

__all__ = ["Customers", "customers"]
