"""Clouds: the same bytes each time, honest when empty, safe to show."""

import xml.etree.ElementTree as ET
from io import BytesIO

import pandas as pd
import pytest
from PIL import Image

from feedback_nlp.errors import FeedbackError, FileFormatError
from feedback_nlp.words import word_cloud
from feedback_nlp.words.colours import PALETTES
from feedback_nlp.words.layout import not_drawable

ALL_LETTERS = "āčēģīķļņšūž æøå éèêëïîôœçñ äöüß ĳ ¿¡"


@pytest.fixture
def comments():
    low = ["The queue was not good 👍", "slow queue", "rude clerk", "queue again"]
    high = ["friendly clerk", "friendly and fast", "krāšņa apkalpošana"]
    return pd.DataFrame(
        {
            "comment_id": [f"c{i}" for i in range(7)],
            "text": [*low, *high],
            "language": ["en"] * 6 + ["lv"],
            "nps": [1, 2, 3, 4, 9, 10, 10],
        }
    )


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_can_be_read_on_white():
    for palette in PALETTES.values():
        for colour in palette:
            assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_the_same_comments_and_seed_give_the_same_bytes(comments, tmp_path):
    pictures = []
    for name in ("one", "two"):
        cloud = word_cloud(comments, group="detractors", seed=3)
        png = cloud.to_png(tmp_path / f"{name}.png").read_bytes()
        pictures.append((png, cloud.to_svg(tmp_path / f"{name}.svg").read_bytes()))
    assert pictures[0] == pictures[1]
    assert Image.open(BytesIO(pictures[0][0])).size == (1800, 1040)
    other = word_cloud(comments, group="detractors", seed=4)
    assert other.svg_text().encode() != pictures[0][1]


def test_the_table_has_every_word_and_the_picture_the_heaviest(comments):
    cloud = word_cloud(comments, group="detractors", max_words=2)
    assert cloud.table.iloc[0].tolist() == ["queue", 3, 3]
    assert "not good" in set(cloud.table["term"])
    assert len(cloud.words) == 2
    assert cloud.words[0].text == "queue"
    assert cloud.n_comments == 4


def test_what_the_font_lacks_is_in_the_table_and_said(comments):
    cloud = word_cloud(comments, group="detractors")
    assert cloud.not_drawn == ("👍",)
    assert "👍" in set(cloud.table["term"])
    assert "👍" not in {word.text for word in cloud.words}
    assert "not drawn" in cloud.description
    assert not not_drawable(ALL_LETTERS.split())


def test_words_stay_in_the_picture_and_apart(comments):
    cloud = word_cloud(comments, group="promoters")
    assert all(0 <= word.x < cloud.width and 0 <= word.y < cloud.height for word in cloud.words)
    assert len({(word.x, word.y) for word in cloud.words}) == len(cloud.words)


def test_an_empty_group_says_so_and_still_draws(comments, tmp_path):
    cloud = word_cloud(comments, group="passives")
    assert cloud.is_empty
    assert "Words of passives: there are no comments" in cloud.why_empty
    assert cloud.to_png(tmp_path / "empty.png").stat().st_size > 1000
    assert cloud.why_empty in cloud._repr_html_()
    ET.fromstring(cloud.svg_text())


def test_comments_of_stop_words_only_make_an_empty_cloud():
    cloud = word_cloud(pd.DataFrame({"comment_id": ["a"], "text": ["the 12"], "language": "en"}))
    assert cloud.is_empty
    assert "nothing but stop words" in cloud.why_empty


def test_what_people_type_is_text_in_the_svg():
    text = '<script>alert("x")</script> &lt; ]]> "quoted"'
    cloud = word_cloud(pd.DataFrame({"comment_id": ["a"], "text": [text], "language": "en"}))
    root = ET.fromstring(cloud.svg_text())
    assert "script" in {word.text for word in cloud.words}
    assert not [tag for tag in root.iter() if "script" in tag.tag]


def test_impossible_sizes_and_places_are_refused(comments, tmp_path):
    with pytest.raises(FeedbackError, match="max_words=0"):
        word_cloud(comments, max_words=0)
    with pytest.raises(FeedbackError, match="width=10"):
        word_cloud(comments, width=10)
    with pytest.raises(FileFormatError, match="Cannot write"):
        word_cloud(comments).to_png(tmp_path / "no" / "such" / "folder.png")
    assert list(tmp_path.iterdir()) == []
