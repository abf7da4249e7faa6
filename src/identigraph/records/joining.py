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
    """Return the records of two parts of one table; `position` has those of the first before those of the other.

    Args:
        one: many records, some features of which were asked for; these are kept.
        other: few, of the same columns, read as all of them are.

    Examples:
        >>> one = Records.of({"id": [7], "mail": ["A@x.com"]}, id="id")
        >>> one.column("mail").values.to_list()
        ['a x com']
        >>> both = joined_records(one, Records.of({"id": [8], "mail": ["a@X.com"]}, id="id"))
        >>> both.ids.to_list(), both.column("mail").codes.tolist()
        ([7, 8], [0, 0])
    """
    both = Records.of_rows(joined([one.rows, other.rows]))
    came = np.append(one.position.argsort().argsort(), len(one) + other.position)
    found = attrs.evolve(
        both,
        position=came[both.position],
        fields=other.fields,
        reading=other.reading,
        given_facts=other.given_facts,
    )
    for feature, column in one.asked.items():
        found.encoded[feature] = merged(column, other.column(feature)).some(both.position)
    return found
