"""identigraph."""
