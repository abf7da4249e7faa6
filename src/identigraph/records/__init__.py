"""Records: any table in, dictionary-encoded columns inside."""

from identigraph.records.reading import Reading
from identigraph.records.records import Records

__all__ = ["Reading", "Records"]
