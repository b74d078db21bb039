"""Our cloud beside plain ``wordcloud`` on the same Dutch comments, and processor seconds at size.

    python benchmarks/clouds.py            # draws docs/images/clouds.png
    python benchmarks/clouds.py --speed    # 1,000, 10,000 and 100,000 comments

The comments are those of our own sample export: nothing in the picture comes from customers.
"""

import argparse
import io
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont
from wordcloud import WordCloud

import feedback_nlp as fn
from feedback_nlp.exports import read_comments
from feedback_nlp.words.layout import font_path

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "clouds.png"
SIZE = (640, 400)
GAP = 24
HEAD = 40
LETTERS = 19


def dutch_comments(n: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return comments of the Netherlands from a sample export, and their mentions."""
    export = fn.make_sample(n, seed=seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sample.csv"
        export[export["Country"] == "Netherlands"].to_csv(path, index=False)
        own = read_comments(path)
    tagged = fn.load_tagger("rules").tag_frame(own)
    comments = tagged.comments[tagged.comments["language"] == "nl"]
    mentions = tagged.mentions[tagged.mentions["comment_id"].isin(comments["comment_id"])]
    return comments, mentions


def plain(texts: list[str]) -> Image.Image:
    """Return what wordcloud makes of texts when nothing is set but the size."""
    cloud = WordCloud(width=SIZE[0], height=SIZE[1], random_state=0)
    return cloud.generate(" ".join(texts)).to_image()


def ours(comments: pd.DataFrame, mentions: pd.DataFrame, **options: object) -> Image.Image:
    cloud = fn.word_cloud(
        comments, mentions, width=SIZE[0], height=SIZE[1], language="nl", max_words=60, **options
    )
    print(cloud.description)
    return Image.open(io.BytesIO(cloud.png_bytes(scale=1)))


def side_by_side(parts: list[tuple[str, Image.Image]]) -> Image.Image:
    columns = 2
    rows = -(-len(parts) // columns)
    sheet = Image.new(
        "RGB", (columns * (SIZE[0] + GAP) + GAP, rows * (SIZE[1] + HEAD + GAP) + GAP), "#e6e9ed"
    )
    draw = ImageDraw.Draw(sheet)
    letters = ImageFont.truetype(str(font_path()), LETTERS)
    for number, (title, part) in enumerate(parts):
        x = GAP + number % columns * (SIZE[0] + GAP)
        y = GAP + number // columns * (SIZE[1] + HEAD + GAP)
        draw.text((x, y + 6), title, fill="#26323f", font=letters)
        sheet.paste(part.convert("RGB"), (x, y + HEAD))
    return sheet


def compare(path: Path) -> None:
    comments, mentions = dutch_comments(12_000, seed=3)
    low = comments[comments["nps"] <= 6]
    print(f"{len(comments)} Dutch comments, {low['text'].nunique()} different ones of detractors")
    sheet = side_by_side(
        [
            ("wordcloud, its defaults: detractors", plain(low["text"].tolist())),
            ("sized by comments: detractors", ours(comments, mentions, group="detractors")),
            (
                "sized by keyness: detractors against promoters",
                ours(comments, mentions, group="detractors", size_by="keyness"),
            ),
            ("all comments, coloured by polarity", ours(comments, mentions)),
        ]
    )
    path.parent.mkdir(exist_ok=True)
    sheet.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def many_comments(n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return n different comments with mentions: sentences of the sample put together anew."""
    comments, _ = dutch_comments(6_000, seed=1)
    pool = comments["text"].unique()
    rng = np.random.default_rng(0)
    picks = rng.integers(0, len(pool), size=(n, 3))
    texts = [f"{pool[a]} {pool[b]} {pool[c]}" for a, b, c in picks]
    ids = np.array([f"r{number}" for number in range(n)])
    table = pd.DataFrame(
        {"comment_id": ids, "text": texts, "language": "nl", "nps": rng.integers(0, 11, n) * 1.0}
    )
    ends = np.array([len(pool[a]) for a, _, _ in picks])
    said = pd.DataFrame(
        {
            "comment_id": ids, "theme": "service", "start": 0, "end": ends,
            "polarity": rng.choice(["negative", "neutral", "positive"], n),
            "theme_confidence": np.float32(1), "polarity_confidence": np.float32(1),
            "evidence": [text[:end] for text, end in zip(texts, ends, strict=True)],
            "source": "rule",
        }
    )  # fmt: skip
    return table, said


def speed() -> None:
    print("comments  cloud  with mentions  keyness  peak MB")
    for n in (1_000, 10_000, 100_000):
        comments, mentions = many_comments(n)
        seconds = []
        for options in (
            {}, {"mentions": mentions}, {"group": "detractors", "size_by": "keyness"},
        ):  # fmt: skip
            began = time.process_time()
            fn.word_cloud(comments, **options).png_bytes()
            seconds.append(time.process_time() - began)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{n:>8,}  " + "  ".join(f"{one:5.1f} s" for one in seconds) + f"  {peak}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=PICTURE)
    given = parser.parse_args()
    speed() if given.speed else compare(given.output)
