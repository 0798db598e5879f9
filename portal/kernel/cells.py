"""What a person wrote, in a file that a spreadsheet opens."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With these a spreadsheet begins to calculate, or to call somebody."""


def cell(value: object) -> object:
    """A value for a row of a CSV file: words that would be a formula stay words, by a quote before them.

    Everything that people wrote goes through here before it is written to such a file; numbers stay numbers.
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value
