"""What CloudTrail says of trails, their status and their event selectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from .answers import Answer, MalformedAnswer, flag, optional, required, structures, text, texts
from .names import Arn

__all__ = ["AdvancedEventSelector", "AdvancedFieldSelector", "EventSelector", "EventSelectors", "Trail", "TrailStatus"]


@dataclass(frozen=True, slots=True)
class Trail:
    """One element of DescribeTrails; a shadow trail is the same trail seen from another Region."""

    name: str
    trail_arn: str
    home_region: str
    is_multi_region_trail: bool = False
    is_organization_trail: bool = False
    has_custom_event_selectors: bool = False
    cloud_watch_logs_log_group_arn: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            name=required(answer, "Name", str),
            trail_arn=required(answer, "TrailARN", str),
            home_region=required(answer, "HomeRegion", str),
            is_multi_region_trail=required(answer, "IsMultiRegionTrail", bool),
            is_organization_trail=flag(answer, "IsOrganizationTrail"),
            has_custom_event_selectors=flag(answer, "HasCustomEventSelectors"),
            cloud_watch_logs_log_group_arn=text(answer, "CloudWatchLogsLogGroupArn"),
        )

    @property
    def account_id(self) -> str:
        """Its owner's: of an organization's trail the management account's. Raises `MalformedArn`."""
        return Arn.parse(self.trail_arn).account_id

    def belongs_to(self, account_id: str) -> bool:
        """Whether the account is its owner."""
        return self.trail_arn.split(":")[4:5] == [account_id]


@dataclass(frozen=True, slots=True)
class TrailStatus:
    """GetTrailStatus."""

    is_logging: bool
    latest_cloud_watch_logs_delivery_error: str | None = None
    latest_cloud_watch_logs_delivery_time: datetime | None = None
    start_logging_time: datetime | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            is_logging=required(answer, "IsLogging", bool),
            latest_cloud_watch_logs_delivery_error=text(answer, "LatestCloudWatchLogsDeliveryError"),
            latest_cloud_watch_logs_delivery_time=optional(answer, "LatestCloudWatchLogsDeliveryTime", datetime),
            start_logging_time=optional(answer, "StartLoggingTime", datetime),
        )

    @property
    def shows_failure(self) -> bool:
        """Whether it says that the trail is stopped or that its deliveries fail."""
        return not self.is_logging or bool(self.latest_cloud_watch_logs_delivery_error)

    def with_failures_of(self, other: TrailStatus) -> TrailStatus:
        """The same status, with what another account is shown against the trail."""
        error = self.latest_cloud_watch_logs_delivery_error or other.latest_cloud_watch_logs_delivery_error
        logging = self.is_logging and other.is_logging
        return replace(self, is_logging=logging, latest_cloud_watch_logs_delivery_error=error)


@dataclass(frozen=True, slots=True)
class DataResource:
    """Data events that a basic event selector records, by the resource's type and ARNs."""

    type: str
    values: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(required(answer, "Type", str), texts(answer, "Values"))


@dataclass(frozen=True, slots=True)
class EventSelector:
    """A basic event selector."""

    read_write_type: str = "All"
    include_management_events: bool = True
    exclude_management_event_sources: tuple[str, ...] = ()
    data_resources: tuple[DataResource, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        include = optional(answer, "IncludeManagementEvents", bool)
        return cls(
            read_write_type=text(answer, "ReadWriteType") or "All",
            include_management_events=True if include is None else include,
            exclude_management_event_sources=texts(answer, "ExcludeManagementEventSources"),
            data_resources=tuple(DataResource.from_api(each) for each in structures(answer, "DataResources")),
        )


@dataclass(frozen=True, slots=True)
class AdvancedFieldSelector:
    """One field's condition; an operator that is absent is an empty tuple."""

    field: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            field=required(answer, "Field", str),
            equals=texts(answer, "Equals"),
            starts_with=texts(answer, "StartsWith"),
            ends_with=texts(answer, "EndsWith"),
            not_equals=texts(answer, "NotEquals"),
            not_starts_with=texts(answer, "NotStartsWith"),
            not_ends_with=texts(answer, "NotEndsWith"),
        )


@dataclass(frozen=True, slots=True)
class AdvancedEventSelector:
    """Field selectors that must all hold."""

    field_selectors: tuple[AdvancedFieldSelector, ...]
    name: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        fields = tuple(AdvancedFieldSelector.from_api(each) for each in structures(answer, "FieldSelectors"))
        if not fields:
            raise MalformedAnswer("FieldSelectors", "is missing")
        return cls(fields, text(answer, "Name"))


@dataclass(frozen=True, slots=True)
class EventSelectors:
    """GetEventSelectors. Both empty is CloudTrail's default: all management events, no data events."""

    event_selectors: tuple[EventSelector, ...] = ()
    advanced_event_selectors: tuple[AdvancedEventSelector, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            tuple(EventSelector.from_api(each) for each in structures(answer, "EventSelectors")),
            tuple(AdvancedEventSelector.from_api(each) for each in structures(answer, "AdvancedEventSelectors")),
        )
