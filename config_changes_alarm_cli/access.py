"""The ways into an account for a person at a terminal: a profile, or a role in every account of an organization.

Everything is read-only, but for `Access.import_findings`. Whatever keeps an account shut is one sentence:
`CannotEvaluate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader
from botocore.parsers import ResponseParserError
from botocore.session import Session as BotocoreSession
from config_changes_alarm.account import Identity
from config_changes_alarm.account.aws import CONFIG, AwsSource
from config_changes_alarm.findings import legible
from config_changes_alarm.requirement import Requirement

from .evaluation import Candidate, CannotEvaluate, Outcome, evaluate_controls
from .exceptions import Register

__all__ = ["Access", "Member", "of_organization", "profile_names", "with_profiles"]


_MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Member:
    """An account of an organization."""

    account_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Access:
    """Credentials of one account, tried, and the Region to evaluate in."""

    session: boto3.Session
    account_id: str
    region: str

    @classmethod
    def with_profile(cls, profile: str | None, region: str | None) -> Access:
        """By a profile of the AWS configuration, or by the environment. Raises `CannotEvaluate`."""
        with _one_sentence("sts:GetCallerIdentity"):
            session = boto3.Session(profile_name=profile, region_name=region)
            if session.region_name is None:
                raise CannotEvaluate("no Region: give --region, or set one in the profile")
            account_id = session.client("sts", config=CONFIG).get_caller_identity()["Account"]
            return cls(session, account_id, session.region_name)

    def members(self) -> tuple[Member, ...]:
        """The active accounts of the organization. Raises `CannotEvaluate`.

        `State` is the newer spelling; `Status` was retired in September 2026 (Organizations API reference, Account).
        """
        with _one_sentence("organizations:ListAccounts"):
            pages = self.session.client("organizations", config=CONFIG).get_paginator("list_accounts").paginate()
            accounts: list[Mapping[str, Any]] = [dict(each) for page in pages for each in page["Accounts"]]
        active = (each for each in accounts if (each.get("State") or each.get("Status")) == "ACTIVE")
        return tuple(Member(each["Id"], each.get("Name") or each["Id"]) for each in active)

    def of_member(self, member: Member, role_name: str) -> Access:
        """By assuming a role there; the own account needs none. Raises `CannotEvaluate`."""
        if member.account_id == self.account_id:
            return self
        partition = self.session.get_partition_for_region(self.region)
        arn = f"arn:{partition}:iam::{member.account_id}:role/{role_name}"
        with _one_sentence(f"sts:AssumeRole of {arn}"):
            given = self.session.client("sts", config=CONFIG).assume_role(
                RoleArn=arn, RoleSessionName="config-changes-alarm"
            )["Credentials"]
        session = boto3.Session(
            given["AccessKeyId"],
            given["SecretAccessKey"],
            given["SessionToken"],
            region_name=self.region,
            botocore_session=_lean_session(self.session),
        )
        return Access(session, member.account_id, self.region)

    def source(self, log_group_account_role_name: str | None) -> AwsSource:
        """The account as AWS answers about it, with nothing asked yet."""
        return AwsSource(self.session, Identity(self.account_id, self.region), log_group_account_role_name)

    def import_findings(self, findings: Sequence[Mapping[str, Any]]) -> None:
        """Into Security Hub of this account and Region: each takes its own findings alone. Raises `CannotEvaluate`.

        A call takes a hundred (API reference, BatchImportFindings).
        """
        with _one_sentence("securityhub:BatchImportFindings"):
            client = self.session.client("securityhub", region_name=self.region, config=CONFIG)
            calls = (
                client.batch_import_findings(Findings=findings[start : start + _MOST_FINDINGS])
                for start in range(0, len(findings), _MOST_FINDINGS)
            )
            refused = [each for answer in calls for each in answer["FailedFindings"]]
        if refused:
            why = f"{refused[0]['ErrorCode']}, {refused[0]['ErrorMessage']}"
            raise CannotEvaluate(f"Security Hub refuses {len(refused)} of {len(findings)} findings: {why}")

    def evaluate(self, name: str, asked: Sequence[Mapping[str, object]], register: Register) -> tuple[Outcome, ...]:
        """One evaluation for each of the rule's parameters, which differ in the control. Raises `InvalidParameters`."""
        role_name = Requirement.parse(asked[0]).log_group_account_role_name
        return evaluate_controls(self.source(role_name), name, asked, register)


def _lean_session(session: boto3.Session) -> BotocoreSession:
    """One that shares the service models that another has read: fifty accounts would read them fifty times."""
    made = BotocoreSession()
    loader: Loader = session._session.get_component("data_loader")
    made.register_component("data_loader", loader)
    return made


@contextmanager
def _one_sentence(operation: str) -> Iterator[None]:
    """Whatever keeps the account shut, for a person."""
    try:
        yield
    except ClientError as error:
        raise CannotEvaluate(_refusal(operation, error)) from None
    except (BotoCoreError, ValueError) as error:
        raise CannotEvaluate(str(error)) from None
    except (ResponseParserError, LookupError, TypeError, AttributeError):
        sentence = "the answer is not from AWS; is there a proxy or a login page in between?"
        raise CannotEvaluate(f"{operation}: {sentence}") from None


def _refusal(operation: str, error: ClientError) -> str:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if "Expired" in code:
        return "the credentials have expired"
    if operation == "sts:GetCallerIdentity":
        return f"AWS refuses the credentials ({code})"
    return f"{operation}: {code}"


def profile_names() -> tuple[str, ...]:
    """Those of the AWS configuration; none where it cannot be read."""
    try:
        return tuple(BotocoreSession().available_profiles)
    except BotoCoreError:
        return ()


def with_profiles(profiles: Iterable[str | None], region: str | None) -> tuple[Candidate, ...]:
    """The accounts of several profiles."""

    def candidate(profile: str | None) -> Candidate:
        return Candidate(legible(profile or "default"), "", region or "", lambda: Access.with_profile(profile, region))

    return tuple(candidate(profile) for profile in dict.fromkeys(profiles))


def of_organization(access: Access, role_name: str) -> tuple[Candidate, ...]:
    """Every active account of the organization. Raises `CannotEvaluate`."""

    def candidate(member: Member) -> Candidate:
        return Candidate(
            legible(member.name), member.account_id, access.region, lambda: access.of_member(member, role_name)
        )

    return tuple(candidate(member) for member in access.members())
