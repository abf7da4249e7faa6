"""Records: any table in, dictionary-encoded columns inside."""

from identigraph.records.records import Records

__all__ = ["Records"]
