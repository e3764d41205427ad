"""Which resources an expression leads to: through inputs, outputs, keys, and what a local value may mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from config_changes_alarm_cli.plan import read_plan
from config_changes_alarm_cli.plan.references import References

_Block = dict[str, Any]


def _plan(instances: Sequence[str], configuration: Mapping[str, Any]) -> References:
    """A plan with resources of these addresses, whose ARNs are known only after apply."""
    resources = [_instance(address) for address in instances]
    changes = [
        {**each, "change": {"actions": ["create"], "after": {}, "after_unknown": {"arn": True}}} for each in resources
    ]
    by_module: dict[str, list[_Block]] = {}
    for each in resources:
        by_module.setdefault(each["module_address"], []).append({**each, "values": {}})
    root = {
        "resources": by_module.pop("", []),
        "child_modules": [{"address": address, "resources": found} for address, found in by_module.items()],
    }
    document = {
        "format_version": "1.2",
        "planned_values": {"root_module": root},
        "resource_changes": changes,
        "configuration": {"root_module": configuration},
    }
    return References(read_plan(json.dumps(document).encode()))


def _instance(address: str) -> _Block:
    module, _, own = address.rpartition("/")
    type_and_name, _, index = own.partition("[")
    type_, name = type_and_name.split(".")
    made: _Block = {"address": f"{module}.{own}" if module else own, "mode": "managed", "type": type_, "name": name}
    made["module_address"] = module
    return {**made, "index": json.loads(index[:-1])} if index else made


def _block(address: str, **expressions: Sequence[str]) -> _Block:
    type_, name = address.split(".")
    made = {each: {"references": list(references)} for each, references in expressions.items()}
    return {"address": address, "mode": "managed", "type": type_, "name": name, "expressions": made}


def _traced(references: References, address: str, *named: str) -> tuple[list[str], list[str], bool]:
    plan = references._plan
    found = references.traced(plan.resources[address], {"references": list(named)})
    topics = [
        [each.resource.address for each in origins if each.resource.type == "aws_sns_topic"]
        for origins in (found.named, found.seen)
    ]
    return topics[0], topics[1], found.plain


ROOT = _plan(
    ["a.alarm", 'a.each["day"]', "aws_sns_topic.one", 'aws_sns_topic.each["day"]', 'aws_sns_topic.each["night"]',
     "aws_sns_topic.counted[0]", "aws_sns_topic.counted[1]", "aws_sns_topic_policy.one"],
    {
        "resources": [
            _block("a.alarm"),
            {**_block("a.each"), "for_each_expression": {"references": ["aws_sns_topic.one"]}},
            _block("aws_sns_topic.one"), _block("aws_sns_topic.each"), _block("aws_sns_topic.counted"),
            _block("aws_sns_topic_policy.one", arn=["aws_sns_topic.one.arn", "aws_sns_topic.one"]),
        ],
    },
)  # fmt: skip
_DAY, _NIGHT = 'aws_sns_topic.each["day"]', 'aws_sns_topic.each["night"]'

IN_ROOT: tuple[tuple[str, str, tuple[str, ...], list[str], bool], ...] = (
    ("one", "a.alarm", ("aws_sns_topic.one.arn", "aws_sns_topic.one"), ["aws_sns_topic.one"], True),
    (
        "two in a list", "a.alarm", ("aws_sns_topic.one.arn", "aws_sns_topic.one", f"{_DAY}.arn", _DAY),
        ["aws_sns_topic.one", _DAY], True,
    ),
    (
        "a choice by a variable", "a.alarm", ("var.at_night", f"{_DAY}.arn", _DAY, f"{_NIGHT}.arn", _NIGHT),
        [_DAY, _NIGHT], False,
    ),
    ("a choice by the key", 'a.each["day"]', ("each.key", f"{_DAY}.arn", f"{_NIGHT}.arn"), [_DAY, _NIGHT], False),
    ("all instances", "a.alarm", ("aws_sns_topic.each",), [_DAY, _NIGHT], True),
    ("an instance of those", "a.alarm", (f"{_NIGHT}.arn", _NIGHT, "aws_sns_topic.each"), [_NIGHT], True),
    (
        "an instance by number", "a.alarm",
        ("aws_sns_topic.counted[1].arn", "aws_sns_topic.counted[1]", "aws_sns_topic.counted"),
        ["aws_sns_topic.counted[1]"], True,
    ),
    ("the instance of the same key", 'a.each["day"]', ("aws_sns_topic.each", "each.key"), [_DAY], False),
    ("a value of for_each", 'a.each["day"]', ("each.value.topic", "each.value"), ["aws_sns_topic.one"], False),
    (
        "what another resource hands on", "a.alarm", ("aws_sns_topic_policy.one.arn", "aws_sns_topic_policy.one"),
        ["aws_sns_topic.one"], True,
    ),
    ("nothing that is there", "a.alarm", ("aws_sns_topic.gone.arn",), [], True),
    ("what is known", "a.alarm", ("path.module", "terraform.workspace", "var.known"), [], False),
)  # fmt: skip


@pytest.mark.parametrize(
    ("address", "named", "topics", "plain"), [each[1:] for each in IN_ROOT], ids=[each[0] for each in IN_ROOT]
)
def test_references_lead_to(address: str, named: tuple[str, ...], topics: list[str], plain: bool) -> None:
    assert _traced(ROOT, address, *named) == (topics, [], plain)


def _modules() -> References:
    """A topic in one module, which another module is given, and an alarm there."""
    topics = {
        "resources": [_block("aws_sns_topic.made")],
        "outputs": {"arn": {"expression": {"references": ["aws_sns_topic.made.arn", "aws_sns_topic.made"]}}},
    }
    alarms = {"resources": [_block("a.alarm"), _block("aws_sns_topic.own")]}
    return _plan(
        ["module.topics/aws_sns_topic.made", 'module.alarms["x"]/a.alarm', 'module.alarms["x"]/aws_sns_topic.own',
         "aws_sns_topic.root"],
        {
            "resources": [_block("aws_sns_topic.root")],
            "module_calls": {
                "topics": {"module": topics},
                "alarms": {
                    "module": alarms,
                    "for_each_expression": {"references": ["module.topics.arn", "module.topics"]},
                    "expressions": {
                        "given": {"references": ["module.topics.arn", "module.topics"]},
                        "of_key": {"references": ["each.value"]},
                        "constant": {"constant_value": "arn:aws:sns:eu-west-1:123456789012:known"},
                    },
                },
            },
        },
    )  # fmt: skip


_ALARM, _MADE = 'module.alarms["x"].a.alarm', "module.topics.aws_sns_topic.made"


def test_an_input_is_what_the_call_gives_it() -> None:
    assert _traced(_modules(), _ALARM, "var.given") == ([_MADE], [], True)
    assert _traced(_modules(), _ALARM, "var.of_key") == ([_MADE], [], False)


def test_an_input_that_is_a_constant_or_left_to_its_default_is_known() -> None:
    assert _traced(_modules(), _ALARM, "var.constant") == ([], [], False)
    assert _traced(_modules(), _ALARM, "var.not_given") == ([], [], False)


def test_a_local_value_may_mean_all_that_its_module_sees_and_nothing_else() -> None:
    named, seen, plain = _traced(_modules(), _ALARM, "local.topic")
    assert (named, sorted(seen), plain) == ([], ['module.alarms["x"].aws_sns_topic.own', _MADE], False)


def test_a_circle_of_references_ends() -> None:
    references = _plan(
        ["aws_sns_topic.a", "aws_sns_topic.b"],
        {"resources": [_block("aws_sns_topic.a", arn=["aws_sns_topic.b.arn"]),
                       _block("aws_sns_topic.b", arn=["aws_sns_topic.a.arn"])]},
    )  # fmt: skip
    assert _traced(references, "aws_sns_topic.a", "aws_sns_topic.b.arn")[2] is True
