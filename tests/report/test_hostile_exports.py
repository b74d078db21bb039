"""Exports made to break the report: nothing in them may widen the page or become a part of it."""

import pytest

from feedback_nlp.report import build_report
from feedback_nlp.report.page.html import to_html

OWNED = "</script><script>document.title='owned'</script>"
NAMES = {
    "delivery": "L" * 300, "service.waiting_time": OWNED, "price.level": "=1+1",
    "delivery.damage": "{{ 7*7 }} <b>x</b>", "service": "\u202e__proto__", "price": "constructor",
}  # fmt: skip


@pytest.mark.browser
def test_names_of_themes_neither_widen_the_page_nor_become_a_part_of_it(opened, tables, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(to_html(build_report(*tables, title=OWNED, names=NAMES)), "utf-8")
    with opened(path, width=360) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.title().startswith("</script>")
