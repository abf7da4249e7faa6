"""The report: one HTML page about a resolution, from counts and tables."""

from identigraph.report.page import notebook, render
from identigraph.report.summary import Stage, Summary

__all__ = ["Stage", "Summary", "notebook", "render"]
