"""The page as a whole: accessible, sortable, printable, small."""

import io
from itertools import pairwise

import pytest

from feedback_nlp.report.blocks import Absent
from feedback_nlp.report.page.html import to_html

pytestmark = pytest.mark.browser
# Contrast of SVG text with what it is drawn on, which axe does not look at.
SVG_CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (paint, ground) => {
    canvas.fillStyle = ground; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = paint; canvas.fillRect(0, 0, 1, 1);
    return `rgb(${[...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)})`;
  };
  const lum = c => { const v = c.match(/[\\d.]+/g).map(x => { x /= 255; return x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4 });
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
  const page = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (c !== 'rgba(0, 0, 0, 0)') return c } return 'rgb(255, 255, 255)' };
  const alpha = s => Number(s.fillOpacity) * Number(s.opacity);
  const withAlpha = (c, a) => { const m = c.match(/[\\d.]+/g); return `rgba(${m[0]}, ${m[1]}, ${m[2]}, ${(m[3] ?? 1) * a})` };
  const low = [];
  let looked = 0;
  for (const text of document.querySelectorAll('main svg text')) {
    if (!text.checkVisibility()) continue;
    const box = text.getBBox(), svg = text.ownerSVGElement, matrix = text.getCTM().inverse();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    let ground = page(svg.parentElement);
    for (const shape of svg.querySelectorAll('rect, circle, path')) {
      if (shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING || shape.closest('defs, pattern')) continue;
      const style = getComputedStyle(shape);
      if (style.fill === 'none' || style.fill.startsWith('url')) continue;
      const point = svg.createSVGPoint();
      point.x = x; point.y = y;
      if (shape.isPointInFill(point)) ground = rgb(withAlpha(style.fill, alpha(style)), ground);
    }
    const style = getComputedStyle(text);
    const ink = rgb(withAlpha(style.fill, alpha(style)), ground);
    const a = lum(ink), b = lum(rgb(ground, ground));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    looked += 1;
    if (ratio < 4.5) low.push([svg.closest('section').id, text.getAttribute('class'), text.textContent.slice(0, 30), ratio.toFixed(2)]);
  }
  return [looked, low];
}"""


# The rules whose answer depends on the colours; all rules are run once for each width.
COLOURS = ("color-contrast", "link-in-text-block")


@pytest.fixture(scope="module")
def path(report, tmp_path_factory):
    out = tmp_path_factory.mktemp("page") / "report.html"
    out.write_text(to_html(report), "utf-8")
    return out


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


@pytest.mark.parametrize(
    ("width", "scheme", "rules"),
    [(360, "light", ()), (1440, "dark", ()), (360, "dark", COLOURS), (1440, "light", COLOURS)],
)
def test_axe_finds_nothing_and_nothing_is_cut(opened, path, width, scheme, rules):
    from axe_playwright_python.sync_playwright import Axe

    with opened(path, width=width, color_scheme=scheme) as page:
        open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        looked, low = page.evaluate(SVG_CONTRAST)
        assert looked > 20
        assert low == []
        options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
        found = Axe().run(page, options=options).response["violations"]
        assert [
            (one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found
        ] == []


@pytest.mark.parametrize("width", [768, 1100])
def test_nothing_is_wider_than_the_page(opened, path, width):
    with opened(path, width=width) as page:
        open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_headings_and_landmarks_are_in_order(opened, path, report):
    with opened(path) as page:
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))
        names = page.evaluate("[...document.querySelectorAll('#toc a')].map(a => a.textContent)")
        assert names == ["The answer", *(section.nav for section in report.sections)]
        assert page.evaluate("document.querySelectorAll('main, body > .page > header').length") == 2


def test_tab_reaches_every_control(opened, path):
    with opened(path, width=1440) as page:
        open_all(page)
        wanted = page.evaluate(
            """() => { const all = [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')]
            .filter(e => e.checkVisibility() && !e.disabled);
            all.forEach((e, at) => e.dataset.tab = at);
            window.reached = {};
            addEventListener('focusin', ({ target }) => { window.reached[target.dataset.tab] = getComputedStyle(target).outlineStyle });
            return all.length }"""
        )
        for _ in range(wanted + 5):
            page.keyboard.press("Tab")
        reached = page.evaluate("window.reached")
        assert {str(at) for at in range(wanted)} <= set(reached)
        assert set(reached.values()) == {"solid"}


def test_the_list_of_sections_follows_the_reader(opened, path):
    with opened(path, width=360) as page:
        assert not page.locator("#toc-list").is_visible()
        page.locator("#toc-button").click()
        assert page.locator("#toc-list").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator("#toc-list").is_visible()
        assert page.evaluate("document.activeElement.id") == "toc-button"
        page.evaluate("document.getElementById('points').scrollIntoView({ behavior: 'instant' })")
        for _ in range(40):
            if page.locator("#toc-here").text_content() == "Where the points go":
                break
            page.wait_for_timeout(50)
        assert page.locator("#toc-here").text_content() == "Where the points go"
        bar = page.locator("#toc").bounding_box()
        assert bar["y"] == 0
        assert page.locator("#points-h").bounding_box()["y"] >= bar["height"]


def test_tables_sort_by_value_and_some_do_not(opened, tmp_path, path):
    with opened(path) as page:
        open_all(page)
        assert page.locator("table.fixed .sort").count() == 0
        tables = page.locator("table.sortable")
        sorted_by_number = 0
        for at in range(tables.count()):
            table = tables.nth(at)
            heads = table.locator("th.n:has(.sort)")
            if not heads.count():
                continue
            heads.first.locator("button").click()
            assert heads.first.get_attribute("aria-sort") == "descending"
            assert table.locator("[aria-sort]").count() == 1
            values = table.evaluate(
                """t => { const at = [...t.tHead.rows[0].cells].findIndex(c => c.hasAttribute('aria-sort'));
                return [...t.tBodies[0].rows].map(r => r.cells[at].dataset.v ?? null) }"""
            )
            there = [float(value) for value in values if value is not None]
            assert there == sorted(there, reverse=True)
            assert values[len(there) :] == [None] * (len(values) - len(there))
            heads.first.locator("button").click()
            assert heads.first.get_attribute("aria-sort") == "ascending"
            sorted_by_number += 1
        assert sorted_by_number


def test_the_printed_page_has_every_section(opened, path, report):
    from pypdf import PdfReader

    with opened(path, "#explore?group=detractors") as page:
        printed = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
        assert page.evaluate("document.querySelectorAll('details[open]').length") == 0
    text = " ".join(" ".join(sheet.extract_text() for sheet in printed.pages).split())
    for section in report.sections:
        assert section.title in text
    assert "Copy link to this view" not in text
    assert "Skip to the answer" not in text
    assert "Group: Detractors" in text
    short = report.section("points").blocks[0].table
    assert len(short.rows) <= 12
    assert short.rows[-1][0].text in text
    assert short.heads[-1].text in text


def test_reduced_motion_and_forced_colors(opened, path):
    with opened(path, reduced_motion="reduce", forced_colors="active") as page:
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        assert page.evaluate("getComputedStyle(document.querySelector('svg text')).fill") == (
            page.evaluate("getComputedStyle(document.body).color")
        )


def test_quotes_say_their_language(opened, path):
    with opened(path) as page:
        spoken = page.evaluate(
            "[...document.querySelectorAll('blockquote p')].map(p => p.getAttribute('lang'))"
        )
        assert spoken
        assert set(spoken) == {"en"}


def test_what_is_left_out_is_said(report):
    assert all(isinstance(part, Absent) and part.why for part in report.absent)
