"""What a remedy's commands ask of AWS, as a shell and the AWS CLI read them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

import awscli  # noqa: F401  # sets AWS_DATA_PATH, here and not within an embedded AWS, whose end would take it away

from demo.embedded_aws import REGION

_SHELL = "aws() { printf '%s\\0' \"$@\"; printf '\\1\\0'; }\n"
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an API, with its parameters as AWS names them."""

    operation: str
    parameters: Mapping[str, Any]


def decided(commands: str, decisions: Mapping[str, str]) -> str:
    """The commands with what the person who follows them has to decide. Every place has to have a decision."""
    return re.sub(r"<[a-z-]+>", lambda place: decisions[place[0]], commands)


@cache
def command_lines(commands: str) -> tuple[tuple[str, ...], ...]:
    """The arguments of every `aws` that a shell would run."""
    ran = subprocess.run(["bash", "-euc", _SHELL + commands], check=True, capture_output=True, text=True)
    lines = ran.stdout.split("\1\0")
    assert lines.pop() == ""
    return tuple(tuple(line.split("\0")[:-1]) for line in lines)


@cache
def calls_of(commands: str) -> tuple[Call, ...]:
    """What the AWS CLI makes of them, without a request being sent. Fails where the CLI refuses a command."""
    interface, made = _command_line_interface()
    made.clear()
    with patch.dict(os.environ, _CREDENTIALS):
        for line in command_lines(commands):
            assert interface.main(list(line)) == 0, line
    return tuple(made)


@cache
def _command_line_interface() -> tuple[Any, list[Call]]:
    """The real one, which stops before a request is sent; and what it was about to call."""
    from awscli.clidriver import create_clidriver

    made: list[Call] = []

    class Answered:
        status_code = 200

    def note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        made.append(Call(f"{model.service_model.service_name}:{model.name}", dict(params)))

    with patch.dict(os.environ, _CREDENTIALS):
        interface = create_clidriver()
    interface.session.register("before-parameter-build.*.*", note)
    interface.session.register("before-call.*.*", lambda **_: (Answered(), {}))
    return interface, made
