"""How CloudTrail is asked about trails, their status and their event selectors.

An organization's trail belongs to another account, and its members see less of it than its owner (user guide, "Creating
a trail for an organization"; what a member is answered has changed over the years). So the owner is asked where there
is a role for it, and whatever a member is refused means that it is hidden: neither absent nor a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...resources import EventSelectors, MalformedAnswer, Place, Trail, TrailStatus
from ..outcomes import Unreadable
from ..questions import EventSelectorsOf, Trails, TrailStatusOf
from .calling import Calling
from .errors import Absent, Denied, Unanswered
from .owner import where_it_lives
from .parsing import check_subject, each, parsed

T = TypeVar("T")


def trails(aws: Calling, _: Trails) -> tuple[Trail, ...]:
    """DescribeTrails."""
    answer = aws.call("cloudtrail", aws.home, "describe_trails", "trails")
    found = each("DescribeTrails", answer, "trailList", Trail.from_api)
    return tuple({trail.trail_arn: trail for trail in found}.values())


def trail_status(aws: Calling, question: TrailStatusOf) -> TrailStatus:
    """GetTrailStatus. Of another account's trail what its owner is shown, and what a member is shown against it.

    Where the owner's answer is refused, a member's counts against the trail and never for it.
    """
    trail = question.trail
    if trail.account_id == aws.home.account_id or aws.role_name is None:
        return _status(aws, trail, aws.home.account_id)
    try:
        members = _status(aws, trail, aws.home.account_id)
    except Denied:
        return _status(aws, trail, trail.account_id)
    try:
        return _status(aws, trail, trail.account_id).with_failures_of(members)
    except Denied:
        if members.shows_failure:
            return members
        raise


def event_selectors(aws: Calling, question: EventSelectorsOf) -> EventSelectors:
    """GetEventSelectors. Of another account's trail what its owner is shown, or else what a member is."""
    trail = question.trail
    return where_it_lives(aws, trail.trail_arn, lambda place: _selectors(aws, trail, place.account_id))


def _status(aws: Calling, trail: Trail, account_id: str) -> TrailStatus:
    def read(place: Place) -> TrailStatus:
        answer = aws.call("cloudtrail", place, "get_trail_status", trail.trail_arn, Name=trail.trail_arn)
        return parsed("GetTrailStatus", lambda: TrailStatus.from_api(answer))

    return _shown_to(account_id, trail, "cloudtrail:GetTrailStatus", read)


def _selectors(aws: Calling, trail: Trail, account_id: str) -> EventSelectors:
    def read(place: Place) -> EventSelectors:
        answer = aws.call("cloudtrail", place, "get_event_selectors", trail.trail_arn, TrailName=trail.trail_arn)
        check_subject("GetEventSelectors", answer, "TrailARN", trail.trail_arn)
        return parsed("GetEventSelectors", lambda: EventSelectors.from_api(_with_selectors(answer)))

    return _shown_to(account_id, trail, "cloudtrail:GetEventSelectors", read)


def _with_selectors(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer. It has a list of one kind of selectors, be it empty. Raises `MalformedAnswer`."""
    if answer.get("EventSelectors") is None and answer.get("AdvancedEventSelectors") is None:
        raise MalformedAnswer("EventSelectors", "is missing")
    return answer


def _shown_to(account_id: str, trail: Trail, operation: str, read: Callable[[Place], T]) -> T:
    """What the account is shown of the trail. What is not shown to a member is hidden from it: `Denied`."""
    try:
        return read(Place(account_id, trail.home_region))
    except (Absent, Unanswered) as error:
        if trail.account_id == account_id:
            raise
        raise Denied(Unreadable(operation, error.code, trail.trail_arn)) from None
