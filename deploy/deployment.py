"""Where the rule is deployed with RDK: one Region of one account, and what everything is called there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3

from .settings import Settings

__all__ = ["Deployment", "DeploymentFailed"]


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
