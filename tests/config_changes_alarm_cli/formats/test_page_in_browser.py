"""The page in a real browser: found by keyboard alone, at every width, without a request.

Needs the package playwright and a Chromium on the machine (Debian: `apt-get install chromium`, or CHROMIUM=/path).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from config_changes_alarm.assessment import Assessment

from config_changes_alarm_cli.formats.page import as_page
from tests.fake_account import FakeAccount

from .accounts import (
    BROKEN_AT,
    a_big_account,
    a_compliant_assessment,
    assessed,
    evaluated,
    not_applicable,
    not_verified,
    one_event_missed,
)

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

PAGES = {
    "compliant": a_compliant_assessment(),
    "missed": one_event_missed(),
    "big": assessed(a_big_account()),
    "empty": assessed(FakeAccount()),
    "not verified": not_verified(),
    "not applicable": not_applicable(),
}
BROKEN = [name for name in PAGES if name != "compliant"]
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a page offline; whatever it asks for or complains about fails the test."""
    noticed: list[str] = []
    contexts = []

    def open_page(assessment: Assessment, width: int = 1280, **settings: Any) -> Any:
        path = tmp_path / "chain.html"
        path.write_text(as_page(evaluated(assessment)), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: noticed.append(message.text))
        page.on("pageerror", lambda error: noticed.append(str(error)))
        page.on("request", lambda asked: noticed.extend({asked.url} - {path.as_uri()}))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert noticed == []


def _tab_to(page: Any, selector: str) -> None:
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize("name", BROKEN)
def test_every_break_is_found_by_keyboard_alone_the_decisive_one_first(opened: Open, name: str) -> None:
    page = opened(PAGES[name])
    breaks = page.locator("svg.across .node.break")
    seen = []
    _tab_to(page, "button.next")
    for _ in range(breaks.count()):
        page.focus("button.next")
        page.keyboard.press("Enter")
        seen.append(page.evaluate("document.activeElement.getAttribute('class')"))
        (shown,) = [detail for detail in page.locator(".detail").all() if detail.is_visible()]
        assert shown.locator("h4").count() >= 1
    assert "decisive" in seen[0]
    assert not [each for each in seen[1:] if "decisive" in each]


