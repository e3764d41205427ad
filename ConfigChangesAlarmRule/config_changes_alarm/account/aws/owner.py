"""Which account is asked about a resource that may belong to another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ...resources import Arn, Place
from .calling import Calling
from .errors import Denied

T = TypeVar("T")


def where_it_lives(aws: Calling, arn: str, read: Callable[[Place], T]) -> T:
    """With the role in the resource's own account where there is one, otherwise as its policy lets us.

    Raises what `read` raises, and `MalformedArn`.
    """
    parsed = Arn.parse(arn)
    ours = Place(aws.home.account_id, parsed.region)
    if parsed.account_id == ours.account_id or aws.role_name is None:
        return read(ours)
    try:
        return read(Place(parsed.account_id, parsed.region))
    except Denied as denied:
        try:
            return read(ours)
        except Denied:
            raise denied from None
