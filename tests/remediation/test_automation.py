"""The runner itself: that it does with a document what Systems Manager does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws

from .automation import Execution, Refused, resolve, run, select

SAY = "def say(events, context):\n    return {'said': events['what']}\n"
FAIL = "def fail(events, context):\n    raise ValueError('planted')\n"


def say(name: str, what: Any = "x", kind: str = "String", **members: Any) -> dict[str, Any]:
    """A step that answers with what it is given."""
    inputs = {"Runtime": "python3.11", "Handler": "say", "Script": SAY, "InputPayload": {"what": what}}
    outputs = [{"Name": "said", "Selector": "$.Payload.said", "Type": kind}]
    return {"name": name, "action": "aws:executeScript", "inputs": inputs, "outputs": outputs, **members}


def fail(name: str, **members: Any) -> dict[str, Any]:
    inputs = {"Runtime": "python3.11", "Handler": "fail", "Script": FAIL}
    return {"name": name, "action": "aws:executeScript", "inputs": inputs, **members}


def branch(name: str, *choices: dict[str, Any], **members: Any) -> dict[str, Any]:
    default = {"Default": members.pop("default")} if "default" in members else {}
    return {"name": name, "action": "aws:branch", "inputs": {"Choices": list(choices), **default}, **members}


def execute(*steps: dict[str, Any], parameters: dict[str, Any] | None = None, **given: str) -> Execution:
    outputs = [f"{step['name']}.said" for step in steps if step.get("outputs")]
    return run({"parameters": parameters or {}, "mainSteps": list(steps), "outputs": outputs}, given)


ROUTES: dict[str, tuple[tuple[dict[str, Any], ...], str, list[str]]] = {
    "in order": ((say("a"), say("b")), "Success", ["a", "b"]),
    "nextStep": ((say("a", nextStep="c"), say("b"), say("c")), "Success", ["a", "c"]),
    "isEnd": ((say("a", isEnd=True), say("b")), "Success", ["a"]),
    "failure aborts": ((fail("a"), say("b")), "Failed", ["a"]),
    "onFailure Abort": ((fail("a", onFailure="Abort"), say("b")), "Failed", ["a"]),
    "onFailure Continue is not critical": ((fail("a", onFailure="Continue"), say("b")), "Success", ["a", "b"]),
    "onFailure Continue but critical": (
        (fail("a", onFailure="Continue", isCritical=True), say("b")),
        "Failed",
        ["a", "b"],
    ),
    "onFailure Continue to nextStep": (
        (fail("a", onFailure="Continue", nextStep="c"), say("b"), say("c")),
        "Success",
        ["a", "c"],
    ),
    "onFailure step": ((fail("a", onFailure="step:c"), say("b"), say("c")), "Failed", ["a", "c"]),
    "onFailure step, not critical": (
        (fail("a", onFailure="step:c", isCritical=False), say("b"), say("c")),
        "Success",
        ["a", "c"],
    ),
    "isEnd ends a failure too": ((fail("a", onFailure="Continue", isEnd=True), say("b")), "Success", ["a"]),
    "first choice that holds": (
        (
            say("a", "blue"),
            branch(
                "b",
                {"NextStep": "c", "Variable": "{{ a.said }}", "StringEquals": "red"},
                {"NextStep": "d", "Variable": "{{ a.said }}", "StartsWith": "bl"},
                {"NextStep": "c", "Variable": "{{ a.said }}", "Contains": "u"},
            ),
            say("c"),
            say("d"),
        ),
        "Success",
        ["a", "b", "d"],
    ),
    "default": (
        (branch("b", {"NextStep": "c", "Variable": "x", "StringEquals": "y"}, default="d"), say("c"), say("d")),
        "Success",
        ["b", "d"],
    ),
    "no choice and no default": (
        (branch("b", {"NextStep": "d", "Variable": "x", "StringEquals": "y"}), say("c"), say("d")),
        "Success",
        ["b", "c", "d"],
    ),
    "no choice and the end": (
        (branch("b", {"NextStep": "d", "Variable": "x", "StringEquals": "y"}, isEnd=True), say("d")),
        "Success",
        ["b"],
    ),
    "output of a step that did not run": (
        (say("a", isEnd=False, nextStep="c"), say("b"), say("c", "{{ b.said }}")),
        "Failed",
        ["a", "c"],
    ),
    "output of another type": ((say("a", "text", kind="StringMap"),), "Failed", ["a"]),
}


@pytest.mark.parametrize("words", ROUTES)
def test_the_way_through_the_steps(words: str) -> None:
    steps, status, way = ROUTES[words]
    execution = execute(*steps)
    assert (execution.status, list(execution.steps)) == (status, way)


def test_a_script_fails_with_its_error() -> None:
    assert execute(fail("a")).failure == "Step a failed: ValueError - planted"


@pytest.mark.parametrize(("attempts", "status"), [(2, "Failed"), (3, "Success")])
def test_a_step_is_tried_as_often_as_it_says(attempts: int, status: str, tmp_path: Path) -> None:
    """The script fails until it has left two marks."""
    script = (
        "import pathlib\n"
        "def fail(events, context):\n"
        "    marks = list(pathlib.Path(events['path']).iterdir())\n"
        "    pathlib.Path(events['path'], str(len(marks))).touch()\n"
        "    assert len(marks) == 2\n"
    )
    step = fail("a", maxAttempts=attempts)
    step["inputs"] |= {"Script": script, "InputPayload": {"path": str(tmp_path)}}
    assert execute(step).status == status
    assert len(list(tmp_path.iterdir())) == attempts


@pytest.mark.parametrize("value", ["text", ["one", "two"], {"a": "b"}])
def test_a_reference_alone_keeps_its_type(value: Any) -> None:
    assert resolve("{{ a.b }}", {"a.b": value}) == value


def test_references_in_a_text_are_replaced_once() -> None:
    assert resolve("<{{a}}|{{ b }}>", {"a": "{{ b }}", "b": "x"}) == "<{{ b }}|x>"


def test_a_selector_goes_into_members_and_elements() -> None:
    assert select("$.a[1].b", {"a": [{}, {"b": "x"}]}) == "x"


PATTERN = {"P": {"type": "String", "allowedPattern": "^[a-z]+$"}}
VALUES = {"P": {"type": "String", "allowedValues": ["red", "blue"], "default": "red"}}


@pytest.mark.parametrize(
    ("parameters", "given", "message"),
    [
        (PATTERN, {}, "parameter P is missing"),
        (PATTERN, {"P": "1"}, "parameter P does not match"),
        (VALUES, {"P": "green"}, "parameter P is none of"),
        (VALUES, {"Q": "red"}, "unknown parameter Q"),
    ],
)
def test_parameters_that_are_not_allowed_start_nothing(
    parameters: dict[str, Any], given: dict[str, str], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        execute(say("a", "{{ P }}"), parameters=parameters, **given)


def test_a_default_is_taken() -> None:
    assert execute(say("a", "{{ P }}"), parameters=VALUES).outputs == {"a.said": "red"}


IDENTITY = {"Service": "sts", "Api": "GetCallerIdentity"}


@pytest.mark.parametrize("action", ["aws:assertAwsResourceProperty", "aws:waitForAwsResourceProperty"])
@pytest.mark.parametrize(("wanted", "status"), [(ACCOUNT_ID, "Success"), ("210987654321", "Failed")])
def test_a_property_is_what_it_has_to_be(action: str, wanted: str, status: str, aws: EmbeddedAws) -> None:
    inputs = {**IDENTITY, "PropertySelector": "$.Account", "DesiredValues": ["0", wanted]}
    assert execute({"name": "a", "action": action, "inputs": inputs}).status == status


def test_a_call_is_made_and_its_answer_selected(aws: EmbeddedAws) -> None:
    outputs = [{"Name": "said", "Selector": "$.Account"}]
    step = {"name": "a", "action": "aws:executeAwsApi", "inputs": IDENTITY, "outputs": outputs}
    assert execute(step).outputs == {"a.said": ACCOUNT_ID}


def test_a_call_that_aws_refuses_fails_the_step(aws: EmbeddedAws) -> None:
    inputs = {"Service": "logs", "Api": "DescribeLogStreams", "logGroupName": "none"}
    assert (
        "ResourceNotFoundException" in execute({"name": "a", "action": "aws:executeAwsApi", "inputs": inputs}).failure
    )
