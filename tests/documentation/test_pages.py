"""Every page that is made from code is what the code makes of it now."""

from __future__ import annotations

from pathlib import Path

import pytest

from documentation.pages import pages

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", pages(), ids=str)
def test_a_page_is_what_the_code_makes_of_it(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"
