"""Pure functions on text: cleaning, tokens, phonetic codes.

They know nothing of records or fields. What works on many values takes and returns a polars series of strings.
"""

from identigraph.text.clean import clean, digits, squash, words

__all__ = ["clean", "digits", "squash", "words"]
