"""What the documentation shows is true: its Python runs, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_a_page_runs(page: Path) -> None:
    for source in re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL):
        exec(compile(source, page.name, "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in link:
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_is_reached_from_the_readme(page: Path) -> None:
    reached = {ROOT / "README.md"}
    while True:
        more = {
            (each.parent / link).resolve()
            for each in reached
            for link in re.findall(r"\]\(([^)#]+\.md)", each.read_text())
            if "://" not in link
        }
        if more <= reached:
            break
        reached |= more
    assert page in reached
