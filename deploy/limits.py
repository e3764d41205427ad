"""How full the files are that AWS takes up to a size: what `make templates` prints."""

from __future__ import annotations

__all__ = ["TEMPLATE_BYTES", "size_of"]

TEMPLATE_BYTES = 51_200
"""What CloudFormation takes of a template that is sent as text, and AWS Config of a pack's."""


def size_of(name: str, text: str, limit: int) -> str:
    """A file's size beside its limit, in words."""
    size = len(text.encode())
    return f"{name}  {size:,} of {limit:,} bytes ({size / limit:.0%})"
