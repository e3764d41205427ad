"""Replaces what says whose account it is, by a stand-in of its kind, the same one wherever it occurs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_URL = r"https?://[^\s\"'<>\\]+"
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_PHONE = r"\+\d{8,15}(?!\d)"
_ACCOUNT_ID = r"(?<!\d)\d{12}(?!\d)"
_ORGANIZATION_ID = r"(?<![A-Za-z0-9-])o-[a-z0-9]{10,32}(?![A-Za-z0-9-])"
IDENTIFYING = re.compile("|".join((_URL, _EMAIL, _PHONE, _ACCOUNT_ID, _ORGANIZATION_ID)))
"""What says whose account it is, and is known by its shape."""


class Redaction:
    """One stand-in for each thing, whatever the order in which they are met.

    `endpoints` are replaced too, as they are spelt, the first that fits; give the longest first.
    """

    def __init__(self, endpoints: Sequence[str]) -> None:
        known = [re.escape(endpoint) for endpoint in endpoints]
        self._identifying = re.compile("|".join((*known, IDENTIFYING.pattern)))
        self._stand_ins: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def text(self, text: str) -> str:
        """The text with everything identifying replaced."""
        return self._identifying.sub(lambda match: self._stand_in(match.group()), text)

    def value(self, value: Any) -> Any:
        """The same for every text in a JSON value."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.value(each) for each in value]
            case dict():
                return {name: self.value(each) for name, each in value.items()}
            case _:
                return value

    def _stand_in(self, original: str) -> str:
        if original not in self._stand_ins:
            shape = _shape_of(original)
            number = self._counts[shape] = self._counts.get(shape, 0) + 1
            self._stand_ins[original] = shape.format(number)
        return self._stand_ins[original]


def _shape_of(original: str) -> str:
    if original.startswith(("http://", "https://")):
        return original.partition("://")[0] + "://endpoint-{}.example.com/"
    if "@" in original:
        return "person-{}@example.com"
    if re.fullmatch(_ACCOUNT_ID, original):
        return "{:012d}"
    if original.startswith("o-"):
        return "o-{:010d}"
    return "+1555{:07d}"