LUMINANCE = """node => {
  const [red, green, blue] = getComputedStyle(node.querySelector("rect")).fill.match(/\\d+/g)
    .map(part => part / 255).map(part => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
  return .2126 * red + .7152 * green + .0722 * blue;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", list(BROKEN_AT))
def test_in_three_seconds_one_sees_where_it_breaks(opened: Open, name: str, scheme: str) -> None:
    """Of all that is drawn, the decisive break alone stands out from the ground, and it is on the first screen."""
    made, _ = BROKEN_AT[name]
    page = opened(made(), color_scheme=scheme)
    nodes = page.locator("svg.across .node").all()
    ground = 1.0 if scheme == "light" else 0.0087
    contrast = {node.get_attribute("class"): _contrast(node.evaluate(LUMINANCE), ground) for node in reversed(nodes)}
    (decisive,) = [each for each in contrast if "decisive" in each]
    assert contrast[decisive] > 4.5
    assert all(each < 1.6 for kinds, each in contrast.items() if kinds != decisive)
    seen = page.locator("svg.across .node.decisive").bounding_box()
    assert seen["y"] < 900
    told = page.locator("section.first").bounding_box()
    assert told["y"] < 250
    assert told["y"] + told["height"] < 900


def _contrast(one: float, other: float) -> float:
    darker, lighter = sorted((one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", list(BROKEN_AT))
def test_on_a_phone_the_picture_starts_at_the_trail_and_leads_straight_to_the_break(opened: Open, name: str) -> None:
    made, _ = BROKEN_AT[name]
    page = opened(made(), 390)
    picture = page.locator(".picture")
    assert picture.evaluate("picture => picture.scrollLeft") == 0
    frame, decisive = picture.bounding_box(), page.locator("svg.down .node.decisive").bounding_box()
    first = page.locator("svg.down .node").first.bounding_box()
    assert frame["x"] <= decisive["x"]
    assert decisive["x"] + decisive["width"] <= frame["x"] + frame["width"]
    assert first["x"] == pytest.approx(decisive["x"], abs=4)
    assert first["y"] <= decisive["y"]
    assert decisive["width"] >= 250


def test_an_empty_account_has_no_giant_box(opened: Open) -> None:
    for width in (390, 1280):
        page = opened(PAGES["empty"], width)
        box = page.locator(f"svg.{'down' if width < 700 else 'across'} .node").bounding_box()
        assert box["width"] <= 300
        assert box["height"] <= 150


def test_on_paper_the_chain_the_commands_and_the_records_are_whole(opened: Open) -> None:
    page = opened(PAGES["big"], 1032)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    cut = page.evaluate(
        """() => [...document.querySelectorAll("pre, .picture, dd, li")].filter(part =>
          part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible" ||
          part.getBoundingClientRect().right > document.documentElement.clientWidth).map(part => part.textContent)"""
    )
    assert cut == []
    assert all(detail.is_visible() for detail in page.locator(".detail").all())
    assert all(record.is_visible() for record in page.locator("details pre").all())
    drawn = page.locator("svg.across").bounding_box()
    assert drawn["height"] <= 681  # 180 mm, less than a page
    letters = page.locator("svg.across .name").first.bounding_box()
    assert letters["height"] >= 9
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["missed", "not verified"])
def test_the_decisive_break_shows_that_it_has_the_focus(opened: Open, name: str) -> None:
    page = opened(PAGES[name])
    stroke = "getComputedStyle(document.querySelector('svg.across .decisive rect')).stroke"
    before = page.evaluate(stroke)
    _tab_to(page, "svg.across .node.decisive")
    assert page.evaluate(stroke) != before


def test_a_resource_is_chosen_with_enter_space_or_a_click(opened: Open) -> None:
    page = opened(PAGES["compliant"])
    assert [detail for detail in page.locator(".detail").all() if detail.is_visible()] == []
    _tab_to(page, "svg.across [data-node=n3]")
    page.keyboard.press("Enter")
    assert "config-calls" in page.locator("#detail-n3").inner_text()
    assert "$.eventSource = config.amazonaws.com" in page.locator("#detail-n3").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("#detail-n4").is_visible()
    assert not page.locator("#detail-n3").is_visible()
    page.click("svg.across [data-node=n1]")
    assert "arn:aws:cloudtrail:" in page.locator("#detail-n1").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#detail-n1").is_visible()


@pytest.mark.parametrize("name", list(PAGES))
def test_each_event_can_be_traced(opened: Open, name: str) -> None:
    page = opened(PAGES[name])
    for event in PAGES[name].events:
        _tab_to(page, f"button[data-event={event.name}]")
        page.keyboard.press("Enter")
        traced = page.locator("svg.across .node.traced")
        assert traced.count() >= 1
        ends = ".node.traced.whole" if event.covered else ".node.traced.break"
        assert page.locator(f"svg.across {ends}").count() > 0
        assert page.get_attribute(f"button[data-event={event.name}]", "aria-pressed") == "true"
    page.keyboard.press("Enter")
    assert page.locator(".picture.tracing").count() == 0


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_but_the_picture_is_wider_than_the_screen(opened: Open, name: str, width: int) -> None:
    page = opened(PAGES[name], width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    narrow = width < 700
    assert page.locator("svg.down").is_visible() == narrow
    assert page.locator("svg.across").is_visible() != narrow


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("width", [390, 1280])
def test_text_stays_within_its_box_and_is_not_squeezed(opened: Open, name: str, width: int) -> None:
    page = opened(PAGES[name], width)
    over = page.evaluate(
        """() => [...document.querySelectorAll(".picture .node text")].filter(text => {
          const box = text.parentNode.querySelector("rect").getBoundingClientRect(), own = text.getBoundingClientRect();
          return own.right > box.right || own.bottom > box.bottom || own.left < box.left ||
            text.hasAttribute("textLength");
        }).map(text => text.textContent)"""
    )
    assert over == []


def test_the_page_follows_the_reader_s_choice_of_light_or_dark(opened: Open) -> None:
    grounds = {
        scheme: opened(PAGES["missed"], color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}


def test_without_scripts_everything_is_shown(opened: Open) -> None:
    page = opened(PAGES["missed"], java_script_enabled=False)
    assert all(detail.is_visible() for detail in page.locator(".detail").all())


def test_a_screen_reader_hears_what_is_whole_and_what_is_broken(opened: Open) -> None:
    page = opened(PAGES["missed"])
    heard = page.locator("main").aria_snapshot()
    assert 'button "trail everything, on a whole path"' in heard
    assert 'heading "✗ Broken at the metric filter"' in heard
    assert 'button "broken: Metric filter delivery misses the event' in heard
    assert 'heading "Would somebody be told?"' in heard
