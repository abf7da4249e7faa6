"""Records: any table in, dictionary-encoded columns inside."""

from identigraph.records.reading import Reading
from identigraph.records.records import Records
from identigraph.records.row_reader import RowReader

__all__ = ["Reading", "Records", "RowReader"]
