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
from config_changes_alarm.findings import finding

from config_changes_alarm_cli.formats.page import as_page
from tests.fake_account import NOW

from .accounts import a_big_account, a_compliant_assessment, assessed, one_event_missed

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

PAGES = {"compliant": a_compliant_assessment(), "missed": one_event_missed(), "big": assessed(a_big_account())}
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
        path.write_text(as_page(assessment, NOW), encoding="utf-8")
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


@pytest.mark.parametrize("name", ["missed", "big"])
def test_a_break_is_found_by_keyboard_alone(opened: Open, name: str) -> None:
    page = opened(PAGES[name])
    breaks = page.locator("svg.across .node.break")
    seen = set()
    _tab_to(page, "button.next")
    for _ in range(breaks.count()):
        page.focus("button.next")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.classList.contains('break')")
        (shown,) = [detail for detail in page.locator(".detail").all() if detail.is_visible()]
        seen.add(shown.locator("h3").inner_text().removeprefix("✗ "))
    assert {finding(reason).summary for reason in PAGES[name].reasons} <= seen


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
        assert traced.count() > 1
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


def test_names_stay_within_their_boxes(opened: Open) -> None:
    page = opened(PAGES["big"])
    over = page.evaluate(
        """() => [...document.querySelectorAll("svg.across .node")].filter(node => {
          const box = node.querySelector("rect").getBoundingClientRect();
          return node.querySelector(".name").getBoundingClientRect().right > box.right;
        }).map(node => node.textContent)"""
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
    assert 'button "broken: Metric filter delivery misses the event' in heard
    assert 'heading "Would somebody be told?"' in heard
