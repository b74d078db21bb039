"""How far two labellers of the same comments agree.

    python benchmarks/agreement.py draw data/labelled de_01 --share 0.2 -o second/de_01.txt
    python benchmarks/corpus.py compile second/de_01.txt -o data/labelled/second
    python benchmarks/agreement.py compare data/labelled data/labelled/second [-o FILE.md]

``draw`` writes a part of a batch without its labels and ratings, as markup to be filled in from
text, question and guidelines alone. ``compare`` gives Krippendorff's alpha and F1 of the second
labels against the first, by theme, polarity and language. In the figures of sub-themes a sub-theme
against its top theme alone is neither right nor wrong; "exactly as labelled" counts it as wrong.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.markup import markdown_table
from feedback_nlp.scores import krippendorff_alpha
from feedback_nlp.tagging import Tagging, evaluate_tagging, read_labelled
from feedback_nlp.tagging.labelled import read_labels
from feedback_nlp.tagging.markup import write_markup


def draw(options):
    labels = read_labels(options.folder / f"{options.batch}.jsonl")
    rng = np.random.default_rng(options.seed)
    chosen = rng.permutation(len(labels))[: round(len(labels) * options.share)]
    bare = [
        replace(labels[i], mentions=(), rating=None, sentiment="neutral", status="ok", notes=())
        for i in sorted(chosen)
    ]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(write_markup(bare), "utf-8")
    print(f"{options.output}: {len(bare)} of {len(labels)} comments")


def both(options):
    first, second = read_labelled(options.first), read_labelled(options.second)
    ids = set(second.comments["comment_id"])
    comments = first.comments[first.comments["comment_id"].isin(ids)].reset_index(drop=True)
    mentions = first.mentions[first.mentions["comment_id"].isin(ids)].reset_index(drop=True)
    return Tagging(comments, mentions), second


def alpha_of(first, second):
    """Return alpha with its interval as text, or why there is none."""
    try:
        found = krippendorff_alpha({"first": list(first), "second": list(second)})
    except FeedbackError as error:
        return [f"– ({error})".split(";")[0], "", "0"]
    return [f"{found.value:.2f}", f"{found.low:.2f} to {found.high:.2f}", str(found.n)]


def present(tagging, ids, theme):
    themes = tagging.mentions["theme"].astype(str)
    meant = themes.eq(theme) | themes.str.startswith(f"{theme}.")
    return pd.Index(ids).isin(tagging.mentions.loc[meant, "comment_id"])


def polarity_of(tagging):
    """Return the polarity of each comment and theme that has one."""
    one = tagging.mentions.assign(
        theme=tagging.mentions["theme"].astype(str).str.split(".").str[0],
        polarity=tagging.mentions["polarity"].astype(str),
    )
    said = one.groupby(["comment_id", "theme"])["polarity"].agg(set)
    return said[said.map(len) == 1].map(lambda polarities: next(iter(polarities)))


def exact_f1(first, second):
    """Return F1 of theme and polarity as labelled: a top theme is not its sub-theme here."""
    one, two = (
        set(
            zip(
                *(t.mentions[name].astype(str) for name in ("comment_id", "theme", "polarity")),
                strict=True,
            )
        )
        for t in (first, second)
    )
    return 2 * len(one & two) / (len(one) + len(two))


def figure(whole, measure, form=".3f", **where):
    """Return a figure as text; a dash where there is nothing to count it on."""
    try:
        value = whole.value(measure, **where)
    except FeedbackError:
        return "–"
    return "–" if np.isnan(value) else format(value, form)


def rows_of(first, second):
    ids = first.comments["comment_id"].tolist()
    order = second.comments.set_index("comment_id").loc[ids]
    whole = evaluate_tagging(second, first, draws=100)
    rows = []
    themes = sorted(
        set(first.mentions["theme"].astype(str)) | set(second.mentions["theme"].astype(str))
    )
    tops = sorted({theme.split(".")[0] for theme in themes})
    for theme in [*tops, *[t for t in themes if "." in t]]:
        level = "sub" if "." in theme else "top"
        f1 = figure(whole, "theme_f1", ".2f", split="theme", group=theme, level=level)
        rows.append([theme, *alpha_of(present(first, ids, theme), present(second, ids, theme)), f1])
    pairs = pd.concat([polarity_of(first), polarity_of(second)], axis=1, join="inner")
    rows.append(
        ["polarity, where both name the theme", *alpha_of(pairs.iloc[:, 0], pairs.iloc[:, 1]), ""]
    )
    for name in ("status", "sentiment"):
        one, two = (
            frame[name].astype(object).where(frame[name].notna(), None)
            for frame in (first.comments, order)
        )
        rows.append([name, *alpha_of(one, two), ""])
    figures = [
        ["theme F1", figure(whole, "theme_f1")],
        ["sub-theme F1", figure(whole, "theme_f1", level="sub")],
        ["theme and polarity F1", figure(whole, "joint_f1")],
        ["sub-theme and polarity F1", figure(whole, "joint_f1", level="sub")],
        ["theme and polarity exactly as labelled, F1", f"{exact_f1(first, second):.3f}"],
        ["polarity alike, where both name the theme", figure(whole, "polarity_right")],
        ["evidence F1 (characters)", figure(whole, "span_f1")],
    ]
    return figures, rows


def compare(options):
    first, second = both(options)
    figures, rows = rows_of(first, second)
    parts = [
        f"{len(second.comments)} comments labelled twice.\n",
        markdown_table(["of all", "figure"], figures),
        markdown_table(["theme", "alpha", "95 % interval", "n", "F1"], rows),
    ]
    for language, part in second.comments.groupby("language", observed=True):
        ids = set(part["comment_id"])
        if not first.mentions["comment_id"].isin(ids).any():
            parts.append(f"{language}, {len(ids)} comments: no mention by the first labeller\n")
            continue
        pair = [
            Tagging(
                t.comments[t.comments["comment_id"].isin(ids)].reset_index(drop=True),
                t.mentions[t.mentions["comment_id"].isin(ids)].reset_index(drop=True),
            )
            for t in (first, second)
        ]
        parts += [
            f"{language}, {len(ids)} comments\n",
            markdown_table(["figure", ""], rows_of(*pair)[0]),
        ]
    text = "\n".join(parts)
    if options.output:
        options.output.write_text(text, "utf-8")
    print(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("draw")
    command.set_defaults(function=draw)
    command.add_argument("folder", type=Path)
    command.add_argument("batch")
    command.add_argument("--share", type=float, default=0.2)
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("-o", "--output", type=Path, required=True)
    command = commands.add_parser("compare")
    command.set_defaults(function=compare)
    command.add_argument("first", type=Path)
    command.add_argument("second", type=Path)
    command.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    options.function(options)


if __name__ == "__main__":
    main()
