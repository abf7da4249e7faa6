"""Pure functions on text: cleaning, tokens, phonetic codes, cutting into pieces.

They know nothing of records or fields. What works on many values takes a polars series of strings and returns one; of
pieces, arrays of numbers.
"""

from identigraph.text.clean import clean, digits, squash, words

__all__ = ["clean", "digits", "squash", "words"]
