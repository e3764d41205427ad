"""How the organization of an account is read: in the account itself, which may be in none."""

from __future__ import annotations

import pytest
from config_changes_alarm.account import NotFound, OrganizationOf, Unreadable
from config_changes_alarm.resources import Organization

from .answers import ROLE, organization_account, plain_account
from .http_aws import OWN, HttpAws, Refusal, answering, fixed
from .reading import asked, opened

pytestmark = pytest.mark.usefixtures("clock")

DESCRIBE = "organizations:DescribeOrganization"
OTHER = "222222222222"


def aws_with(account: HttpAws) -> HttpAws:
    account.answers[DESCRIBE] = fixed({"Organization": {"Id": "o-exampleorg1", "FeatureSet": "ALL"}})
    return account


def test_an_account_is_told_its_own_organization() -> None:
    aws = aws_with(plain_account())
    with answering(aws) as session:
        assert opened(session).ask(OrganizationOf(OWN)) == Organization("o-exampleorg1")
    assert asked(aws) == [DESCRIBE]


def test_another_account_is_asked_with_the_role_there() -> None:
    aws = aws_with(organization_account())
    with answering(aws) as session:
        aws.account_of = lambda request: OTHER if request.operation == DESCRIBE else OWN
        assert opened(session, ROLE).ask(OrganizationOf(OTHER)) == Organization("o-exampleorg1")
        assert opened(session).ask(OrganizationOf(OTHER)) == Unreadable(
            "sts:AssumeRole", "NoRoleGiven", f"account {OTHER}"
        )


def test_an_account_in_no_organization_has_none() -> None:
    aws = plain_account()
    aws.answers[DESCRIBE] = lambda _: Refusal("AWSOrganizationsNotInUseException")
    with answering(aws) as session:
        assert opened(session).ask(OrganizationOf(OWN)) == NotFound(f"organization of account {OWN}")
