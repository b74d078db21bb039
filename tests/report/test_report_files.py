"""The pictures of a report, one for each figure, to be put on a slide."""

import io
import re
import struct
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from feedback_nlp.report import images
from feedback_nlp.report.blocks import Figure, Pair, ReasonBlock
from feedback_nlp.report.images import _drawing_style, _png, pictures
from feedback_nlp.report.svg import WIDE, text
from feedback_nlp.report.swatches import swatch
from feedback_nlp.results import write_charts
from feedback_nlp.wordings import wording_in

WIDTH = 2080


@pytest.fixture(scope="module")
def slides(report):
    return list(pictures(report))


def figures_of(report):
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Pair):
                yield from (block.left, block.right)
            elif isinstance(block, (Figure, ReasonBlock)):
                yield block if isinstance(block, Figure) else block.figure


def drawn(words, kind="strong"):
    """Return a picture of one line of text as it stands on a slide."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 40">{text(4, 26, words, kind)}</svg>'
    return Image.open(io.BytesIO(_png(svg))).convert("L")


def differ(one, other):
    return ImageChops.difference(one, other).getbbox() is not None


def test_every_figure_gives_a_picture_in_its_order(slides, report):
    ids = [figure.id for figure in figures_of(report)]
    assert [name for name, _ in slides] == [f"{at:02d}-{id_}.png" for at, id_ in enumerate(ids, 1)]
    assert len(set(ids)) == len(ids) > 6
    assert all(re.fullmatch(r"\d\d-[\w-]+\.png", name) for name, _ in slides)


def test_pictures_are_as_wide_as_a_slide_and_white(slides):
    for name, content in slides:
        assert content.startswith(b"\x89PNG\r\n\x1a\n"), name
        width, height = struct.unpack(">II", content[16:24])
        assert width == WIDTH
        assert 200 < height < 6000, name
        image = Image.open(io.BytesIO(content)).convert("RGB")
        assert image.getpixel((2, 2)) == (255, 255, 255)
        title = image.crop((60, 80, WIDTH, 160)).convert("L")
        assert title.getextrema()[0] < 80, name  # dark letters of the title
        foot = image.crop((60, height - 160, WIDTH, height - 70)).convert("L")
        assert foot.getextrema()[0] < 160, name  # where it comes from


def test_the_same_report_gives_the_same_pictures(slides, report):
    few = replace(report, sections=tuple(report.section(name) for name in ("points", "words")))
    again = {name[3:]: content for name, content in pictures(few)}
    assert len(again) == 3
    assert again.items() <= {name[3:]: content for name, content in slides}.items()


@pytest.mark.parametrize(
    "signs", ["āčēģīķļņšūž", "ĀČĒĢĪĶĻŅŠŪŽ", "æøåÆØÅ", "éëïöüèà", "“”‘’«»„–…−≤▲▼→±"]
)
def test_every_letter_of_the_four_languages_is_drawn(signs):
    missing = drawn("\U000f0000")
    blank = drawn(" ")
    for sign in signs:
        for kind in ("strong", "small"):
            shown = drawn(sign, kind)
            assert differ(shown, blank), sign
            assert differ(shown, missing), sign


def test_letters_with_marks_are_not_drawn_without_them():
    for marked, plain in zip("āčēģīķļņšūžøåéë", "acegiklnsuzoaee", strict=True):
        assert differ(drawn(marked), drawn(plain)), marked


def hostile(section, title):
    """Return a section in which every figure has that title, lead and note."""
    blocks = [
        replace(block, title=title, lead=title * 9, note=title * 9)
        if isinstance(block, Figure) else block
        for block in section.blocks
    ]  # fmt: skip
    return replace(section, title=title, blocks=tuple(blocks))


@pytest.mark.parametrize(
    "title",
    ["<script>\"&']]></svg><text>x", "x" * 400, "{{ 7*7 }}", "", "&amp; &#x0; <!--", "😀 ﷽ שלום"],
)
def test_hostile_titles_are_text(report, title, monkeypatch):
    monkeypatch.setattr(images, "ZOOM", 1)
    chosen = tuple(hostile(report.section(id_), title) for id_ in ("points", "answers"))
    slides = list(pictures(replace(report, sections=chosen)))
    assert len(slides) == 3
    assert all(struct.unpack(">I", content[16:20])[0] == WIDTH // 2 for _, content in slides)


def test_the_pictures_are_written_into_a_new_folder(report, slides, tmp_path):
    few = replace(report, sections=(report.section("points"),))
    (path,) = write_charts(few, tmp_path / "slides")
    assert path.read_bytes() == slides[0][1]
    assert path.name == "01-points-lost.png"


def shapes_of(svg):
    """Return the classes of the shapes of a drawing."""
    found = re.findall(r'<(?:rect|line|circle|path)[^>]* class="([^"]+)"', svg)
    return {name for kind in found for name in kind.split()}


def test_every_shape_has_its_colour(report):
    """A shape without a rule would be black on a slide."""
    style, said = _drawing_style(), wording_in("en")
    assert "var(" not in style
    for figure in figures_of(report):
        for name in shapes_of(figure.drawing.svg(said, WIDE)) - {"paper"}:
            assert re.search(rf"\.{name}\b(?!-)", style), (figure.id, name)


KINDS = ("neg", "mid", "pos", "hollow", "ring", "dot", "level", "overall", "more", "maybe", "gap")


@pytest.mark.parametrize("kind", KINDS)
def test_marks_of_a_legend_are_drawn_and_not_black(kind):
    mark = swatch(kind, 9, 12)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">{mark}</svg>'
    colours = Image.open(io.BytesIO(_png(svg))).convert("RGB").getcolors(9999)
    assert len(colours) > 1
    assert all(sum(colour) > 0 for _, colour in colours)
