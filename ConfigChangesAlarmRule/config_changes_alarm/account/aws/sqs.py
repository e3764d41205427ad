"""How SQS is asked about a queue."""

from __future__ import annotations

from ...resources import Arn, Place, Queue
from ..questions import QueueOf
from .calling import Calling
from .parsing import check_subject, parsed

_ATTRIBUTES = ("QueueArn", "Policy", "KmsMasterKeyId", "MaximumMessageSize")


def queue(aws: Calling, question: QueueOf) -> Queue:
    """GetQueueAttributes.

    The queue's URL is its Region's endpoint with account and name (SQS developer guide, "Queue and message
    identifiers"), so that GetQueueUrl is not needed. Only in its own account: to others SQS calls a queue missing that
    they may not see.
    """
    arn = Arn.parse(question.queue_arn)
    place = Place(arn.account_id, arn.region)
    url = f"{aws.endpoint('sqs', place)}/{arn.account_id}/{arn.resource}"
    answer = aws.call(
        "sqs", place, "get_queue_attributes", question.queue_arn, QueueUrl=url, AttributeNames=list(_ATTRIBUTES)
    )
    found = parsed("GetQueueAttributes", lambda: Queue.from_api(answer, url))
    check_subject("GetQueueAttributes", {"QueueArn": found.queue_arn}, "QueueArn", question.queue_arn)
    return found
