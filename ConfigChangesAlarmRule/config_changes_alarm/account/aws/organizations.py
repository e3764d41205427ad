"""How AWS Organizations is asked which organization an account is in."""

from __future__ import annotations

from ...resources import Organization, Place
from ..questions import OrganizationOf
from .calling import Calling
from .parsing import parsed


def organization(aws: Calling, question: OrganizationOf) -> Organization:
    """DescribeOrganization, which tells every account about its own."""
    place = Place(question.account_id, aws.home.region)
    answer = aws.call("organizations", place, "describe_organization", question.subject)
    return parsed("DescribeOrganization", lambda: Organization.from_api(answer))
