"""Which keys let an alarm use an encrypted topic: vectors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.account import NotFound
from config_changes_alarm.notification import Accepts, key_admits
from config_changes_alarm.notification.acceptance import Refuses
from config_changes_alarm.resources import Key

from ..api_answers import KEY_ARN
from ..vectors import vectors
from .topics import ALARM, organization_of, refused, topic

KEYS = vectors(__file__, "keys")


@pytest.mark.parametrize("case", KEYS, ids=lambda case: case["name"])
def test_a_key_admits_the_alarm(case: dict[str, Any]) -> None:
    text = None if case["policy"] is None else json.dumps(case["policy"])
    key: Key | NotFound = NotFound(case["key_id"])
    if case["key"] is not None:
        key = Key.from_api({"KeyMetadata": {"Arn": KEY_ARN, **case["key"]}}, text)
    organization = organization_of(case)
    found = key_admits(topic(KmsMasterKeyId=case["key_id"]), key, ALARM, organization)
    assert refused(found) == case["finding"]
    facts = dict(found.reasons[0].facts) if isinstance(found, Refuses) else {}
    if "key_policy" in facts and isinstance(key, Key):
        mended = Key(key.arn, key.key_manager, key.key_state, facts["key_policy"])
        assert key_admits(topic(KmsMasterKeyId=case["key_id"]), mended, ALARM, organization) == Accepts()
