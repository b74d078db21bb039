"""How good the taggers are, beside baselines, with intervals: the tables of models/README.md.

    python benchmarks/models.py FOLDER [--split test] [--update models/README.md …] [-o FILE]
    python benchmarks/models.py FOLDER --only sets --sets restaurants_de:train fabsa_en

FOLDER has one folder a data set, each with ``train.jsonl.gz`` or ``dev.jsonl.gz`` (``read_aspects``
takes them); ``exports`` beside it has real exports. Neither is in this repository. Beside the model
stand compact, the rules, a TF-IDF model learnt on our comments, VADER, TextBlob and a dummy
(``baselines.py``; ``pip install -r benchmarks/requirements.txt``). What the figures mean is in
``quality_figures.py``. No tagger is told the language. All of it takes about ten minutes of one
core; progress goes to stderr.
"""

import argparse
from pathlib import Path

from baselines import LinearTagger, judges
from model_cost import cost_tables, export_tables
from model_own import DATA, challenge_tables, own_tables
from model_sets import set_tables
from quality_sets import LIMIT, chosen_sources, own_comments, say
from quality_tables import check_places, document, update

from feedback_nlp import load_tagger
from feedback_nlp.errors import FeedbackError

BESIDE = ("compact", "rules")
SECTIONS = ("cost", "sets", "own", "challenge", "exports")


def options_of(given=None):
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("folder", type=Path, help="one folder a data set")
    ask.add_argument("--model", default="compact", help="accurate, compact, rules, or a folder")
    ask.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS)
    ask.add_argument("--sets", nargs="+", metavar="NAME[:PART]", help="instead of the usual ones")
    ask.add_argument("--limit", type=int, default=LIMIT, help="comments of a set; 0 for all")
    ask.add_argument("--split", choices=("train", "dev", "test"), default="test",
                     help="which part of our own comments")  # fmt: skip
    ask.add_argument("--exports", type=Path, help="folder of exports; usually beside FOLDER")
    ask.add_argument("--without-linear", action="store_true", help="do not learn TF-IDF (a minute)")
    ask.add_argument("--update", nargs="+", default=(), type=Path, metavar="FILE.md",
                     help="put the tables in their places in these files")  # fmt: skip
    ask.add_argument("-o", "--output", type=Path, help="file to write; else they are printed")
    return ask.parse_args(given)


def tables_of(given):
    """Return the tables that were asked for."""
    lists = judges()
    taggers = [load_tagger(given.model)]
    taggers += [load_tagger(name) for name in BESIDE if name != taggers[0].name]
    learnt = own_comments(DATA / "labelled", "train")
    tables = []
    if "cost" in given.only:  # first, while nothing is remembered of any comment
        tables += cost_tables(taggers, lists, learnt.comments, given.model)
    if not given.without_linear and set(given.only) & {"sets", "own", "challenge"}:
        say("learning TF-IDF on the train part of our own comments")
        taggers.append(LinearTagger(learnt))
    if "sets" in given.only:
        sources = chosen_sources(given.sets)
        tables += set_tables(given.folder, sources, given.limit, taggers, lists)
    if "own" in given.only:
        tables += own_tables(given.split, taggers, lists)
    if "challenge" in given.only:
        tables += challenge_tables(taggers, learnt)
    if "exports" in given.only:
        folder = given.exports or given.folder.resolve().parent / "exports"
        tables += export_tables(folder, taggers, given.limit)
    return tables


def main():
    given = options_of()
    for path in given.update:
        check_places(path)
    try:
        tables = tables_of(given)
    except FeedbackError as error:
        raise SystemExit(str(error)) from None
    for path in given.update:
        left = update(path, tables)
        say(f"{path}: updated" + (f"; left as they were: {', '.join(left)}" if left else ""))
    if given.output:
        given.output.write_text(document(tables), encoding="utf-8")
    elif not given.update:
        print(document(tables))


if __name__ == "__main__":
    main()
