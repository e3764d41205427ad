"""What one evaluation costs: calls, time and memory, beside a handler that only reads, and beside Prowler's check.

    make bench            the rule and the plain handler
    make bench-prowler    Prowler too, in an environment of its own (2.3 GB in build/prowler, made once); it asks for
                          the tags of every alarm, so this takes half an hour

Everything runs against the same embedded AWS, through a proxy that adds a delay to each call. Each row is the best of
several processes: `import` and `first` are a cold start's, `cpu` is the processor time of both, `warm` the next one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws
from demo.evaluate import scheduled_event
from deploy.package import LAYER, RULE
from tests.accounts import an_account

from .cold_start import COLUMNS, cold_starts
from .delaying_proxy import DelayingProxy, delaying_proxy
from .invocation import READINGS

ROOT = Path(__file__).parents[1]
RUNS = 5
SLOW_RUNS = 2
DELAYS = (0.0, 0.05)
PROWLER = "prowler==5.46.0"
PROWLER_HOME = ROOT / "build" / "prowler"
CHECK = "cloudwatch_log_metric_filter_and_alarm_for_aws_config_configuration_changes_enabled"


@dataclass(frozen=True, slots=True)
class Account:
    """What is on the embedded AWS."""

    words: str
    unrelated_alarms: int
    has_alarm: bool = True


ACCOUNTS = (
    Account("small", 0),
    Account("10,000 unrelated alarms", 10_000),
    Account("10,000 unrelated alarms, ours missing", 10_000, has_alarm=False),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prowler", action="store_true", help="measure Prowler too")
    with_prowler = parser.parse_args(arguments).prowler and _prowler_is_ready()
    _print_cold_starts()
    for account in ACCOUNTS:
        with embedded_aws() as aws, delaying_proxy(aws.endpoint) as proxy:
            _build(aws, account)
            print(f"\nAccount: {account.words}")
            print(f"{'':34}{'delay':>7}{'calls':>7}{'import':>9}{'first':>9}{'cpu':>9}{'warm':>9}{'memory':>9}")
            for delay in DELAYS:
                proxy.seconds = delay
                for row in _rows(aws, proxy, account, with_prowler):
                    print(row)


def _print_cold_starts() -> None:
    """Beside the plain handler, shipped like the rule and as people ship it."""
    if not (RULE.exists() and LAYER.exists()):
        print("\nCold starts are measured on the packages: run make package first")
        return
    print("\nImport and first evaluation, out of the packages, beside the second row and the third")
    print(COLUMNS)
    with embedded_aws() as aws:
        an_account(aws)
        for costs in cold_starts(aws):
            for each in costs:
                print(each.beside(*costs[1:]), flush=True)
    print(f"layer {LAYER.stat().st_size / 1e6:.1f} MB (wanted: below 8), rule's zip {RULE.stat().st_size / 1e6:.1f} MB")
    print(
        "wanted: processor and instructions at most 1.10 of the second row and 0.75 of the third, memory at most 1.00"
    )


def _build(aws: EmbeddedAws, account: Account) -> None:
    an_account(aws, has_alarm=account.has_alarm)
    backend: Any = cloudwatch_backends[ACCOUNT_ID][REGION]
    for number in range(account.unrelated_alarms):
        backend.put_metric_alarm(
            name=f"unrelated-{number}", namespace="AWS/EC2", metric_name="CPUUtilization", metric_data_queries=None,
            comparison_operator="GreaterThanThreshold", evaluation_periods=1, datapoints_to_alarm=None, period=300,
            threshold=90.0, statistic="Average", extended_statistic=None, description="", dimensions=[],
            alarm_actions=[], ok_actions=[], insufficient_data_actions=[], unit=None, actions_enabled=True,
            treat_missing_data=None, evaluate_low_sample_count_percentile=None, threshold_metric_id=None, rule=None,
            tags=None,
        )  # fmt: skip


def _rows(aws: EmbeddedAws, proxy: DelayingProxy, account: Account, with_prowler: bool) -> Iterator[str]:
    runs = RUNS if account.has_alarm else SLOW_RUNS
    ours, calls = _measured("ConfigChangesAlarmRule", aws, proxy, runs)
    yield _row(f"this rule ({ours['verdict']})", proxy, calls, ours)
    if account.has_alarm:
        plain, calls = _measured("benchmarks.plain_handler", aws, proxy, runs)
        yield _row("the same calls, nothing decided", proxy, calls, plain)
        ratios = {
            "import": ours["import"] / plain["import"],
            "first": ours["first"] / plain["first"],
            "import and first": (ours["import"] + ours["first"]) / (plain["import"] + plain["first"]),
            "cpu": ours["cpu"] / plain["cpu"],
            "memory": ours["memory"] / plain["memory"],
        }
        yield "    ratio: " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
        yield (
            f"    warm reading {ours['wall']:.0f} ms, longest dependent path {ours['path']:.0f} ms: "
            f"ratio {ours['wall'] / ours['path']:.2f}"
        )
    if with_prowler:
        yield _prowler_row(aws, proxy)


def _row(name: str, proxy: DelayingProxy, calls: int, told: dict[str, Any]) -> str:
    times = "".join(f"{told[span]:>6.0f} ms" for span in ("import", "first", "cpu", "warm"))
    return f"{name:34}{proxy.seconds * 1000:>4.0f} ms{calls:>7}{times}{told['memory']:>5.0f} MiB"


def _environment(aws: EmbeddedAws, proxy: DelayingProxy) -> dict[str, str]:
    path = os.pathsep.join((str(ROOT / "ConfigChangesAlarmRule"), str(ROOT)))
    return {**aws.environment(), "AWS_ENDPOINT_URL": proxy.endpoint, "PYTHONPATH": path}


def _measured(handler: str, aws: EmbeddedAws, proxy: DelayingProxy, times: int) -> tuple[dict[str, Any], int]:
    """The best of several processes, and the calls of one invocation."""
    event = json.dumps(scheduled_event())
    runs = []
    for _ in range(times):
        before = proxy.requests
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.invocation", handler],
            input=event, capture_output=True, text=True, check=True, env=_environment(aws, proxy), cwd=ROOT,
        )  # fmt: skip
        told = json.loads(done.stdout)
        requests = proxy.requests - before
        runs.append(told | {"requests": (requests - READINGS * told.get("reads", 0)) // 2})
    numbers = {name: min(run[name] for run in runs) for name in runs[0] if name != "verdict"}
    return {"verdict": runs[0]["verdict"], **numbers}, int(numbers["requests"])


# --------------------------------------------------------------------------- Prowler


def _prowler_is_ready() -> bool:
    """Makes its environment if it is not there. Without a network: says so, and does without."""
    if (PROWLER_HOME / "made").exists():
        return True
    print(f"Making an environment for {PROWLER} in {PROWLER_HOME.relative_to(ROOT)} (2.3 GB, once) ...", flush=True)
    commands = (
        [sys.executable, "-m", "venv", str(PROWLER_HOME)],
        [str(PROWLER_HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", PROWLER],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            print(f"Prowler is left out, it cannot be installed: {reason}")
            return False
    (PROWLER_HOME / "made").touch()
    return True


def _prowler_row(aws: EmbeddedAws, proxy: DelayingProxy) -> str:
    """Time and memory of the whole program, which is larger than this one; its verdict from its own report."""
    before, started = proxy.requests, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(PROWLER_HOME / "bin" / "prowler"), "aws", "--checks", CHECK, "--region", REGION,
            "-b", "--no-color", "-z", "-M", "json-ocsf", "-o", folder, "-F", "report",
        ]  # fmt: skip
        environment = {**_environment(aws, proxy), "HOME": folder}
        del environment["PYTHONPATH"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        reports = [json.loads(path.read_text()) for path in Path(folder).glob("*.ocsf.json")]
    verdict = reports[0][0]["status_code"] if reports and reports[0] else f"exit {process.returncode}"
    calls, processor = proxy.requests - before, usage.ru_utime + usage.ru_stime
    return (
        f"{f'Prowler ({verdict})':34}{proxy.seconds * 1000:>4.0f} ms{calls:>7}"
        f"{'':9}{seconds * 1000:>6.0f} ms{processor * 1000:>6.0f} ms{'':9}{usage.ru_maxrss / 1024:>5.0f} MiB"
    )


if __name__ == "__main__":
    main()
