"""Which trails deliver to which log group: status and identity as tables."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import LogGroupId, Trail, TrailStatus
from config_changes_alarm.trail import Delivers, delivers, log_group_of, qualifies
from config_changes_alarm.trail.delivery import STALE_AFTER, Broken

from ..api_answers import GROUP, NOW, OTHER, OWN, REGION, a_trail, compliant_answers
from ..fake_account import FakeAccount
from ..verdict import verdict


def trail(**members: Any) -> Trail:
    return Trail.from_api(a_trail(**members))


EARLIER = NOW - STALE_AFTER - timedelta(minutes=1)
STATUSES = (
    ("delivered three minutes ago", TrailStatus(True, None, NOW - timedelta(minutes=3), EARLIER), False, None),
    (
        "started an hour ago, nothing delivered yet",
        TrailStatus(True, None, None, NOW - timedelta(hours=1)),
        False,
        None,
    ),
    (
        "restarted an hour ago after a long pause",
        TrailStatus(True, None, EARLIER, NOW - timedelta(hours=1)),
        False,
        None,
    ),
    ("delivered just within the limit", TrailStatus(True, None, NOW - STALE_AFTER, EARLIER), False, None),
    ("stopped", TrailStatus(False, None, NOW, NOW), False, FindingId.TRAIL_NOT_LOGGING),
    ("delivery error", TrailStatus(True, "AccessDenied", NOW, NOW), False, FindingId.TRAIL_DELIVERY_ERROR),
    ("last delivery long ago", TrailStatus(True, None, EARLIER, EARLIER), False, FindingId.TRAIL_DELIVERY_STALE),
    (
        "logging for long, never delivered",
        TrailStatus(True, None, None, EARLIER),
        False,
        FindingId.TRAIL_DELIVERY_STALE,
    ),
    ("an own trail that shows no times", TrailStatus(True), False, FindingId.TRAIL_DELIVERY_STALE),
    ("an organization's trail that shows no times", TrailStatus(True), True, None),
    (
        "an organization's trail with an old delivery",
        TrailStatus(True, None, EARLIER),
        True,
        FindingId.TRAIL_DELIVERY_STALE,
    ),
)


@pytest.mark.parametrize(("words", "status", "organization", "finding"), STATUSES, ids=[row[0] for row in STATUSES])
def test_a_trail_delivers_by_its_status(
    words: str, status: TrailStatus, organization: bool, finding: FindingId | None
) -> None:
    match delivers(trail(IsOrganizationTrail=organization), status, NOW, seen_by_owner=not organization):
        case Delivers():
            assert finding is None
        case Broken(reasons):
            assert [reason.id for reason in reasons] == [finding]


def test_a_log_group_is_identified_by_account_region_and_name() -> None:
    assert log_group_of(trail()) == LogGroupId("aws", OWN, REGION, GROUP)
    elsewhere = log_group_of(trail(CloudWatchLogsLogGroupArn=f"arn:aws-cn:logs:cn-north-1:{OTHER}:log-group:a:b:*"))
    assert elsewhere == LogGroupId("aws-cn", OTHER, "cn-north-1", "a:b")


@pytest.mark.parametrize("arn", [None, "", "CloudTrail/logs", "arn:aws:s3:::bucket", "arn:aws:logs:r:1:log-group:"])
def test_a_trail_without_a_log_group_says_so(arn: str | None) -> None:
    found = log_group_of(trail(CloudWatchLogsLogGroupArn=arn))
    assert not isinstance(found, LogGroupId)
    assert found.id is FindingId.TRAIL_NO_LOG_GROUP


def test_a_trail_of_one_region_cannot_see_the_others() -> None:
    assert qualifies(trail()) is None
    reason = qualifies(trail(IsMultiRegionTrail=False))
    assert reason is not None
    assert reason.id is FindingId.TRAIL_SINGLE_REGION


def test_a_shadow_trail_is_judged_as_in_its_home_region() -> None:
    elsewhere = json.loads(json.dumps(compliant_answers()).replace(REGION, "us-east-1"))
    account = FakeAccount.of(elsewhere)
    assert account.region == REGION
    assert assess(account.opened(), Requirement.parse(), NOW).compliance is Compliance.COMPLIANT


def test_a_log_group_of_the_same_name_in_this_account_is_no_trap() -> None:
    foreign = f"arn:aws:logs:{REGION}:{OTHER}:log-group:{GROUP}:*"
    organization = a_trail(
        IsOrganizationTrail=True,
        TrailARN=f"arn:aws:cloudtrail:{REGION}:{OTHER}:trail/everything",
        CloudWatchLogsLogGroupArn=foreign,
    )
    assert verdict(DescribeTrails={"trailList": [organization]}) == (
        Compliance.NON_COMPLIANT,
        [FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT],
    )


@pytest.mark.parametrize(
    ("group", "finding"),
    [
        ({"logGroupClass": "INFREQUENT_ACCESS"}, FindingId.LOG_GROUP_CLASS),
        ({"logGroupClass": "DELIVERY"}, FindingId.LOG_GROUP_CLASS),
        ({"logGroupClass": "ESSENTIALS"}, FindingId.LOG_GROUP_CLASS_UNVERIFIED),
        ({"arn": f"arn:aws:logs:{REGION}:{OWN}:log-group:another:*"}, FindingId.LOG_GROUP_MISSING),
    ],
    ids=["infrequent access", "delivery", "essentials", "gone"],
)
def test_only_a_standard_log_group_that_exists_carries_filters(group: dict[str, str], finding: FindingId) -> None:
    (plain,) = compliant_answers()["DescribeLogGroups"]["logGroups"]
    assert verdict(DescribeLogGroups={"logGroups": [{**plain, **group}]}) == (Compliance.NON_COMPLIANT, [finding])
