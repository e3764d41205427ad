"""In which account and Region each resource of a plan lies: a plan says it here and there, or not at all.

A resource lies where its provider works. The Region is the resource's own (version 6 of the provider), or that of the
provider's configuration. The account is the one that `aws_caller_identity` has told the same provider, that of the role
which it assumes, or else the one in which Terraform itself works.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from config_changes_alarm.resources import Arn, MalformedArn, Place

from .document import Plan, Resource
from .references import References

__all__ = ["NOTHING_TOLD", "Places", "Told", "UnknownPlace"]

_STAND_IN = "111122223333"
_ACCOUNT_ID = re.compile(r"\d{12}")
_OWNER = re.compile(r"\barn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):")
_DEFAULT = "aws"
_CREDENTIALS = ("assume_role", "assume_role_with_web_identity", "profile", "access_key", "shared_credentials_files")
"""What makes a provider work in an account of its own."""


class UnknownPlace(Exception):
    """The plan does not say in which account or Region a provider works. One sentence for a person."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of accounts and Regions, by provider, where the plan does not.

    `environment` is the Region of last resort.
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    environment: str | None = None


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True)
class Places:
    """`home` is the account and the Region that are evaluated; `assumed` what of them the plan does not say."""

    references: References
    providers: Mapping[str, Any]
    home: Place
    accounts: Mapping[str, str]
    regions: Mapping[str, str]
    assumed: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan, references: References, told: Told) -> Places:
        """Raises `UnknownPlace`."""
        roles = {key: account for key, each in plan.providers.items() if (account := _account_of_role(plan, each))}
        accounts = {**told.accounts, **roles, **dict(_accounts_read(plan, references))}
        configured = {key: region for key, each in plan.providers.items() if (region := _region_of(plan, each))}
        regions = {**told.regions, **configured, **dict(_regions_read(plan, references))}
        region = regions.get(_DEFAULT) or next(iter(_regions_of_resources(plan)), told.environment)
        if region is None:
            raise UnknownPlace("the plan does not say its Region: give --region, such as --region eu-west-1")
        account, assumed = accounts.get(_DEFAULT), []
        if account is None:
            named = _accounts_in_arns(plan)
            account = next(iter(named)) if len(named) == 1 else _STAND_IN
            why = "the only one that its ARNs name" if len(named) == 1 else "which stands for it"
            assumed.append(f"the plan does not say its account: it is taken to be {account}, {why}")
        return cls(references, plan.providers, Place(account, region), accounts, regions, tuple(assumed))

    def of_resource(self, resource: Resource) -> Place:
        """Where it lies. Raises `UnknownPlace`."""
        own = _from_arn(resource)
        if own is not None:
            return own
        key = self.references.configured(resource).get("provider_config_key") or _DEFAULT
        named = resource.values.get("region")
        region = (
            named if isinstance(named, str) else self._of(self.regions, key, self.home.region, "--region", "REGION")
        )
        return Place(self._of(self.accounts, key, self.home.account_id, "--account", "ID"), region)

    def _of(self, known: Mapping[str, str], key: str, home: str, option: str, value: str) -> str:
        """Of a provider; the default one's is the home."""
        if key in known or key == _DEFAULT or (option == "--account" and not self._is_elsewhere(key)):
            return known.get(key, home)
        kind = "Region" if option == "--region" else "account"
        raise UnknownPlace(f"the plan does not say the {kind} of provider {key}: give {option} {key}={value}")

    def _is_elsewhere(self, key: str) -> bool:
        """Whether a provider has credentials of its own."""
        own = (self.providers.get(key) or {}).get("expressions") or {}
        default = (self.providers.get(_DEFAULT) or {}).get("expressions") or {}
        return any(own.get(name) != default.get(name) for name in _CREDENTIALS)

    @property
    def partition(self) -> str:
        """By the Region's name (AWS general reference, "AWS partitions")."""
        region = self.home.region
        return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _value(plan: Plan, provider: Mapping[str, Any], expression: Any) -> str | None:
    """An expression of a provider's configuration: a constant, or a variable of the root module."""
    if not isinstance(expression, dict):
        return None
    value = expression.get("constant_value")
    references: list[str] = list(expression.get("references") or ())
    if value is None and not provider.get("module_address") and len(references) == 1:
        value = plan.variables.get(references[0].removeprefix("var."))
    return value if isinstance(value, str) else None


def _region_of(plan: Plan, provider: Mapping[str, Any]) -> str | None:
    return _value(plan, provider, (provider.get("expressions") or {}).get("region"))


def _account_of_role(plan: Plan, provider: Mapping[str, Any]) -> str | None:
    """The account of the last role in the chain that a provider assumes."""
    roles = (provider.get("expressions") or {}).get("assume_role") or ()
    arn = _value(plan, provider, roles[-1].get("role_arn")) if isinstance(roles, list) and roles else None
    try:
        return Arn.parse(arn or "").account_id
    except MalformedArn:
        return None


def _regions_read(plan: Plan, references: References) -> Iterator[tuple[str, str]]:
    """What the data source `aws_region` was told, by provider. Before version 6 the provider calls it `name`."""
    for key, each in _read(plan, references, "aws_region"):
        region = each.values.get("region") or each.values.get("name")
        if isinstance(region, str):
            yield key, region


def _accounts_read(plan: Plan, references: References) -> Iterator[tuple[str, str]]:
    for key, each in _read(plan, references, "aws_caller_identity"):
        account_id = each.values.get("account_id")
        if isinstance(account_id, str) and _ACCOUNT_ID.fullmatch(account_id):
            yield key, account_id


def _read(plan: Plan, references: References, type_: str) -> Iterator[tuple[str, Resource]]:
    for each in plan.resources.values():
        if each.mode == "data" and each.type == type_:
            yield references.configured(each).get("provider_config_key") or _DEFAULT, each


def _from_arn(resource: Resource) -> Place | None:
    """What is there already says itself where."""
    try:
        arn = Arn.parse(str(resource.values.get("arn") or ""))
    except MalformedArn:
        return None
    return Place(arn.account_id, arn.region) if _ACCOUNT_ID.fullmatch(arn.account_id) and arn.region else None


def _accounts_in_arns(plan: Plan) -> frozenset[str]:
    return frozenset(_OWNER.findall(json.dumps([dict(each.values) for each in plan.resources.values()])))


def _regions_of_resources(plan: Plan) -> Iterator[str]:
    for each in plan.resources.values():
        if isinstance(each.values.get("region"), str) and each.type.startswith("aws_"):
            yield each.values["region"]
        elif place := _from_arn(each):
            yield place.region
