"""Where nodes stand in a picture, and how their text is set."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config_changes_alarm_cli.formats.lettering import lines_of, width_of
from config_changes_alarm_cli.formats.placing import apart, placed

EXTENTS = st.lists(st.tuples(st.floats(-500, 500, allow_nan=False), st.floats(20, 200, allow_nan=False)))


@given(EXTENTS)
def test_what_is_kept_apart_keeps_its_order_and_stays_where_there_is_room(nodes: list[tuple[float, float]]) -> None:
    wanted, extents = [middle for middle, _ in nodes], [extent for _, extent in nodes]
    middles = apart(wanted, extents, 10, -1000)
    tops = [middle - extent / 2 for middle, extent in zip(middles, extents, strict=True)]
    bottoms = [middle + extent / 2 for middle, extent in zip(middles, extents, strict=True)]
    assert all(top >= -1000 - 1e-6 for top in tops)
    assert all(lower >= upper + 10 - 1e-6 for upper, lower in zip(bottoms, tops[1:], strict=False))
    free = all(
        lower - upper >= (above + below) / 2 + 10
        for (upper, above), (lower, below) in pairwise(zip(wanted, extents, strict=True))
    )
    if free:
        assert middles == pytest.approx(wanted)


def test_the_path_that_comes_first_is_a_line_at_the_edge() -> None:
    columns = [["a"], ["other", "b"], ["c", "more"]]
    links = [("a", "b"), ("b", "c"), ("a", "other"), ("other", "more")]
    heights = {"a": 40, "b": 100, "c": 60, "other": 40, "more": 40}
    middles = placed(columns, links, {"a", "b", "c"}, heights.__getitem__, 10)
    assert {middles[each] for each in "abc"} == {50}
    assert all(middles[each] >= 130 for each in ("other", "more"))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))), st.integers(1, 4))
def test_lines_are_no_wider_than_there_is_room_and_lose_nothing_but_what_an_ellipsis_says(text: str, most: int) -> None:
    lines = lines_of(text, 100, 12, most)
    assert len(lines) <= most
    assert all(width_of(line, 12) <= 100 for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("config-recorder-backup", ["config-recorder-", "backup"]),
        ("StopConfigurationRecorder", ["StopConfiguration", "Recorder"]),
        ("email security@example.com", ["email security@", "example.com"]),
        ("x" * 30, ["x" * 19, "x" * 11]),
    ],
)
def test_names_break_where_their_parts_do(text: str, lines: list[str]) -> None:
    assert lines_of(text, 160, 13, 3) == lines
