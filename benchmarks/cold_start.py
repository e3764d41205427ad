"""What a cold start costs: import and first evaluation, beside a handler of boto3 and rdklib that makes the same calls.

Both run as they lie in Lambda, out of unpacked packages and without anything of this environment; `dist/` has to be
built (`make package`). The plain handler is measured as people ship it, all of boto3 as sources, and shipped as this
rule is, compiled and with the models of the services that are called.

AWS is called over TLS, on connections that are kept: what it takes to trust AWS is a part of every cold start. A
process is stopped where a sandbox would be, after its first answer.

Seconds are the processor's, the median of several processes with the least and the greatest. Where valgrind is
installed, instructions are counted too: they do not depend on what else the machine does. Where the emulator of Lambda
lies in `build/` (`make test-lambda` brings it), the same is measured in it, without TLS, the runtime's own start
included.
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
from deploy.bytecode import compiled, compiles_for
from deploy.package import LAYER, RULE, WHEELS, runtime
from tests.deploy.test_lambda import EMULATOR, running
from tests.tls_front import TlsFront, tls_front

from .delaying_proxy import delaying_proxy

__all__ = ["COLUMNS", "Cost", "cold_starts"]

HERE = Path(__file__).parent
RUNS = 7
_PYTHON = (str(Path(sys.executable).resolve()), "-S")

_WAYS = (
    ("this rule, as shipped", "ConfigChangesAlarmRule", ("rule", "layer/python")),
    ("plain handler, shipped like the rule", "plain_handler", ("plain-compiled", "layer/python")),
    ("plain handler, as people ship it", "plain_handler", ("plain", "whole")),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one way to ship a handler. Seconds of the processor, `memory` in MiB, `instructions` None without valgrind."""

    name: str
    seconds: tuple[float, ...]
    memory: float
    instructions: int | None

    def beside(self, *others: Cost) -> str:
        """Its row, with the ratios to each of the others."""
        low, middle, high = min(self.seconds), median(self.seconds), max(self.seconds)
        counted = "-" if self.instructions is None else f"{self.instructions / 1e6:,.0f} M"
        figures = f"{middle:.2f} s ({low:.2f} to {high:.2f})"
        return f"{self.name:48}{figures:>23}{counted:>10}{self.memory:7.1f} MiB" + "".join(map(self._ratios, others))

    def _ratios(self, other: Cost) -> str:
        counted = (
            None if self.instructions is None or not other.instructions else self.instructions / other.instructions
        )
        ratios = (median(self.seconds) / median(other.seconds), counted, self.memory / other.memory)
        return "  |" + "".join("     -" if ratio is None else f"{ratio:6.2f}" for ratio in ratios)


COLUMNS = f"{'':48}{'processor':>23}{'instr.':>10}{'memory':>11}" + 2 * f"  |{'cpu':>6}{'instr':>6}{'mem':>6}"
"""Above the rows of the rule beside two others."""


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
        if compiles_for(runtime()):
            _compile(root / "plain-compiled")
        if not compiles_for(runtime()):
            _say_that_nothing_is_compiled()
        ways = tuple((name, handler, [root / each for each in path]) for name, handler, path in _WAYS)
        with delaying_proxy(aws.endpoint) as proxy, tls_front(proxy.endpoint, root) as front:
            yield tuple(_measured(aws, front, name, handler, path) for name, handler, path in ways)
        if EMULATOR.exists():
            yield tuple(_emulated(aws, f"{name}, emulator", handler, path) for name, handler, path in ways)


def _say_that_nothing_is_compiled() -> None:
    this = f"{sys.version_info.major}.{sys.version_info.minor}"
    print(f"Both are sources here: this is Python {this}, and the packages are compiled for {runtime()} alone")


def _compile(folder: Path) -> None:
    sources = {file.name: file.read_bytes() for file in folder.glob("*.py")}
    for name, content in compiled(sources).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def _measured(aws: EmbeddedAws, front: TlsFront, name: str, handler: str, path: list[Path]) -> Cost:
    environment = {
        **{key: value for key, value in aws.environment().items() if key.startswith(("AWS_", "NO_PROXY", "no_proxy"))},
        "AWS_ENDPOINT_URL": front.endpoint,
        "AWS_CA_BUNDLE": str(front.bundle),
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


def _emulated(aws: EmbeddedAws, name: str, handler: str, path: list[Path]) -> Cost:
    seconds, memory = [], []
    for _ in range(RUNS):
        with (
            tempfile.TemporaryDirectory() as folder,
            running(aws, Path(folder), handler=f"{handler}.lambda_handler", path=":".join(map(str, path))) as function,
        ):
            answer = function.invoke(scheduled_event())
            assert answer.error is None, answer.payload
            process = _function_process(folder)
            ticks = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
            seconds.append(sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"))
            peak = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
            assert peak is not None
            memory.append(int(peak[1]) / 1024)
    return Cost(name, tuple(seconds), min(memory), None)


def _function_process(folder: str) -> Path:
    """Where Linux tells of the process that the emulator has started: its modules lie in the folder."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:  # it has ended, or is somebody else's
            continue
        if b"python" in told[0] and b"awslambdaric" in told[0] and folder.encode() in told[1] and b"rie" not in told[0]:
            return process
    raise LookupError(f"no process runs out of {folder}")


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
