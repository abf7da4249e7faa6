"""Stores: a resolution that is kept, updated change by change, and read back as it was."""
