"""What the judgements of a topic and of its subscribers need beyond what is at hand: a key, an organization."""

from __future__ import annotations

from collections.abc import Callable

from ..account import KeyOf, NotFound, OrganizationOf, Unreadable
from ..findings import Reason
from ..notification import Accepts, AsksOrganization, Refuses
from ..resources import Arn, Key, Organization
from .context import Context
from .reasons import unread_of

__all__ = ["key_of", "refusals", "unread_key"]


def unread_key(context: Context, read: Unreadable, encrypted_arn: str, key_id: str) -> Reason:
    """A refused read of the key that encrypts a topic or a queue."""
    owner = Arn.parse(key_id if key_id.startswith("arn:") else encrypted_arn)
    operation = "kms:GetKeyPolicy" if read.operation == "sts:AssumeRole" else read.operation
    name = key_id.rpartition(":")[2].removeprefix("key/")
    return unread_of(context, read, owner.account_id, f"key {name}", operation)


def key_of(context: Context, encrypted_arn: str, key_id: str) -> Key | NotFound | Unreadable:
    """The key that encrypts a topic or a queue. One that AWS manages is known by its name, and admits nobody."""
    from ..notification import is_aws_managed

    if is_aws_managed(key_id):
        return NotFound(key_id)
    return context.account.ask(KeyOf(encrypted_arn, key_id))


def refusals(
    context: Context, judge: Callable[[Organization | NotFound | None], Accepts | Refuses | AsksOrganization]
) -> tuple[Reason, ...]:
    """Why a judgement is no yes. The organization is asked for only where it decides."""
    verdict = judge(None)
    if isinstance(verdict, AsksOrganization):
        organization = context.account.ask(OrganizationOf(verdict.account_id))
        if isinstance(organization, Unreadable):
            return (_unread_organization(context, organization, verdict.account_id),)
        verdict = judge(organization)
    match verdict:
        case Accepts():
            return ()
        case Refuses(reasons):
            return reasons
        case AsksOrganization():
            raise AssertionError(f"the organization of account {verdict.account_id} is told")


def _unread_organization(context: Context, read: Unreadable, account_id: str) -> Reason:
    return unread_of(context, read, account_id, "the organization", "organizations:DescribeOrganization")
