"""What a topic's access policy decides on an alarm's request: vectors, and the policy of the remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.notification.access_policy import Decision, admitting, decide
from config_changes_alarm.notification.service_request import CLOUDWATCH, ServiceRequest
from hypothesis import given
from hypothesis import strategies as st

from ..api_answers import OWN, REGION, TOPIC
from ..vectors import vectors
from .topics import organization_of

TOPIC_POLICIES = vectors(__file__, "topic_policies")
UNREADABLE = {"no effect", "no statement member", "a statement that is text", "conditions that are no object"}


def request(case: dict[str, Any]) -> ServiceRequest:
    name = case.get("alarm_name", "config-changes")
    alarm_arn = f"arn:aws:cloudwatch:{REGION}:{OWN}:alarm:{name}"
    return ServiceRequest(CLOUDWATCH, "sns:Publish", TOPIC, alarm_arn, OWN, organization_of(case))


@pytest.mark.parametrize("case", TOPIC_POLICIES, ids=lambda case: case["name"])
def test_a_topic_policy_decides(case: dict[str, Any]) -> None:
    assert decide(json.dumps(case["policy"]), request(case)) is Decision(case["decision"])


@pytest.mark.parametrize("case", TOPIC_POLICIES, ids=lambda case: case["name"])
def test_the_policy_of_the_remedy_admits_the_alarm_and_keeps_every_statement(case: dict[str, Any]) -> None:
    """Nothing is proposed for a policy that cannot be read; one with an effect that nobody knows stays in doubt."""
    text = json.dumps(case["policy"])
    mended = admitting(text, ("sns:Publish",), [request(case)])
    if case["name"] in UNREADABLE:
        assert mended is None
        return
    assert mended is not None
    assert decide(mended, request(case)) is (Decision.UNVERIFIED if "Audit" in text else Decision.ALLOWED)
    statements = case["policy"]["Statement"]
    kept = json.loads(mended)["Statement"][:-1]
    had = statements if isinstance(statements, list) else [statements]
    without = [{name: each[name] for name in each if name != "Condition"} for each in (*had, *kept)]
    assert without[: len(had)] == without[len(had) :]


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "null", '{"Statement": 1}', "[" * 100_000])
def test_what_is_no_policy_decides_nothing(text: str) -> None:
    assert decide(text, request({})) is Decision.UNVERIFIED


WILD = st.text(st.sampled_from("ab*?"), max_size=8)


@given(WILD, st.text(st.sampled_from("ab"), max_size=8))
def test_wildcards_match_as_a_regular_expression_would(pattern: str, text: str) -> None:
    import re

    from config_changes_alarm.notification.condition import like

    regex = "".join({"*": ".*", "?": "."}.get(char, char) for char in pattern)
    assert like(pattern, text) is (re.fullmatch(regex, text) is not None)
