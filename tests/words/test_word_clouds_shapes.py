"""Masks, palettes and layouts: what cannot be used is refused in one line, words stay apart."""

import struct
import zlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from feedback_nlp.errors import FeedbackError, FileFormatError
from feedback_nlp.words import word_cloud
from feedback_nlp.words.colours import PALETTES, TONES, colours_of, contrast, for_small_words
from feedback_nlp.words.layout import font, lay_out
from feedback_nlp.words.masks import read_mask

TERMS = (
    "weken", "wachten", "site", "app", "koelkast", "vriendelijk", "personeel", "levertijd", "lamp",
    "winkel", "prijs", "kassa", "service", "apkalpošana", "blåbær", "größe", "señor",
)  # fmt: skip
WORDS = {word: 60.0 - 2 * n for n, word in enumerate(TERMS)}


@pytest.fixture
def disc(tmp_path):
    image = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(image).ellipse((20, 20, 280, 280), fill=0)
    path = tmp_path / "disc.png"
    image.save(path)
    return path


@pytest.fixture
def comments():
    texts = [f"the {word} was slow" for word in ("queue", "site", "app", "till", "clerk")] * 3
    return pd.DataFrame(
        {"comment_id": [f"c{n}" for n in range(15)], "text": texts, "language": "en"}
    )


def ink(word):
    """Left, top, right, bottom of the letters of a word."""
    left, top, right, bottom = font(word.size).getbbox(word.text, anchor="ls")
    return word.x, word.y, word.x + right - left, word.y + bottom - top


def apart(one, other):
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def drawn(word, size):
    image = Image.new("L", size)
    left, top, _, _ = font(word.size).getbbox(word.text, anchor="ls")
    draw = ImageDraw.Draw(image)
    draw.text((word.x - left, word.y - top), word.text, 255, font=font(word.size), anchor="ls")
    return np.asarray(image) > 0


@given(
    st.integers(0, 99), st.integers(200, 900), st.integers(150, 600), st.booleans(),
)  # fmt: skip
@settings(max_examples=12, deadline=None)
def test_no_two_words_share_a_pixel_and_all_stay_inside(seed, width, height, legend):
    words = lay_out(WORDS, (width, height), seed, legend=legend)
    assert words
    taken = np.zeros((height, width), dtype=int)
    for word in words:
        box = ink(word)
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= width
        assert box[3] <= height
        taken += drawn(word, (width, height))
    assert taken.max() == 1


def test_a_word_of_more_weight_is_never_smaller():
    words = lay_out(WORDS, (900, 520), 1)
    sizes = [word.size for word in sorted(words, key=lambda word: -word.weight)]
    assert sizes == sorted(sizes, reverse=True)


def test_words_fill_the_dark_part_of_a_mask(disc, comments):
    shape = read_mask(disc, (900, 520))
    assert shape.shape == (520, 900)
    assert shape[260, 450]
    assert not shape[:, :200].any()  # as high as the picture, in the middle of its width
    cloud = word_cloud(comments, mask=disc)
    assert cloud.words
    for word in cloud.words:
        assert shape[drawn(word, (900, 520))].all()


def test_the_opaque_part_counts_where_a_mask_is_transparent(tmp_path):
    image = Image.new("RGBA", (200, 200), (255, 255, 255, 0))
    ImageDraw.Draw(image).rectangle((50, 50, 150, 150), fill=(255, 255, 0, 255))
    image.save(tmp_path / "logo.png")
    shape = read_mask(tmp_path / "logo.png", (400, 400))
    assert shape[200, 200]
    assert not shape[20, 20]
    assert shape.mean() == pytest.approx(0.255, abs=0.02)


def bomb(path, side=60_000):
    """A PNG of a few bytes that says it is very large."""

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "there is no such file"),
        ("folder", "there is no such file"),
        ("text", "cannot be read as an image"),
        ("gif", "cannot be read as an image"),
        ("bomb", "too many pixels"),
        ("large", "at most 40 million"),
        ("cut", "broken or cut short"),
        ("tiny", "100 or more a side"),
        ("white", "no shape in it: 0%"),
        ("black", "no shape in it: 100%"),
    ],
)
def test_a_mask_that_is_none_is_refused_in_one_line(tmp_path, comments, disc, kind, says):
    path = tmp_path / "mask.png"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("<svg/>")
    elif kind == "gif":
        Image.new("L", (200, 200)).save(path, format="GIF")
    elif kind in ("bomb", "large"):
        bomb(path, 60_000 if kind == "bomb" else 7_000)
    elif kind == "cut":
        path.write_bytes(disc.read_bytes()[:300])
    elif kind != "missing":
        side = 40 if kind == "tiny" else 200
        Image.new("L", (side, side), 255 if kind == "white" else 0).save(path)
    with pytest.raises(FileFormatError, match=says) as raised:
        word_cloud(comments, mask=path)
    assert "\n" not in str(raised.value)


@given(st.binary(max_size=200))
@settings(max_examples=30, deadline=None)
def test_any_bytes_as_a_mask_are_refused_and_nothing_else(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("mask") / "mask.png"
    path.write_bytes(data)
    with pytest.raises(FileFormatError):
        read_mask(path, (200, 200))


def test_a_shape_too_thin_for_a_word_says_so(tmp_path, comments):
    image = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(image).line((0, 100, 200, 100), fill=0, width=5)
    image.save(tmp_path / "line.png")
    cloud = word_cloud(comments, mask=tmp_path / "line.png")
    assert cloud.is_empty
    assert "no word fits into the shape" in cloud.why_empty
    assert cloud.png_bytes(scale=1).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("palette", "says"),
    [
        ("pink", "No palette 'pink'"),
        (["#12"], "'#12' is no colour"),
        (["red"], "'red' is no colour"),
        (["#ffee00"], "contrast of 1.2 on white"),
        ([], "has 0 colours"),
        (["#000000"] * 13, "has 13 colours"),
        ("polarity", "needs the mentions table"),
    ],
)
def test_palettes_that_cannot_be_used_are_refused(comments, palette, says):
    with pytest.raises(FeedbackError, match=says):
        word_cloud(comments, palette=palette)


def test_contrast_is_that_of_wcag():
    # from the notes on WCAG 2.2, 1.4.3: #777777 on white is 4.48, #767676 the lightest grey to pass
    assert contrast("#777777") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ffffff") == pytest.approx(1.0)
    for colour in (*TONES.values(), *(one for palette in PALETTES.values() for one in palette)):
        assert contrast(colour) >= 4.5


def test_polarities_differ_for_those_who_see_no_red_or_green():
    # the blue part against the red part: the axis that deuteranopia and protanopia leave
    def blueness(colour):
        return int(colour[5:], 16) - int(colour[1:3], 16)

    assert blueness(TONES["positive"]) > 60
    assert blueness(TONES["negative"]) < -60


@given(st.lists(st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True), max_size=14))
def test_any_colours_are_taken_or_refused(palette):
    try:
        colours = colours_of(palette)
    except FeedbackError:
        return
    assert all(contrast(colour) >= 3 for colour in colours)
    assert contrast(for_small_words(colours)) >= 4.5


def test_own_colours_are_used_and_small_words_stay_readable(comments):
    cloud = word_cloud(comments, palette=["#D9480F"], max_words=3)  # contrast 4.2
    assert cloud.palette == "own"
    assert {word.colour for word in cloud.words if word.size >= 24} == {"#d9480f"}
    small = lay_out({"a word": 1.0}, (200, 150), 0)[0]
    assert small.size >= 11
