"""Walks the chain of an account and says whether every required event reaches a person.

    trail -> log group -> metric filter -> metric -> alarm -> SNS topic -> confirmed subscription

`assess` follows every path that could carry a required event, side by side where reads are independent, and stops
as soon as whole paths together cover all of them. Coverage is proved on the union: four filters with one event each
are as good as one. Only before it would say NON_COMPLIANT does it list all alarms, for metric math and composites.

Soundness: an event counts as covered only when `covers` proves it (or AWS itself, asked with TestMetricFilter,
matches every record that stayed undecided) for the patterns of whole paths whose trail captures the event. Each
module that judges a hop accepts only what it can prove; what could not be read is a reason, never a pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import partial
from typing import Any

from .account import Account, NotFound, Unreadable
from .alarm import Fires, Notifies, fires, last_action_failed, muted, notifies
from .alarm_rule import Propagates, propagates
from .cloudtrail_record import ROUTINE, record_model, typical_record
from .filter_pattern.coverage import Covered, Missed, RequiredEvent, Undecided, covers, narrow
from .filter_pattern.matching import Answer, matches
from .filter_pattern.parser import parse
from .filter_pattern.syntax import Pattern, PatternSyntaxError
from .findings import FindingId, Reason
from .metric_filter import Publication, Publishes, publishes, spoils
from .notification import Accepts, accepts, confirmed, hands_over, key_admits
from .requirement import Requirement, UnverifiableAccount
from .resources import (
    AlarmListing,
    CompositeAlarm,
    EventSelectors,
    LogGroup,
    LogGroupId,
    MetricAlarm,
    MetricFilter,
    Subscription,
    Topic,
    Trail,
    TrailStatus,
)
from .trail import Captures, Delivers, captures, delivers, log_group_of, qualifies

__all__ = ["Assessment", "Chain", "Compliance", "EventOutcome", "Hop", "Step", "assess"]
