"""Profiles: what is known of an entity, and from which record."""

from identigraph.profiles.golden import Profiles

__all__ = ["Profiles"]
