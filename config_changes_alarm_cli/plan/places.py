"""In which account and Region each resource of a plan lies: a plan says it here and there, or not at all.

A resource lies where its provider works. The Region is the resource's own (provider version 6), or that of the
provider's configuration; the account is the one that `aws_caller_identity` has told the same provider.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config_changes_alarm.resources import Arn, MalformedArn, Place

from .document import Plan, Resource
from .references import References

__all__ = ["Places", "UnknownRegion"]

_STAND_IN = "111122223333"
_ACCOUNT_ID = re.compile(r"\d{12}")
_OWNER = re.compile(r"\barn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):")
_DEFAULT = "aws"


class UnknownRegion(Exception):
    """The plan does not say in which Region a provider works. One sentence for a person."""


@dataclass(frozen=True, slots=True)
class Places:
    """`home` is the account and the Region that are evaluated; `assumed` what of them the plan does not say."""

    plan: Plan
    references: References
    providers: Mapping[str, Any]
    home: Place
    regions: Mapping[str, str]
    accounts: Mapping[str, str]
    assumed: tuple[str, ...]

    @classmethod
    def of(
        cls,
        plan: Plan,
        references: References,
        account_id: str | None,
        regions: Mapping[str, str],
        environment: str | None = None,
    ) -> Places:
        """`account_id` and `regions`, by provider, are what a person says of them; `environment` is the Region of last
        resort. Raises `UnknownRegion`.
        """
        providers = plan.providers
        told = {key: region for key, each in providers.items() if (region := _region_of(plan, each))}
        told |= dict(_regions_read(plan, references)) | dict(regions)
        accounts = dict(_accounts(plan, references))
        assumed = []
        home_account = account_id or accounts.get(_DEFAULT) or next(iter(accounts.values()), None)
        if home_account is None:
            named = _accounts_in_arns(plan)
            home_account = next(iter(named)) if len(named) == 1 else _STAND_IN
            told_by = "the only one that its ARNs name" if len(named) == 1 else "which stands for it"
            assumed.append(f"the plan does not say its account: it is taken to be {home_account}, {told_by}")
        home_region = told.get(_DEFAULT) or next(iter(_regions_of_resources(plan)), environment)
        if home_region is None:
            raise UnknownRegion("the plan does not say its Region: give --region, such as --region eu-west-1")
        if account_id is not None:
            accounts[_DEFAULT] = account_id
        home = Place(home_account, home_region)
        return cls(plan, references, providers, home, told, accounts, tuple(assumed))

    def of_resource(self, resource: Resource) -> Place:
        """Where it lies. Raises `UnknownRegion`."""
        own = _from_arn(resource)
        if own is not None:
            return own
        key = self.references.configured(resource).get("provider_config_key") or _DEFAULT
        region = resource.values.get("region") if isinstance(resource.values.get("region"), str) else None
        region = region or self.regions.get(key) or (self.home.region if _bare(key) == _DEFAULT else None)
        if region is None:
            raise UnknownRegion(
                f"the plan does not say in which Region provider {_bare(key)} works, which {resource.address} is of: "
                f"give --region {_bare(key)}=REGION"
            )
        return Place(self.accounts.get(key) or self.accounts.get(_DEFAULT) or self.home.account_id, region)

    @property
    def partition(self) -> str:
        """By the Region's name (AWS general reference, "AWS partitions")."""
        region = self.home.region
        return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _bare(key: str) -> str:
    """A provider's name, without the module in which it is configured."""
    return key.rpartition(":")[2]


def _region_of(plan: Plan, provider: Mapping[str, Any]) -> str | None:
    """The Region in a provider's configuration: a constant, or a variable of the root module."""
    expression = (provider.get("expressions") or {}).get("region") or {}
    if not isinstance(expression, dict):
        return None
    value = expression.get("constant_value")
    references: list[str] = list(expression.get("references") or ())
    if value is None and not provider.get("module_address") and len(references) == 1:
        value = plan.variables.get(references[0].removeprefix("var."))
    return value if isinstance(value, str) else None


def _regions_read(plan: Plan, references: References) -> Iterator[tuple[str, str]]:
    """What the data source `aws_region` was told, by provider. Before version 6 the provider calls it `name`."""
    for key, each in _read(plan, references, "aws_region"):
        region = each.values.get("region") or each.values.get("name")
        if isinstance(region, str):
            yield key, region


def _accounts(plan: Plan, references: References) -> Iterator[tuple[str, str]]:
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
