"""What an error that AWS answers with means.

Refusals become `Unreadable`, absence becomes `NotFound`; whatever else goes wrong is `EvaluationFailed`, after
botocore's retries. Codes are compared as the services spell them; they agree on nothing.
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from ...resources import Place
from ..outcomes import EvaluationFailed, Unreadable

_DENIED = (
    "AuthorizationError",
    "AuthorizationErrorException",
    "CloudTrailAccessNotEnabledException",
    "InsufficientDependencyServiceAccessPermissionException",
    "KMSOptInRequired",
    "NoManagementAccountSLRExistsException",
    "NotAuthorized",
    "OperationNotPermittedException",
    "OptInRequired",
    "RegionDisabledException",
    "SubscriptionRequiredException",
)
"""Refusals that do not say AccessDenied or Unauthorized, as most services do, also for an SCP's explicit deny."""
_NOT_FOUND = (
    "AWS.SimpleQueueService.NonExistentQueue",
    "AWSOrganizationsNotInUseException",
    "InvalidArnException",
    "NotFound",
    "NotFoundException",
    "QueueDoesNotExist",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "TrailNotFoundException",
)
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
_UNKNOWN_CREDENTIALS = (
    "AuthFailure",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
_UNKNOWN_IN_A_DISABLED_REGION = ("AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException")
"""What a Region that is not enabled in an account answers to credentials that are good elsewhere."""
_PASSING = (
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
)
"""What botocore retries although its HTTP status lays it at the caller's door: says nothing of what was asked."""
_NOT_OFFERED = ("UnknownOperationException", "InvalidAction", "UnknownOperation")
_INVALID = ("ValidationError", "ValidationException", "InvalidParameterValue", "InvalidParameterValueException")


class Denied(Exception):
    """AWS refused a call."""

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__(unreadable.error_code)
        self.unreadable = unreadable


class Absent(Exception):
    """AWS says that what was asked about does not exist. `code` is AWS's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unanswered(EvaluationFailed):
    """AWS did not answer this caller's question, not whole at least, and would not if it were put again.

    No verdict follows from it, unless the asker knows what it means of the resource. `code` is AWS's own.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class NotOffered(Exception):
    """A Region does not know the operation, or not all that it was asked for. The text is the IAM action."""


def meaning(error: ClientError, operation: str, place: Place, home: Place, subject: str) -> Exception:
    """What to raise instead: one of the exceptions above, or `EvaluationFailed`. `operation` is an IAM action."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    disabled = place != home and code in _UNKNOWN_IN_A_DISABLED_REGION
    if code in _DENIED or "AccessDenied" in code or "Unauthorized" in code or disabled:
        return Denied(Unreadable(operation, code, subject))
    if code == "InvalidParameterException" and operation == "logs:TestMetricFilter":
        return Denied(Unreadable(operation, code, subject))  # it takes a stored pattern no longer: no answer
    if code in _EXPIRED:
        return EvaluationFailed(f"{operation}: the credentials have expired")
    if code in _UNKNOWN_CREDENTIALS:
        return EvaluationFailed(f"{operation}: AWS does not accept these credentials ({code})")
    if code in _NOT_FOUND or (code == "InvalidParameter" and operation.startswith("sns:Get")):
        return Absent(code)
    if code in _NOT_OFFERED or (code in _INVALID and operation == "cloudwatch:DescribeAlarms"):
        return NotOffered(operation)
    message = error.response.get("Error", {}).get("Message", "")
    failure = f"{operation} in {place.region} failed: {code} (HTTP {status}) {message}"
    unanswered = 400 <= status < 500 and code not in _PASSING
    return Unanswered(failure, code) if unanswered else EvaluationFailed(failure)
