"""Where the nodes of a drawing go, without a layout library: short, rarely crossing links.

Within a column the order follows the neighbours (barycentre sweeps); positions are the nearest to the neighbours' by
least squares that keep the nodes apart. The nodes of the path that comes first stand on one line at the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

__all__ = ["placed"]

_SWEEPS = 8
_Key = TypeVar("_Key", bound=Hashable)


def placed(
    columns: Sequence[Sequence[_Key]],
    links: Sequence[tuple[_Key, _Key]],
    first: Collection[_Key],
    extent: Callable[[_Key], float],
    gap: float,
) -> dict[_Key, float]:
    """The middle of each key along its column, from 0; `extent` is how much room it takes there.

    At most one key of a column is `first`: all of them have the same middle, and every other key lies beyond them.
    """
    ordered = _ordered([sorted(column, key=lambda key: key not in first) for column in columns], links, first)
    edge = max((extent(key) for key in first), default=-gap)
    before, after = _neighbours(links)
    middles = {key: float(number) * gap for column in ordered for number, key in enumerate(column)}
    for neighbours, swept in _sweeps(ordered, before, after):
        for column in swept:
            middles.update((key, edge / 2) for key in column if key in first)
            free = [key for key in column if key not in first]
            wanted = [_mean(middles, neighbours.get(key, []), middles[key]) for key in free]
            middles.update(zip(free, apart(wanted, list(map(extent, free)), gap, edge + gap), strict=True))
    return {key: round(middle, 1) for key, middle in middles.items()}


def apart(wanted: Sequence[float], extents: Sequence[float], gap: float, start: float) -> list[float]:
    """The middles in the same order, not overlapping and beyond `start`, nearest to the wanted ones by least squares.

    Isotonic regression by pooling adjacent violators, of what is left when each one's least distance is taken away.
    """
    distances = [start]
    pools: list[list[float]] = []  # each: the sum and the count of what is pooled
    for number, position in enumerate(wanted):
        before = extents[number - 1] / 2 + gap if number else 0.0
        distances.append(distances[-1] + before + extents[number] / 2)
        pools.append([position - distances[-1], 1.0])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += count
    means = [max(total / count, 0.0) for total, count in pools for _ in range(int(count))]
    return [mean + distance for mean, distance in zip(means, distances[1:], strict=True)]


def _ordered(
    columns: list[list[_Key]], links: Sequence[tuple[_Key, _Key]], first: Collection[_Key]
) -> list[list[_Key]]:
    """Every column ordered by where its neighbours stand, swept from both sides."""
    before, after = _neighbours(links)
    at = {key: float(number) for column in columns for number, key in enumerate(column)}
    for neighbours, swept in _sweeps(columns, before, after):
        for column in swept:
            column.sort(key=lambda key: (key not in first, _mean(at, neighbours.get(key, []), at[key])))
            at.update({key: float(number) for number, key in enumerate(column)})
    return columns


def _neighbours(links: Sequence[tuple[_Key, _Key]]) -> tuple[dict[_Key, list[_Key]], dict[_Key, list[_Key]]]:
    before: dict[_Key, list[_Key]] = {}
    after: dict[_Key, list[_Key]] = {}
    for source, target in links:
        before.setdefault(target, []).append(source)
        after.setdefault(source, []).append(target)
    return before, after


def _sweeps(
    columns: list[list[_Key]], before: dict[_Key, list[_Key]], after: dict[_Key, list[_Key]]
) -> Iterator[tuple[dict[_Key, list[_Key]], list[list[_Key]]]]:
    for _ in range(_SWEEPS):
        yield after, columns[::-1]
        yield before, columns


def _mean(at: Mapping[_Key, float], keys: Sequence[_Key], otherwise: float) -> float:
    return sum(at[key] for key in keys) / len(keys) if keys else otherwise
