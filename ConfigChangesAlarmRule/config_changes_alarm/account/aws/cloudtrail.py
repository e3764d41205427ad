"""How CloudTrail is asked about trails, their status and their event selectors."""

from __future__ import annotations

from ...resources import EventSelectors, Place, Trail, TrailStatus
from ..outcomes import EvaluationFailed
from ..questions import EventSelectorsOf, Trails, TrailStatusOf
from .calling import Calling
from .errors import Denied
from .parsing import check_subject, each, parsed


def trails(aws: Calling, _: Trails) -> tuple[Trail, ...]:
    """DescribeTrails."""
    answer = aws.call("cloudtrail", aws.home, "describe_trails", "trails")
    found = each("DescribeTrails", answer, "trailList", Trail.from_api)
    return tuple({trail.trail_arn: trail for trail in found}.values())


def trail_status(aws: Calling, question: TrailStatusOf) -> TrailStatus:
    """GetTrailStatus."""
    trail = question.trail
    place = Place(aws.home.account_id, trail.home_region)
    answer = aws.call("cloudtrail", place, "get_trail_status", trail.trail_arn, Name=trail.trail_arn)
    return parsed("GetTrailStatus", lambda: TrailStatus.from_api(answer))


def event_selectors(aws: Calling, question: EventSelectorsOf) -> EventSelectors:
    """GetEventSelectors. An organization trail's selectors may be hidden from its members: its owner sees them."""
    trail = question.trail
    try:
        return _event_selectors(aws, trail, aws.home.account_id)
    except Denied:
        if trail.account_id == aws.home.account_id or aws.role_name is None:
            raise
    return _event_selectors(aws, trail, trail.account_id)


def _event_selectors(aws: Calling, trail: Trail, account_id: str) -> EventSelectors:
    place = Place(account_id, trail.home_region)
    answer = aws.call("cloudtrail", place, "get_event_selectors", trail.trail_arn, TrailName=trail.trail_arn)
    check_subject("GetEventSelectors", answer, "TrailARN", trail.trail_arn)
    if answer.get("EventSelectors") is None and answer.get("AdvancedEventSelectors") is None:
        raise EvaluationFailed("GetEventSelectors: member 'EventSelectors' is missing")
    return parsed("GetEventSelectors", lambda: EventSelectors.from_api(answer))
