"""Independent reads at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def side_by_side(reads: tuple[Callable[[], Any], ...], threads: int) -> tuple[Any, ...]:
    """Makes the reads, at most `threads` at a time, and returns their results in order.

    All of them end before the first error, if any, is raised.
    """
    if threads < 2 or len(reads) < 2:
        return tuple(read() for read in reads)
    with ThreadPoolExecutor(max_workers=min(len(reads), threads)) as pool:
        futures = [pool.submit(read) for read in reads]
    return tuple(future.result() for future in futures)
