"""What a cold start costs: import and first evaluation, beside a handler of boto3 and rdklib that makes the same calls.

Both run as they lie in Lambda, out of unpacked packages and without anything of this environment; `dist/` has to be
built (`make package`). The plain handler is measured as people ship it, all of boto3 as sources, and shipped as this rule
is, compiled and with the models of the services that are called.

Seconds are the processor's, the median of several processes with the least and the greatest. Where valgrind is
installed, instructions are counted too: they do not depend on what else the machine does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from demo.embedded_aws import EmbeddedAws
from demo.evaluate import scheduled_event
from deploy.bytecode import compiled
from deploy.package import LAYER, RULE, WHEELS

__all__ = ["Cost", "cold_starts"]

HERE = Path(__file__).parent
RUNS = 7
_PYTHON = (str(Path(sys.executable).resolve()), "-S")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one way to ship a handler. Seconds of the processor, `memory` in MiB, `instructions` None without valgrind."""

    name: str
    seconds: tuple[float, ...]
    memory: float
    instructions: int | None

    def beside(self, other: Cost) -> str:
        """Its row, with the ratios to another one."""
        low, middle, high = min(self.seconds), median(self.seconds), max(self.seconds)
        ratios = f"{middle / median(other.seconds):7.2f}{self.memory / other.memory:8.2f}"
        counted = "" if self.instructions is None else f"{self.instructions / 1e6:10,.0f} M"
        if self.instructions is not None and other.instructions is not None:
            counted += f"{self.instructions / other.instructions:7.2f}"
        return f"{self.name:46}{middle:7.2f} s ({low:.2f} to {high:.2f}){self.memory:6.0f} MiB{ratios}{counted}"


def cold_starts(aws: EmbeddedAws) -> Iterator[tuple[Cost, ...]]:
    """The rule and the plain handler, side by side, in the account that is on the embedded AWS."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for package, into in ((RULE, "rule"), (LAYER, "layer")):
            with zipfile.ZipFile(package) as archive:
                archive.extractall(root / into)
        for wheel in WHEELS.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(root / "whole")
        for into in ("plain", "plain-compiled"):
            (root / into).mkdir()
            shutil.copy(HERE / "plain_handler.py", root / into)
        _compile(root / "plain-compiled")
        yield tuple(
            _measured(aws, name, handler, [root / each for each in path])
            for name, handler, path in (
                ("this rule, as shipped", "ConfigChangesAlarmRule", ("rule", "layer/python")),
                ("plain handler, shipped like the rule", "plain_handler", ("plain-compiled", "layer/python")),
                ("plain handler, as people ship it", "plain_handler", ("plain", "whole")),
            )
        )


def _compile(folder: Path) -> None:
    sources = {file.name: file.read_bytes() for file in folder.glob("*.py")}
    for name, content in compiled(sources).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def _measured(aws: EmbeddedAws, name: str, handler: str, path: list[Path]) -> Cost:
    environment = {
        **{key: value for key, value in aws.environment().items() if key.startswith(("AWS_", "NO_PROXY", "no_proxy"))},
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [*_PYTHON, str(HERE / "invocation.py"), handler, "--once"]
    runs = [json.loads(_run(command, environment)) for _ in range(RUNS)]
    return Cost(
        name,
        tuple(run["cpu"] / 1000 for run in runs),
        min(run["memory"] for run in runs),
        _instructions(command, environment) if shutil.which("valgrind") else None,
    )


def _instructions(command: list[str], environment: Mapping[str, str]) -> int:
    """Of the whole process, the interpreter's own start included."""
    with tempfile.TemporaryDirectory() as folder:
        counting = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", *command]
        done = _run(counting, {**environment, "PYTHONHASHSEED": "0", "PATH": os.environ["PATH"]}, stderr=True)
    found = re.search(r"Collected : (\d+)", done)
    assert found is not None
    return int(found[1])


def _run(command: list[str], environment: Mapping[str, str], *, stderr: bool = False) -> str:
    done = subprocess.run(
        command, input=json.dumps(scheduled_event()), capture_output=True, text=True, check=True, env=environment
    )
    return done.stderr if stderr else done.stdout
