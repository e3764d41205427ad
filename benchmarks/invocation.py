"""One Lambda sandbox: imports a handler, invokes it twice, and prints what that cost as JSON.

    python -m benchmarks.invocation MODULE [--once] < event.json

With --once, import and first invocation alone. A process of its own, so that imports are cold and the peak of its
memory is the handler's.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

READINGS = 3
# What an evaluation has to wait for: every wave needs an answer of the one before it.
_WAVES = (
    ("cloudtrail:DescribeTrails",),
    (
        "cloudtrail:GetTrailStatus",
        "cloudtrail:GetEventSelectors",
        "logs:DescribeLogGroups",
        "logs:DescribeMetricFilters",
    ),
    ("cloudwatch:DescribeAlarmsForMetric", "logs:DescribeMetricFilters"),
    ("sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"),
    ("sns:GetSubscriptionAttributes",),
)


def main(name: str, once: bool) -> None:
    """Prints milliseconds, and the peak of the memory in MiB."""
    event = json.load(sys.stdin)
    before = time.process_time()
    marks = [time.perf_counter()]
    told: dict[str, Any]
    handler = import_module(name).lambda_handler
    marks.append(time.perf_counter())
    answer = handler(event, None)
    marks.append(time.perf_counter())
    processor = time.process_time() - before
    if once:
        told = {"verdict": answer[0]["ComplianceType"], "cpu": round(processor * 1000, 1), "memory": _peak_mebibytes()}
        sys.stdout.write(json.dumps(told))
        sys.stdout.flush()
        os._exit(0)  # a sandbox is stopped where it is: it never comes to the end of a program
    handler(event, None)
    marks.append(time.perf_counter())
    spans = [round((end - start) * 1000, 1) for start, end in pairwise(marks)]
    told = dict(zip(("import", "first", "warm"), spans, strict=True))
    told |= {"verdict": answer[0]["ComplianceType"], "cpu": round(processor * 1000, 1), "memory": _peak_mebibytes()}
    if name == "ConfigChangesAlarmRule":
        told |= _path(event["accountId"])
    sys.stdout.write(json.dumps(told))


def _peak_mebibytes() -> float:
    """Of this program alone: what getrusage tells includes the process that started it."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return round(int(line.split()[1]) / 1024, 1)


def _path(account_id: str) -> dict[str, float]:
    """A warm evaluation's time, and the time of its longest dependent path: the slowest call of every wave."""
    import boto3
    from config_changes_alarm.account import Identity
    from config_changes_alarm.account.aws import AwsSource
    from config_changes_alarm.chain import assess
    from config_changes_alarm.requirement import Requirement

    assert boto3.DEFAULT_SESSION is not None
    identity = Identity(account_id, str(boto3.DEFAULT_SESSION.region_name))
    best: dict[str, float] = {}
    for _ in range(READINGS):
        aws = AwsSource(boto3.DEFAULT_SESSION, identity)
        requirement, now = Requirement.parse(), datetime.now(UTC)
        started = time.perf_counter()
        assess(aws.account(), requirement, now)
        wall = (time.perf_counter() - started) * 1000
        calls = aws.calls()
        path = sum(max((call.milliseconds for call in calls if call.operation in wave), default=0.0) for wave in _WAVES)
        if not best or wall < best["wall"]:
            best = {"wall": round(wall, 1), "path": round(path, 1), "reads": len(calls)}
    return best


if __name__ == "__main__":
    main(sys.argv[1], "--once" in sys.argv)
