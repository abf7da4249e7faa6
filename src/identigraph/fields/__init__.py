"""Field kinds: what a value means, and how it is normalized."""

from identigraph.fields.email import Email
from identigraph.fields.kind import FieldKind

__all__ = ["Email", "FieldKind"]
