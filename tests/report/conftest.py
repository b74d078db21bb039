"""A survey of our own: invented comments with planted themes, hostile ones among them."""

from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.records import Mention
from feedback_nlp.report import build_report
from feedback_nlp.schema import mentions_table, with_info

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
HOSTILE = (
    '</script><script>document.title="owned"</script><img src=x onerror=alert(1)> late again',
    "\u202ereversed\u202c \u200bzero\u200bwidth\x07 bell \x00 nul, late \u2066isolate",
    '=HYPERLINK("http://evil.example","late") "quoted" \'single\' & <b>late</b> {{ 7*7 }} ]]>',
    "late " + "x" * 10_000,
)
LOW = (
    ("The parcel came {} days late and nobody told me.", "delivery.speed", "late", "negative"),
    ("I waited {} minutes on the phone.", "service.waiting_time", "waited", "negative"),
    ("Far too expensive, {} euro more than elsewhere.", "price.level", "expensive", "negative"),
    ("The box was damaged on arrival {}.", "delivery.damage", "damaged", "negative"),
)
HIGH = (
    ("Friendly staff, visit number {}.", "service.friendliness", "Friendly staff", "positive"),
    ("Ordering took {} clicks, easy.", "usability.ordering", "easy", "positive"),
    ("Fast delivery in {} days.", "delivery.speed", "Fast delivery", "positive"),
    ("The phone line, option {}.", "service.reachability", "phone line", None),
)


def survey(n=360, seed=1):
    """Return comments and mentions of n respondents."""
    rng = np.random.default_rng(seed)
    rows, found = [], []
    for i in range(n):
        low = rng.random() < 0.55
        text, theme, words, polarity = (LOW if low else HIGH)[
            int(rng.choice(4, p=[0.4, 0.3, 0.2, 0.1]))
        ]
        text = text.format(i % 90 + 2)
        status = "ok"
        if i % 12 == 0:
            text, theme, status = "", None, "blank"
        elif i % 45 == 1:
            text, theme, status = "n/a", None, "uninformative"
        elif i in (50, 51, 52, 53):
            text, theme, words, polarity, low = (
                HOSTILE[i - 50],
                "delivery.speed",
                "late",
                "negative",
                True,
            )
        nps = rng.integers(0, 8) if low else rng.integers(7, 11)
        rows.append(
            {
                "comment_id": f"c{i:03d}", "respondent_id": f"r{i:03d}", "text": text,
                "language": "en", "date": pd.Timestamp("2025-01-03") + pd.Timedelta(days=i * 0.9),
                "nps": np.nan if i % 60 == 7 else float(nps),
                "csat": float(1 + nps * 4 // 10), "status": status,
                "shop": ["north", "south", "<i>west</i>"][i % 3],
            }
        )  # fmt: skip
        if theme:
            start = text.index(words)
            found.append(
                (
                    f"c{i:03d}",
                    text,
                    Mention(
                        theme=theme, polarity=polarity, theme_confidence=0.9,
                        polarity_confidence=0.9 if polarity else None, start=start,
                        end=start + len(words),
                    ),
                )
            )  # fmt: skip
    comments = pd.DataFrame(rows).astype({"shop": "category", "language": "category"})
    noted = {
        "files": [{"name": "shops.csv", "sha256": "0123456789abcdef" * 4, "format": "csv", "rows": n + 5}],
        "rows": {"read": n + 5, "used": n, "set_aside": {"no rating and no comment": 5}},
        "segments": ["shop"],
        "roles": [{"role": "rating nps", "column": "Recommend <us>?", "why": "0–10 answers", "given": False}],
        "notes": ["Dates are read as day.month.year."],
    }  # fmt: skip
    themes = sorted({mention.theme for _, _, mention in found})
    return with_info(comments, noted), mentions_table(found, themes)


@pytest.fixture(scope="session")
def tables():
    return survey()


@pytest.fixture(scope="session")
def report(tables):
    run = {"model": {"name": "rules"}, "versions": {"python": "3.11"}, "seed": 0}
    return build_report(*tables, title="Shops <2025>", run=run)


@pytest.fixture(scope="session")
def browser():
    """A real browser."""
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def opened(browser):
    """Opens a file offline; when done nothing may have been said on the console or asked for."""

    @contextmanager
    def open_page(path, fragment="", *, width=1200, height=900, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, **options
        )
        page = context.new_page()
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri() + fragment)
        yield page
        context.close()
        assert said == []
        assert {url.partition("#")[0] for url in asked} == {path.as_uri()}

    return open_page
