"""Where the rule is deployed with RDK: one Region of one account, and what everything is called there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3

from .settings import Settings

__all__ = ["Deployment", "DeploymentFailed", "deployments"]


class DeploymentFailed(Exception):
    """Something was not deployed or removed; the text says what."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One Region's names."""

    settings: Settings
    account_id: str
    partition: str
    region: str

    @property
    def function_name(self) -> str:
        """RDK's own name for it."""
        return f"RDK-Rule-Function-{self.settings.rule_name}"

    @property
    def bucket(self) -> str:
        """RDK's own name for it."""
        return f"config-rule-code-bucket-{self.account_id}-{self.region}"

    @property
    def code_key(self) -> str:
        return f"{self.settings.rule_name}/{self.settings.rule_name}.zip"

    @property
    def role_stack(self) -> str:
        return f"{self.settings.rule_name}-role"

    @property
    def alarms_stack(self) -> str:
        return f"{self.settings.rule_name}-alarms"

    @property
    def remediation_stack(self) -> str:
        return f"{self.settings.rule_name}-remediation"

    @property
    def role_name(self) -> str:
        return self.settings.role_name or f"{self.function_name}-{self.region}"

    @property
    def layer_name(self) -> str:
        return f"{self.settings.rule_name}-libraries"

    def client(self, service: str) -> Any:
        """With the AWS settings in use."""
        return boto3.client(service, region_name=self.region)  # type: ignore[call-overload]


def deployments(settings: Settings, dry_run: bool = False) -> Iterator[Deployment]:
    """One for each Region. A dry run calls nothing, so it knows no account. Raises `DeploymentFailed`."""
    session = boto3.Session()
    own = session.region_name or os.environ.get("AWS_REGION")
    regions = settings.regions or ((own,) if own else ())
    if not regions:
        raise DeploymentFailed("no Region: set AWS_DEFAULT_REGION, or Regions in rdk_config.json")
    account_id, partition = "<account>", "aws"
    if not dry_run:
        identity = session.client("sts", region_name=regions[0]).get_caller_identity()
        account_id, partition = identity["Account"], identity["Arn"].split(":")[1]
    for region in regions:
        yield Deployment(settings, account_id, partition, region)
