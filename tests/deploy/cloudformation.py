"""What the embedded AWS's CloudFormation leaves out of a stack without a word: rules, packs, alarms, layers.

Rules and alarms go to the embedded services, whose own checks hold and which show them afterwards. What these do not
know is kept as its resolved properties.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, ClassVar
from unittest.mock import patch

from moto.awslambda.models import LambdaFunction
from moto.cloudformation import parsing
from moto.cloudwatch.models import cloudwatch_backends
from moto.config.models import config_backends
from moto.core.common_models import CloudFormationModel
from moto.ssm.models import Document

Properties = dict[str, Any]


class _Resource(CloudFormationModel):
    """Created, updated and deleted by name; a subclass says where."""

    kept: ClassVar[dict[str, dict[str, Properties]]] = {}
    kind: ClassVar[str] = ""
    name_property: ClassVar[str] = ""

    def __init__(self, name: str, properties: Properties) -> None:
        self.name = name
        self.properties = properties

    @property
    def physical_resource_id(self) -> str:
        return self.name

    def is_created(self) -> bool:
        return True

    @classmethod
    def put(cls, name: str, properties: Properties, account_id: str, region: str) -> None:
        cls.kept.setdefault(cls.kind, {})[name] = properties

    @classmethod
    def remove(cls, name: str, account_id: str, region: str) -> None:
        cls.kept[cls.kind].pop(name)

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.kind

    @classmethod
    def cloudformation_name_type(cls) -> str:
        return cls.name_property

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Properties, account_id: str, region_name: str, **_: Any
    ) -> _Resource:
        properties = cloudformation_json["Properties"]
        cls.put(resource_name, properties, account_id, region_name)
        return cls(resource_name, properties)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: _Resource,
        new_resource_name: str,
        cloudformation_json: Properties,
        account_id: str,
        region_name: str,
    ) -> _Resource:
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Properties, account_id: str, region_name: str
    ) -> None:
        cls.remove(resource_name, account_id, region_name)


class Rule(_Resource):
    kind, name_property = "AWS::Config::ConfigRule", "ConfigRuleName"

    @classmethod
    def put(cls, name: str, properties: Properties, account_id: str, region: str) -> None:
        rule = {**properties, "ConfigRuleName": name}
        rule.pop("EvaluationModes", None)  # newer than the embedded AWS
        if isinstance(rule.get("InputParameters"), dict):
            rule["InputParameters"] = json.dumps(rule["InputParameters"])
        config_backends[account_id][region].put_config_rule(rule)

    @classmethod
    def remove(cls, name: str, account_id: str, region: str) -> None:
        config_backends[account_id][region].delete_config_rule(name)


class Alarm(_Resource):
    kind, name_property = "AWS::CloudWatch::Alarm", "AlarmName"

    @classmethod
    def put(cls, name: str, properties: Properties, account_id: str, region: str) -> None:
        given = properties.get
        cloudwatch_backends[account_id][region].put_metric_alarm(
            name=name, namespace=given("Namespace", ""), metric_name=given("MetricName", ""),
            metric_data_queries=None, comparison_operator=properties["ComparisonOperator"],
            evaluation_periods=int(properties["EvaluationPeriods"]), datapoints_to_alarm=None,
            period=given("Period", 0), threshold=float(properties["Threshold"]), statistic=given("Statistic", ""),
            extended_statistic=None, description=properties["AlarmDescription"], dimensions=[],
            alarm_actions=given("AlarmActions", []), ok_actions=given("OKActions", []),
            insufficient_data_actions=given("InsufficientDataActions", []),
            unit=None, actions_enabled=True, treat_missing_data=properties["TreatMissingData"],
            evaluate_low_sample_count_percentile=None, threshold_metric_id=None, rule=None, tags=None,
        )  # fmt: skip

    @classmethod
    def remove(cls, name: str, account_id: str, region: str) -> None:
        cloudwatch_backends[account_id][region].delete_alarms([name])


class Remediation(_Resource):
    kind, name_property = "AWS::Config::RemediationConfiguration", "ConfigRuleName"


class GivenUp(_Resource):
    kind, name_property = "AWS::Lambda::EventInvokeConfig", "FunctionName"


class Query(_Resource):
    kind, name_property = "AWS::Logs::QueryDefinition", "Name"


class OrganizationRule(_Resource):
    kind, name_property = "AWS::Config::OrganizationConfigRule", "OrganizationConfigRuleName"


class OrganizationPack(_Resource):
    kind, name_property = "AWS::Config::OrganizationConformancePack", "OrganizationConformancePackName"


ADDED = (Rule, Alarm, Remediation, GivenUp, Query, OrganizationRule, OrganizationPack)


def kept(resource_type: str) -> dict[str, Properties]:
    """All resources of a type that has no service here: their properties by name, as CloudFormation resolved them."""
    return _Resource.kept.get(resource_type, {})


def layers(cloudformation_json: Properties) -> list[str]:
    """Their ARNs; a layer of the same stack is still an object."""
    return [getattr(layer, "arn", layer) for layer in cloudformation_json["Properties"].get("Layers", [])]


@contextmanager
def whole_cloudformation() -> Iterator[None]:
    """The embedded AWS's CloudFormation with the above; around `embedded_aws()`."""
    _Resource.kept.clear()
    models = {**parsing.get_model_map(), **{model.kind: model for model in ADDED}}
    names = {**parsing.get_name_type_map(), **{model.kind: model.name_property for model in ADDED}}
    clean = parsing.clean_json

    def clean_json(value: Any, resources: Any) -> Any:
        """`AWS::NoValue` in a list takes the element away."""
        cleaned = clean(value, resources)
        return [each for each in cleaned if each is not None] if isinstance(cleaned, list) else cleaned

    function_from = LambdaFunction.create_from_cloudformation_json
    function_changed = LambdaFunction.update_from_cloudformation_json
    document_from = Document.create_from_cloudformation_json

    def function(resource_name: str, cloudformation_json: Properties, *where: Any, **more: Any) -> Any:
        made = function_from(resource_name, cloudformation_json, *where, **more)
        made.update_configuration({"Layers": layers(cloudformation_json)})
        return made

    def function_update(cloudformation_json: Properties, **more: Any) -> Any:
        properties = {**cloudformation_json["Properties"], "Layers": layers(cloudformation_json)}
        return function_changed(cloudformation_json={"Properties": properties}, **more)

    def document(resource_name: str, cloudformation_json: Properties, *where: Any, **more: Any) -> Any:
        properties = {"DocumentFormat": "JSON", **cloudformation_json["Properties"]}
        if not isinstance(properties["Content"], str):
            properties["Content"] = json.dumps(properties["Content"])
        return document_from(resource_name, {"Properties": properties}, *where, **more)

    with ExitStack() as stack:
        for owner, name, replacement in (
            (parsing, "get_model_map", lambda: models),
            (parsing, "get_name_type_map", lambda: names),
            (parsing, "get_model_list", lambda: list(models.values())),
            (parsing, "clean_json", clean_json),
            (LambdaFunction, "create_from_cloudformation_json", function),
            (LambdaFunction, "update_from_cloudformation_json", function_update),
            (Document, "create_from_cloudformation_json", document),
        ):
            stack.enter_context(patch.object(owner, name, replacement))
        yield
