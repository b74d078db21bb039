"""The page in a real browser: silent, self-contained, readable on a phone."""

from pathlib import Path

import pytest

from feedback_nlp.report import build_report

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
CONTRAST = """() => {
  const lum = c => { const v = c.map(x => { x /= 255; return x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4 });
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
  const rgb = s => { const m = s.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m.slice(0, 3) };
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c) return c } return [255, 255, 255] };
  const low = [];
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    if (e.closest('svg') || !e.checkVisibility()) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push([e.tagName, e.className, e.textContent.slice(0, 30), ratio]);
  }
  return low;
}"""


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_page_is_silent_asks_for_nothing_and_fits(browser, report, tmp_path, width, scheme):
    path = report.write(tmp_path / "report.html")
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) == []
    assert page.title().startswith("Shops <2025>: Net Promoter Score")
    shown = page.evaluate(
        "[...document.querySelectorAll('.chart')].filter(c => c.checkVisibility()).length"
    )
    assert shown == page.evaluate("document.querySelectorAll('.chart').length") / 2
    assert page.evaluate("getComputedStyle(document.querySelector('.big')).fontWeight") == "680"
    assert said == []
    assert asked == [path.as_uri()]
    context.close()


@pytest.mark.browser
def test_the_keyboard_reaches_links_and_tables(browser, report, tmp_path):
    page = browser.new_page()
    page.goto(report.write(tmp_path / "report.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert {"A", "SUMMARY"} <= reached
    page.close()


@pytest.mark.browser
def test_names_of_reasons_stay_whole_on_a_phone(browser, tables, tmp_path):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(build_report(*tables, "csat").write(tmp_path / "report.html").as_uri())
    lines = page.evaluate(
        "[...document.querySelectorAll('.top-reasons .name a')].map(a => a.getClientRects().length)"
    )
    assert lines
    assert set(lines) == {1}
    page.close()
