"""CloudFormation's intrinsic functions as values, and templates as YAML in one fixed form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

__all__ = [
    "NO_VALUE",
    "Value",
    "condition",
    "dump",
    "equals",
    "excused",
    "get_att",
    "join",
    "negation",
    "ref",
    "sub",
    "when",
]

Value = str | int | float | bool | Sequence[Any] | Mapping[str, Any]
"""What a template may hold: JSON."""

_WIDTH = 10_000
"""Texts stay on their line, so that a pattern can be found and copied."""

_FLAT = 110
"""Characters up to which a function stands on one line."""

_QUOTED = re.compile(r"!(Ref|GetAtt|Condition) '([\w.:-]+)'")


def ref(name: str) -> Value:
    """Of a parameter or resource."""
    return {"Ref": name}


NO_VALUE = ref("AWS::NoValue")
"""Takes a property away."""


def sub(text: str) -> Value:
    """`Fn::Sub` where there is something to substitute, the text itself otherwise."""
    return {"Fn::Sub": text} if "${" in text else text


def get_att(resource: str, attribute: str) -> Value:
    """Of a resource."""
    return {"Fn::GetAtt": [resource, attribute]}


def when(condition: str, then: Value, otherwise: Value = NO_VALUE) -> Value:
    """`Fn::If`."""
    return {"Fn::If": [condition, then, otherwise]}


def condition(name: str) -> Value:
    """Another condition, inside a condition."""
    return {"Condition": name}


def equals(left: Value, right: Value) -> Value:
    """Whether two texts are the same."""
    return {"Fn::Equals": [left, right]}


def negation(condition: Value) -> Value:
    """Whether it does not hold."""
    return {"Fn::Not": [condition]}


def excused(**reasons: str) -> Mapping[str, Any]:
    """A resource's metadata for checkov: the checks that do not hold here, each with its reason."""
    skipped = [{"id": check, "comment": reason} for check, reason in reasons.items()]
    return {"Metadata": {"checkov": {"skip": skipped}}}


def join(separator: str, parts: Value) -> Value:
    """`parts` is a list, or a function that gives one."""
    return {"Fn::Join": [separator, parts]}


class _Dumper(yaml.SafeDumper):
    """Sequences indented below their key, texts of several lines as they are."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


class _Tagged:
    """A function in its short form: `!Ref Name`."""

    def __init__(self, tag: str, argument: Any) -> None:
        self.tag, self.argument = tag, argument


def _length(value: Any) -> int:
    """About how many characters it takes on one line; a mapping takes a block."""
    match value:
        case _Tagged():
            return len(value.tag) + _length(value.argument)
        case list():
            return sum(map(_length, value)) + 2 * len(value)
        case dict():
            return _FLAT
        case _:
            return len(str(value))


def _represent_tagged(dumper: yaml.SafeDumper, tagged: _Tagged) -> yaml.Node:
    if isinstance(tagged.argument, str):
        return dumper.represent_scalar(tagged.tag, tagged.argument)
    if isinstance(tagged.argument, list):
        return dumper.represent_sequence(tagged.tag, tagged.argument, flow_style=_length(tagged.argument) < _FLAT)
    return dumper.represent_mapping(tagged.tag, tagged.argument)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(_Tagged, _represent_tagged)
_Dumper.add_representer(str, _represent_text)


def _shortened(value: Any) -> Any:
    if isinstance(value, Mapping):
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in ("Ref", "Condition") or re.fullmatch(r"Fn::\w+", name):
                if name == "Fn::GetAtt":
                    argument = ".".join(argument)
                return _Tagged(f"!{name.removeprefix('Fn::')}", _shortened(argument))
        return {name: _shortened(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_shortened(each) for each in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value


def dump(template: Mapping[str, Any], header: str, short: bool = True) -> str:
    """YAML with the header as a comment. `short`: functions as tags, which a conformance pack does not take."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in header.splitlines())
    content = _shortened(template) if short else _plain(template)
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True)
    return comment + _QUOTED.sub(r"!\1 \2", text)
