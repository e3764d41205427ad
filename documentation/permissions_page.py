"""The page `docs/permissions.md`: who may do what, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from deploy.permissions import (
    EVALUATOR,
    LOG_GROUP_READER,
    TELLS_OF_FAILURES,
    WRITES_LOG,
    Permission,
    may_assume,
    policy,
)

from .managed_policies import POLICIES, day_of, lacking

__all__ = ["LATER", "permissions_page"]

_INTRODUCTION = """\
# Permissions

This page is made by `make docs` from the list in `deploy/permissions.py`, which the roles of the templates and
the tests are made from too. The tests record every call of every evaluation path: whatever is called is allowed, and
whatever is allowed is called.

The rule reads. It writes its verdict to AWS Config and a line to its own log, and nothing else.
"""

_WITHOUT = """\
## What happens without a permission

A read that is denied is never taken for an absence. If another complete chain is proved, the verdict is COMPLIANT;
otherwise it is NON_COMPLIANT and names what was denied. Only `cloudwatch:DescribeAlarmHistory` can be left out without
any effect on a sound chain: history is only ever evidence against one. `logs:TestMetricFilter` proves
no pattern: it finds records that a doubtful pattern does not match, and says whether a pattern matches a routine event
where nothing documents it. Without it a filter in doubt does not count.
"""

LATER = (
    ("cloudtrail:GetTrailStatus", False, "an organization's trail is not known to deliver: its owner is shown more"),
    ("cloudtrail:GetEventSelectors", False, "an organization's trail is not known to record the events"),
    ("sqs:GetQueueAttributes", True, "a topic to which queues alone are subscribed is not known to reach anybody"),
    ("lambda:GetPolicy", True, "a topic to which functions alone are subscribed is not known to reach anybody"),
    ("organizations:DescribeOrganization", True, "a policy that tests aws:SourceOrgID is not known to admit the alarm"),
)
"""What roles of the first templates do not have: the action, whether the role that evaluates lacks it too, and what is
not verified without it."""

_MANAGED = """\
## AWS's own policies

Whether they suffice for `config-changes-alarm evaluate`, which writes nothing. `ReadOnlyAccess` does, and may read much
more than this. `SecurityAudit` does not: whether an alarm is muted cannot be read with it, so that no chain is proved.
Add what is missing to the role.

| policy, as AWS had it on | missing |
| --- | --- |
"""

_EARLIER = """\
## Roles that were deployed earlier

Update the stacks, or add to the roles what later templates allow. Until then nothing fails: what the rule may not read
is not verified, and the annotation names the action that was denied.

| action | missing in | without it |
| --- | --- | --- |
"""


def permissions_page(member_role: str) -> str:
    """In Markdown."""
    sections = [
        _INTRODUCTION,
        *_section(
            "The role that evaluates an account",
            "In one account this is the function's role (`deploy/single-account.yaml`, `deploy/function-role.yaml`); "
            f"in an organization it is the role `{member_role}` of every member (`deploy/member-role.yaml`).",
            EVALUATOR,
        ),
        *_section(
            "The function's role",
            "In one account together with the above. In an organization the function's role has these alone.",
            (
                WRITES_LOG,
                TELLS_OF_FAILURES,
                may_assume(member_role, "In an organization only: evaluates a member with the member's role."),
            ),
        ),
        *_section(
            "The role of the account that an organization's trail delivers to",
            "`LogGroupAccountRoleName`. It trusts the role that evaluates, and only within the organization.",
            LOG_GROUP_READER,
        ),
        _WITHOUT,
        _MANAGED + "".join(_managed(name) for name in POLICIES),
        _EARLIER + "".join(_later(*each) for each in LATER),
        "## The policy to copy\n\nOf the role that evaluates, for `arn:aws` and the account 111122223333.\n",
        f"```json\n{json.dumps(_example(), indent=2)}\n```\n",
    ]
    return "\n".join(sections)


def _managed(name: str) -> str:
    missing = ", ".join(f"`{action}`" for action in lacking(name)) or "nothing"
    return f"| `{name}`, {day_of(name)} | {missing} |\n"


def _later(action: str, everywhere: bool, consequence: str) -> str:
    roles = "`LogGroupAccountRoleName`" + (", the role that evaluates" if everywhere else "")
    return f"| `{action}` | {roles} | {consequence} |\n"


def _section(title: str, text: str, permissions: Sequence[Permission]) -> Iterator[str]:
    yield f"## {title}\n\n{text}\n"
    rows = ["| action | resource | why |", "| --- | --- | --- |"]
    for permission in permissions:
        actions = "<br>".join(f"`{action}`" for action in permission.actions)
        resources = "<br>".join(f"`{_readable(resource)}`" for resource in permission.resources)
        condition = f" Only where `{json.dumps(permission.condition)}`." if permission.condition else ""
        wide = f" {permission.wide}" if permission.wide else ""
        rows.append(f"| {actions} | {resources} | {permission.why}{wide}{condition} |")
    yield "\n".join(rows) + "\n"


def _readable(resource: str) -> str:
    return (
        resource.replace("${AWS::Partition}", "aws")
        .replace("${AWS::AccountId}", "ACCOUNT")
        .replace("${AWS::Region}", "REGION")
        .replace("${RuleName}", "FUNCTION")
        .replace("${FailureDestinationArn}", "FailureDestinationArn")
    )


def _example() -> object:
    document = json.dumps(policy(EVALUATOR))
    document = document.replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", "111122223333")
    return json.loads(document, object_hook=lambda found: found.get("Fn::Sub", found))
