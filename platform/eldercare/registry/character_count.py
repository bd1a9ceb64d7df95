"""How many characters (字) a text has, as a word processor counts them: that is what limits an experience."""

import unicodedata


def characters(text: str) -> int:
    """Each Chinese character and each mark of punctuation counts one, each run of Latin letters or digits one, space none.

    >>> characters("居家养老，2020年 happy end。")
    10
    """
    count, inside = 0, False
    for letter in text:
        word = _is_latin(letter)
        count += not letter.isspace() and not unicodedata.combining(letter) and not (word and inside)
        inside = word
    return count


def _is_latin(letter: str) -> bool:
    """Whether a letter or digit runs together with its neighbours into one word."""
    narrow = unicodedata.east_asian_width(letter) not in ("W", "F")
    return narrow and unicodedata.category(letter)[0] in "LN"
