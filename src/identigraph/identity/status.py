"""Statuses: what became of an id that was once issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import attrs


@attrs.frozen
class Live:
    """The id is that of an entity."""


@attrs.frozen
class Redirect:
    """The entity of the id was merged into another.

    Attributes:
        entity_id: the id of the entity that holds its records now.
    """

    entity_id: str


@attrs.frozen
class Split:
    """The entity of the id was divided among others, none of which holds most of it.

    Attributes:
        shares: the share of its records, by weight, that each entity received.
    """

    shares: Mapping[str, float]


@attrs.frozen
class Retired:
    """No record of the entity is left; the id comes back with its records."""


@attrs.frozen
class Erased:
    """The records of the entity were erased; the id is never used again."""


@attrs.frozen
class Unknown:
    """The id was never issued."""


Status: TypeAlias = Live | Redirect | Split | Retired | Erased | Unknown
