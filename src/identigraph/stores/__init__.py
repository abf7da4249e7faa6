"""Stores: resolutions that are kept, changed in transactions and found again as they were."""

from identigraph.stores.store import Store

__all__ = ["Store"]
