"""The HTML report in a real browser without a network: filter, sort, search, a finding's page, keyboard, paper."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import lawgov_rules as lr
from tests.reports.conftest import written

pytestmark = pytest.mark.browser
Check = Callable[..., lr.Report]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HEIGHTS = """new Set([...document.querySelectorAll('.findings tbody tr[data-n]')].map(
    row => Math.round(row.getBoundingClientRect().height))).size"""
PATIENCE = 120  # seconds: the machine may have much else to do


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser on this machine ({', '.join(NAMES)}): apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        # Chromium's sandbox does not work for root
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=args)
        yield browser
        browser.close()


@pytest.fixture
def show(chromium: Any, tmp_path: Path, small: lr.Rulesets) -> Iterator[Callable[..., Any]]:
    """Opens a report; in the end nothing was said on the console, and nothing asked of a network."""
    said: list[str] = []
    asked: list[str] = []
    pages = []

    def run(report: lr.Report, size: dict[str, int] = DESKTOP, lang: str = "zh") -> Any:
        (tmp_path / "r.html").write_bytes(written("html", report, lang, small))
        page = chromium.new_page(viewport=size)
        pages.append(page)
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "r.html").as_uri())
        return page

    yield run
    for page in pages:
        page.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def until(page: Any, holds: Callable[[], bool]) -> None:
    """Wait for what comes a moment after a key or a click; it fails if it does not come."""
    give_up = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < give_up:
        page.wait_for_timeout(50)
    assert holds()


def records(page: Any) -> list[str]:
    """The records of the rows in the page, in their order."""
    return list(page.locator(".findings tbody td.c-record a").all_inner_texts())


def test_filter(show: Callable[..., Any], check: Check) -> None:
    """Of eight findings two are violated (2号 and 草案2) and one is arguable (3号)."""
    page = show(check())
    assert page.inner_text("#count") == "8 ／ 8 条"
    page.click("[data-verdict=violated]")
    assert sorted(records(page)) == ["甲政发〔2012〕2号", "草案2"]
    page.click("[data-verdict=arguable]")
    assert page.inner_text("#count") == "3 ／ 8 条"
    assert page.get_attribute("[data-verdict=violated]", "aria-pressed") == "true"
    page.select_option("[name=organ]", label="乙市人民政府 (2)")
    assert records(page) == ["草案2"]
    page.select_option("[name=type]", value="=normative_document")
    assert page.inner_text("#list") == "没有符合筛选条件的判定。"
    page.click("#reset")
    assert page.inner_text("#count") == "8 ／ 8 条"


def test_charts_filter_the_list(show: Callable[..., Any], check: Check) -> None:
    page = show(check())
    page.click("#charts a[data-filter=organ] >> nth=0")
    organ = page.locator("#charts a[data-filter=organ]").nth(0).inner_text()
    assert page.input_value("[name=organ]") == f"={organ}"
    page.click("#charts a[data-value='1-7']")
    assert records(page) == ["甲政发〔2012〕2号"]
    assert "迟延 1-7天" in page.inner_text("#controls")
    page.locator("#charts a[data-value='2013-01']").click(force=True)
    assert records(page) == ["甲政发〔2012〕4号"]  # due on 4 January
    page.click(".chip")
    assert page.inner_text("#count") == "8 ／ 8 条"


def test_search(show: Callable[..., Any], check: Check) -> None:
    """In records, organs, rules and sentences, in the language that is shown; several words must all be there."""
    page = show(check())
    for words, found in (
        ("2号", ["甲政发〔2012〕2号"]),
        ("草案 应对突发", ["草案1"]),
        ("DRAFT-COMMENTS 缺22天", []),
        ("不存在", []),
    ):
        page.fill("[name=search]", words)
        until(page, lambda found=found: records(page) == found)  # type: ignore[misc]
    assert page.inner_text("#list") == "没有符合筛选条件的判定。"
    assert page.evaluate("document.activeElement.name") == "search"


def test_sort(show: Callable[..., Any], check: Check) -> None:
    """What has no due day stands last in either direction."""
    page = show(check())
    dues = page.locator(".findings tbody td.c-due")
    page.click("[data-sort=due]")
    rising = [text for text in dues.all_inner_texts() if text]
    assert rising == sorted(rising) and len(rising) >= 6
    assert dues.all_inner_texts()[: len(rising)] == rising
    assert page.get_attribute("th.c-due", "aria-sort") == "ascending"
    page.click("[data-sort=due]")
    assert dues.all_inner_texts()[: len(rising)] == rising[::-1]
    page.click("[data-sort=over_by]")
    assert records(page)[0] == "甲政发〔2012〕2号"


def test_a_finding(show: Callable[..., Any], check: Check) -> None:
    report = check()
    page = show(report)
    page.click("text=甲政发〔2012〕2号 >> nth=-1")
    shown = page.locator("dialog[open]")
    [found] = [f for f in report.findings if f["record"] == "甲政发〔2012〕2号"]
    text = shown.inner_text()
    for word in (
        "违反 逾期",
        found["message"]["zh"],
        "公布之日起15日内",
        "二（三）2",
        "示例规划",
        "15天",
        "4天",
        "规则",
    ):
        assert word in text, word
    drawing = shown.locator("svg.timeline")
    assert drawing.locator("text").all_text_contents() == [
        "迟 4天",
        "2012-03-01  公布",
        "2012-03-16  应办日",
        "2012-03-20  报送备案（市政府）",
    ]
    # of 19 days over 94 percent of the width 15 are in time: 3 + 94 * 15 / 19, and four are late
    delay = drawing.locator("rect.delay")
    assert (delay.get_attribute("x"), delay.get_attribute("width")) == ("77.21%", "19.79%")
    assert page.evaluate("location.hash") == f"#finding-{found['fingerprint']}"
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def messages(page: Any) -> list[str]:
    """What the pages of the findings say, from the first to the last; no two next to each other say the same."""
    page.locator(".findings tbody a").first.click()
    page.wait_for_selector("dialog[open]")
    seen = [page.inner_text("dialog .message")]
    while page.locator("dialog .next").count():
        page.click("dialog .next")
        until(page, lambda: page.inner_text("dialog .message") != seen[-1])
        seen.append(page.inner_text("dialog .message"))
    return seen


def test_each_verdict_has_a_page(show: Callable[..., Any], check: Check) -> None:
    """Forward from the first finding to the last, in both languages: message, readings, missing facts, rule."""
    for lang in ("zh", "en"):
        report = check()
        page = show(report, lang=lang)
        assert sorted(messages(page)) == sorted(f["message"][lang] for f in report.findings)
    [arguable] = [f for f in check().findings if f["verdict"] == "arguable"]
    page.evaluate(f"location.hash = 'finding-{arguable['fingerprint']}'")
    page.wait_for_selector("dialog:has-text('By reading')")
    assert "arguable" in page.inner_text("dialog h2")
    assert page.locator("dialog li .badge").all_inner_texts() == ["violated", "compliant"]


def test_the_address_opens_a_page_and_the_way_back_closes_it(show: Callable[..., Any], check: Check) -> None:
    page = show(check())
    page.click(".first a >> nth=0")
    page.wait_for_selector("dialog[open]")
    page.go_back()
    page.wait_for_selector("dialog:not([open])", state="attached")


def test_keyboard_alone(show: Callable[..., Any], check: Check) -> None:
    """Tab reaches the list once; arrows go through it, Enter opens, Escape closes and comes back."""
    page = show(check())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("[name=pages]")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('tbody')"):
            break
    names = records(page)
    assert page.evaluate("document.activeElement.textContent") == names[0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == names[2]
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert names[2] in page.inner_text("dialog[open]")
    page.keyboard.press("Escape")
    until(page, lambda: page.evaluate("document.activeElement.textContent") == names[2])
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == names[-1]


def test_language_can_be_switched(show: Callable[..., Any], check: Check) -> None:
    page = show(check())
    assert page.inner_text("h1") == "依法行政程序核查报告"
    page.fill("[name=search]", "4 days late")
    until(page, lambda: page.inner_text("#list") == "没有符合筛选条件的判定。")
    page.click("#language")
    assert page.inner_text("h1") == "Report on procedural duties"
    assert page.evaluate("[document.documentElement.lang, document.title]") == [
        "en",
        "Report on procedural duties 2012-12-31",
    ]
    assert records(page) == ["甲政发〔2012〕2号"]
    assert "violated" in page.inner_text(".findings tbody")
    assert page.locator(".zh:visible").count() == 0


def pdf(page: Any) -> tuple[int, bytes]:
    """The number of pages of a printed report, and its bytes."""
    found = page.pdf(prefer_css_page_size=True)
    assert found.startswith(b"%PDF")
    return len(re.findall(rb"/Type\s*/Page\b", found)), found


def test_print(show: Callable[..., Any], check: Check) -> None:
    """A4; the filtered list whole; with the pages of its findings if asked; or the one page that is open."""
    page = show(check())
    plain, found = pdf(page)
    width, height = map(float, re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", found)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    page.click("[data-verdict=violated]")
    page.check("[name=pages]")
    with_pages, _ = pdf(page)
    assert with_pages >= plain + 2
    page.uncheck("[name=pages]")
    page.click(".findings tbody a >> nth=0")
    page.wait_for_selector("dialog[open]")
    assert pdf(page)[0] == 1


def many(report: lr.Report, number: int) -> lr.Report:
    """The report's findings again and again, each of a record of its own."""
    found = []
    for n in range(number):
        one = report.findings[n % len(report.findings)]
        found.append({**one, "record": f"{one['record']}-{n}", "fingerprint": f"{zlib.crc32(b'%d' % n):08x}{n:08x}"})
    return dataclasses.replace(report, findings=found)


