"""Writes the pages of docs/ that are made from code: `make docs`. A test keeps them so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deploy.organization import MEMBER_ROLE

from . import finding_examples
from .controls_page import controls_page
from .parameters_page import parameters_page
from .permissions_page import permissions_page
from .scale_page import scale_page

__all__ = ["pages"]

ROOT = Path(__file__).parents[1]


def pages() -> Mapping[str, str]:
    """Every page by its path."""
    return {
        "docs/controls.md": controls_page(),
        "docs/findings.md": finding_examples.page(),
        "docs/parameters.md": parameters_page(),
        "docs/permissions.md": permissions_page(MEMBER_ROLE),
        "docs/scale.md": scale_page(),
    }


def main() -> None:
    for name, text in pages().items():
        (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
