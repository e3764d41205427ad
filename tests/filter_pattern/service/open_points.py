"""What AWS does not document about filter patterns: the points that the played service can be told either way."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

__all__ = ["OpenPoint", "Reading"]


class OpenPoint(Enum):
    """The value says what is so where the point is read as true."""

    NE_ON_NULL = "!= is true on a null"
    NE_ON_BOOLEAN = "!= on a boolean is the reverse of ="
    TRAILING_REST_AGAIN = "a leading * finds the rest at the end though it occurs earlier too"
    BARE_PUNCTUATION = "a word without quotes with - / : is read as its text"
    NUMBER_ON_STRING = "a number without quotes compares with a string that reads as one"
    BOOLEAN_AS_TEXT = "a boolean compares with a word as JSON writes it"
    NUMBER_ON_BOOLEAN = "a boolean compares with a number as 1 or 0"
    NULL_AS_TEXT = "a null compares with a word as JSON writes it"
    NULL_IS_EMPTY = "a null is the empty word"
    STAR_ON_CONTAINER = "* matches an object or an array"
    STARS_ON_NUMBER = "a word of several * matches a number"
    STAR_WITHIN_ON_NUMBER = "a * within a word is a wildcard on a number"
    SPELLING = "a number compares with a word as it is written, not as it would be written anew"
    HUGE_NUMBER = "numbers beyond a double's digits compare exactly"
    WILD_NE_ANY = "!= under a wildcard selector holds when one element differs"
    WILD_NOT_EXISTS = "NOT EXISTS under a wildcard selector holds when no element has the field"
    WILD_OTHER_KIND = "[*] selects an object's fields, and .* an array's elements"
    WILD_DEEPER = "a wildcard selector reaches below one level"
    BACKSLASH_KEPT = "a backslash before an ordinary character stays"
    IS_ON_STRING = "IS TRUE matches the string true"


Reading: TypeAlias = Mapping[OpenPoint, bool]
"""How the points are decided; on one that is left out the answer is not known."""