# there are rows from the top of the list's box to its bottom, or all there are
FILLED = """(() => {
  const box = document.querySelector(".rows").getBoundingClientRect();
  const rows = [...document.querySelectorAll(".findings tr[data-n]")].map((row) => row.getBoundingClientRect());
  const whole = !document.querySelector(".findings tr.gap");
  return whole || (rows[0].top < box.top + 60 && rows[rows.length - 1].bottom >= box.bottom);
})()"""


@pytest.mark.slow
def test_twenty_thousand_findings(show: Callable[..., Any], check: Check) -> None:
    page = show(many(check(("violated", "pending")), 20_000))
    assert page.inner_text("#count") == "20000 ／ 20000 条"
    for step in (
        lambda: page.click("[data-sort=record]"),
        lambda: page.click("[data-verdict=pending]"),
        lambda: page.evaluate("document.querySelector('.rows').scrollTop = 200000"),
        lambda: page.fill("[name=search]", "-19997"),
    ):
        step()
        until(page, lambda: page.evaluate(FILLED))
        assert page.locator(".findings tbody tr").count() < 60
    # what was typed a moment ago is forgotten with the rest
    page.click("#reset")
    page.wait_for_timeout(300)
    page.focus(".findings tbody a >> nth=0")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.closest('tr').ariaRowIndex") == "20001"
    assert page.locator(".findings tbody tr").count() < 60
    # two thousand rows are printed, and what is not is said
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".findings tbody tr").count() == 2001
    assert page.inner_text(".findings td.cut").endswith("18000")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".findings tbody tr").count() < 60


