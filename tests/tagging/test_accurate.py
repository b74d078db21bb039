"""The accurate tagger that comes with the package."""

import json

import pandas as pd
import pytest
from command_line import done

from feedback_nlp import load_tagger
from feedback_nlp.samples import make_sample
from feedback_nlp.tagging.store import read_card

SAID = [  # our own sentences, in none of the labelled comments
    ("nl", "Het duurde eeuwen voor er iemand opnam", "service", "negative"),
    ("en", "Nobody could have helped me better than the lady at the desk", "service", "positive"),
    ("nb", "Altfor dyrt for det man får", "price", "negative"),
    ("lv", "Kurjers paku atveda jau nākamajā dienā", "delivery", "positive"),
    ("de", "Die Rechnung war schon wieder falsch", "payment", "negative"),
    ("fr", "Le plat était froid et sans goût", "quality", "negative"),
    ("es", "La aplicación es muy fácil de usar", "usability", "positive"),
]


@pytest.fixture(scope="module")
def accurate():
    return load_tagger("accurate")


@pytest.mark.parametrize(("language", "text", "theme", "polarity"), SAID)
def test_it_reads_seven_languages(accurate, language, text, theme, polarity):
    tagged = accurate(text)
    assert tagged.language == language
    said = {(mention.theme.split(".")[0], mention.polarity) for mention in tagged.mentions}
    assert (theme, polarity) in said
    assert tagged.sentiment == polarity


def test_it_reads_what_was_early_in_latvian(accurate):
    tagged = accurate("Sūtījums pienāca divas dienas agrāk, nekā solīts")
    assert tagged.language == "lv"
    said = {(mention.theme.split(".")[0], mention.polarity) for mention in tagged.mentions}
    assert ("delivery", "positive") in said
    assert tagged.sentiment in ("positive", None)  # it is not sure of the whole


def test_what_it_says_of_a_comment_does_not_depend_on_the_others(accurate):
    texts = [text for _, text, *_ in SAID] + ["ok", "", "Long. " * 300]
    frame = pd.DataFrame({"comment_id": [f"c{n}" for n in range(len(texts))], "text": texts})
    together = accurate.tag_frame(frame)
    turned = accurate.tag_frame(frame[::-1].reset_index(drop=True))
    order = ["comment_id", "start", "end", "theme"]
    first, second = (
        one.mentions.astype({"comment_id": "str"}).sort_values(order, ignore_index=True)
        for one in (together, turned)
    )
    pd.testing.assert_frame_equal(first, second)
    alone = accurate(texts[0])
    mine = first[first["comment_id"] == "c0"]
    assert [m.theme for m in alone.mentions] == mine["theme"].tolist()
    sure = mine["theme_confidence"].astype("float64").round(4).tolist()
    assert [m.theme_confidence for m in alone.mentions] == sure


def test_an_analysis_names_it(tmp_path):
    export = tmp_path / "export.csv"
    make_sample(60, seed=3).to_csv(export, index=False)
    out = tmp_path / "out"
    done("analyze", export, "--model", "accurate", "--out", out)
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert run["model"]["name"] == "accurate"
    assert len(run["model"]["network_sha256"]) == 64
    assert "accurate" in (out / "report.html").read_text("utf-8")


def test_it_has_a_card():
    assert read_card("accurate").startswith("# accurate")
