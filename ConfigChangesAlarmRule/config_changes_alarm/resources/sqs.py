"""What SQS says of a queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from .answers import Answer, digits, required, text

__all__ = ["Queue"]


@dataclass(frozen=True, slots=True)
class Queue:
    """GetQueueAttributes, and the URL that it was asked by. `policy` is JSON text, `maximum_message_size` bytes.

    A queue without `kms_master_key_id` is not encrypted, or with a key of SQS that needs no permission.
    """

    queue_arn: str
    queue_url: str
    policy: str | None = None
    kms_master_key_id: str | None = None
    maximum_message_size: int | None = None

    @classmethod
    def from_api(cls, answer: Answer, queue_url: str) -> Self:
        attributes: Answer = required(answer, "Attributes", dict)
        return cls(
            queue_arn=required(attributes, "QueueArn", str),
            queue_url=queue_url,
            policy=text(attributes, "Policy"),
            kms_master_key_id=text(attributes, "KmsMasterKeyId"),
            maximum_message_size=digits(attributes, "MaximumMessageSize"),
        )
