"""Drawing: HTML and SVG from figures and texts, without any script and anything loaded. Knows nothing of records."""
