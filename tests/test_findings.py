"""Every kind of finding has its words, and the page is made from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_changes_alarm.findings import CATALOGUE, FindingId, Reason, finding, page

ROOT = Path(__file__).parents[1]


def test_every_kind_is_in_the_catalogue_in_the_chains_order() -> None:
    assert list(CATALOGUE) == list(FindingId)


@pytest.mark.parametrize("kind", FindingId)
def test_a_finding_names_its_subject_and_says_what_to_do(kind: FindingId) -> None:
    told = finding(Reason(kind, "the-subject", "the detail"))
    assert told.summary.endswith(": the detail")
    assert told.step
    assert told.remedy


def test_a_remedy_has_the_accounts_own_names_quoted_for_the_shell() -> None:
    facts = (("alarm_name", "it's mine"), ("region", "eu-west-1"))
    told = finding(Reason(FindingId.ALARM_ACTIONS_DISABLED, "it's mine", "", facts))
    assert told.remedy == ("aws cloudwatch enable-alarm-actions --region eu-west-1 --alarm-names 'it'\"'\"'s mine'")


def test_the_page_is_made_from_the_catalogue() -> None:
    assert (ROOT / "docs/findings.md").read_text() == page()
