"""Every page that is made from code is what the code makes of it now."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.permissions import EVALUATOR, LOG_GROUP_READER, actions_of
from documentation.pages import pages
from documentation.permissions_page import LATER

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", pages(), ids=str)
def test_a_page_is_what_the_code_makes_of_it(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


@pytest.mark.parametrize(("action", "everywhere", "consequence"), LATER, ids=[action for action, *_ in LATER])
def test_what_roles_of_earlier_templates_lack_the_templates_of_today_have(
    action: str, everywhere: bool, consequence: str
) -> None:
    assert action in actions_of(LOG_GROUP_READER)
    assert not everywhere or action in actions_of(EVALUATOR)
    assert consequence