def test_hostile_texts_break_nothing(hostile: tuple[str, lr.Report], show: Callable[..., Any]) -> None:
    """Nothing runs, nothing is asked for (see `show`), and the page is as wide as the window."""
    page = show(hostile[1])
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        # in one look: the rows are drawn anew after the window has changed
        assert page.evaluate(HEIGHTS) == 1
        page.locator(".findings tbody a").first.click()
        page.wait_for_selector("dialog[open]")
        assert page.evaluate("(d => d.scrollWidth - d.clientWidth)(document.querySelector('dialog'))") <= 0
        assert page.locator("dialog img, dialog script, main img").count() == 0
        page.keyboard.press("Escape")


def test_nothing_to_show(show: Callable[..., Any], check: Check, small: lr.Rulesets) -> None:
    """Nothing read, and nothing found, are two things; neither draws an empty chart of nothing."""
    page = show(lr.check([], small, as_of="2012-12-31"))
    assert page.inner_text("#list") == "没有核查任何案卷。"
    assert page.locator("#charts").count() == 0
    page = show(check(("not_applicable",)))
    page.click("[data-verdict=not_applicable]")
    assert page.inner_text("#count") == "1 ／ 1 条"
    page = show(check(()))
    assert page.inner_text("#list") == "没有需要说明的事项。"


def test_phone(show: Callable[..., Any], check: Check) -> None:
    """As wide as the telephone; sorting without the table's head; the page of a finding fills it."""
    page = show(check(), PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.select_option("[name=sort]", value="record false")
    names = records(page)
    assert names[0].startswith("草案") or names[0].startswith("甲")
    page.locator(".findings tbody a").first.click()
    box = page.locator("dialog[open]").bounding_box()
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    assert page.locator("dialog svg.timeline").bounding_box()["width"] > 300
