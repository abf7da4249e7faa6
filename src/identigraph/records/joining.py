"""Records put together: those that are left and those that came, what was encoded of either kept.

Only for records of one reading: what a record says must not depend on the others.
"""

from __future__ import annotations

import attrs
import numpy as np

from identigraph.encoding import merged
from identigraph.records.records import Records
from identigraph.records.rows import joined


def joined_records(one: Records, other: Records) -> Records:
    """Return the records of two parts of one table, in the order of their content.

    Args:
        one: many records, encoded.
        other: few, of the same columns and fields; features that it lacks are made of it.

    Examples:
        >>> one, other = (Records.of({"id": [n], "mail": [mail]}, id="id") for n, mail in ((7, "A@x.com"), (8, "a@x.com")))
        >>> one.column("mail").values.to_list()
        ['a x com']
        >>> both = joined_records(one, other)
        >>> both.position.tolist(), both.column("mail").codes.tolist()
        ([0, 1], [0, 0])
    """
    both = Records.of_rows(joined([one.rows, other.rows]))
    found = attrs.evolve(both, fields=one.fields, given_facts=one.given_facts)
    place = found.position.astype(np.int64)
    for feature, column in one.encoded.items():
        found.encoded[feature] = merged(column, other.column(feature)).some(place)
    return found
