"""The configuration file: options by their long names, in TOML.

    region = "eu-west-1"

    [parameter]
    MaxRearmSeconds = 3600

    [evaluate]
    control = ["root-usage", "aws-config-changes"]
    format = ["text", "html=chain.html"]

What stands before the tables is for every command that has the option, a command's table for that command. What the
command line or the environment says goes before both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from .input_output import Problem, reason

__all__ = ["USUAL", "defaults_of"]

USUAL = Path(".config-changes-alarm.toml")
"""Is read where no other is named and the current folder has it."""

_Options = Mapping[str, click.Option]


def defaults_of(path: Path, commands: Mapping[str, click.Command], name: str) -> dict[str, Any]:
    """The values that the file has for the options of a command, as `click.Context.default_map` takes them.

    Raises `Problem` for whatever no command knows: a typing error must not pass for a setting.
    """
    options = {each: _options(command) for each, command in commands.items()}
    everything = {option: each for of_command in options.values() for option, each in of_command.items()}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"cannot read {path}: {reason(error)}") from None
    tables = {key: content.pop(key) for key in commands if key in content}
    for key, table in tables.items():
        if not isinstance(table, dict):
            raise Problem(f"{path}: {key} is a command: expected a table of its options")
    read = {key: _read(path, f"[{key}] ", table, options[key]) for key, table in tables.items()}
    common = _read(path, "", content, {**everything, **options[name]})
    own = {option.name for option in options[name].values()}
    return {key: value for key, value in (common | read.get(name, {})).items() if key in own}


def _options(command: click.Command) -> _Options:
    """By their long names, without the dashes."""
    options = [each for each in command.params if isinstance(each, click.Option)]
    return {each.opts[-1].lstrip("-"): each for each in options if each.name != "config"}


def _read(path: Path, where: str, table: Mapping[str, Any], options: _Options) -> dict[str, Any]:
    read = {}
    for key, value in table.items():
        option = options.get(key.replace("_", "-"))
        if option is None or option.name is None:
            known = ", ".join(sorted(options))
            raise Problem(f"{path}: {where}{key} is not known, expected one of {known}")
        try:
            read[option.name] = _value(option, value)
        except ValueError as error:
            raise Problem(f"{path}: {where}{key}: {error}") from None
    return read


def _value(option: click.Option, value: Any) -> Any:
    """Raises `ValueError`."""
    if option.is_flag:
        if not isinstance(value, bool):
            raise ValueError("expected true or false")
        return value
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return value  # tables, such as exceptions, which the option reads itself
    if not option.multiple:
        return _text(value)
    if isinstance(value, dict):
        return [f"{name}={_list(each)}" for name, each in value.items()]
    return [_text(each) for each in (value if isinstance(value, list) else [value])]


def _list(value: Any) -> str:
    """A rule's parameter may be a list, which it takes separated by commas."""
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return str(value).lower() if isinstance(value, bool) else "" if value == "" else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise ValueError("expected text")
    return str(value)
