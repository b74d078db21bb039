"""How often themes are found that nobody labelled: taxonomies of one's own, as a user writes them.

    python benchmarks/custom.py FABSA/dev.jsonl.gz [LABELLED]

On other people's data: the 12 categories of FABSA, described from their names
(``custom_fabsa.toml``), with more and more of what a user may give. On our own comments (the dev
part of LABELLED, by language): our top themes in other words (``custom_ours.toml``), and all our
themes by their English names and definitions; each also with what the compact model knows of the
theme hidden, which is what a theme meets that is like none of ours. Counted are pairs of comment
and theme; micro-F1. The one weighing behind it was learnt on that dev part (17 numbers for all
themes of all taxonomies), and on nothing of FABSA.
"""

import argparse
import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_nlp.errors import TaxonomyError
from feedback_nlp.tagging import load_tagger, read_labelled
from feedback_nlp.tagging.custom import general_of
from feedback_nlp.tagging.described import taxonomy_texts
from feedback_nlp.tagging.likeness import borrow
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy

HERE = Path(__file__).parent
CATEGORIES = {
    "online-experience.app-website": "app_website",
    "company-brand.general-satisfaction": "general_satisfaction",
    "purchase-booking-experience.ease-of-use": "ease_of_use",
    "staff-support.attitude-of-staff": "attitude_of_staff",
    "value.price-value-for-money": "price_value",
    "logistics-rides.speed": "speed",
    "company-brand.competitor": "competitor",
    "account-management.account-access": "account_access",
    "value.discounts-promotions": "discounts_promotions",
    "staff-support.phone": "phone",
    "company-brand.reviews": "reviews",
    "staff-support.email": "email",
}
GIVEN = {
    "names": (),
    "names, examples": ("examples",),
    "names, definitions": ("definition",),
    "names, definitions, examples": ("definition", "examples"),
    "names, definitions, examples, phrases": ("definition", "examples", "phrases"),
}
EMPTY = {"definition": "", "examples": (), "phrases": {}}


def with_only(taxonomy, kinds):
    """Return a taxonomy with English names, and of the rest only some kinds of text."""
    blank = {kind: empty for kind, empty in EMPTY.items() if kind not in kinds}
    themes = tuple(replace(t, names={"en": t.name()}, **blank) for t in taxonomy.themes)
    return Taxonomy(taxonomy.name, themes)


def found_pairs(tagger, frame, *, tops=False):
    """Return the pairs of comment and theme that a tagger finds."""
    mentions = tagger.tag_frame(frame).mentions
    themes = mentions["theme"].astype(str)
    if tops:
        themes = themes.str.split(".").str[0]
    return set(zip(mentions["comment_id"].astype(str), themes, strict=True))


def line(title, found, gold):
    hits = len(found & gold)
    p, r = hits / max(1, len(found)), hits / max(1, len(gold))
    f1 = 2 * hits / max(1, len(found) + len(gold))
    print(f"  {title:44} F1 {f1:.3f}  precision {p:.3f}  recall {r:.3f}", flush=True)
    return f1


def fabsa(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(row) for row in lines]
    frame = pd.DataFrame(
        {"comment_id": [str(at) for at in range(len(rows))], "text": [row["text"] for row in rows]}
    )
    gold = {
        (str(at), CATEGORIES[aspect["category"]])
        for at, row in enumerate(rows)
        for aspect in row["aspects"]
    }
    taxonomy = load_taxonomy(HERE / "custom_fabsa.toml")
    print(f"FABSA, {len(rows)} comments, 12 categories")
    for title, kinds in GIVEN.items():
        tagger = load_tagger(taxonomy=with_only(taxonomy, kinds))
        line(title, found_pairs(tagger, frame), gold)
    try:
        load_tagger("rules", taxonomy=with_only(taxonomy, ("definition",)))
    except TaxonomyError as error:
        print(f"  rules without phrases: {error}")
    line(
        "rules with the phrases", found_pairs(load_tagger("rules", taxonomy=taxonomy), frame), gold
    )
    everywhere = {(str(at), "app_website") for at in range(len(rows))}
    line("app_website for every comment", everywhere, gold)


def hide_own(tagger, *, top):
    """Return a tagger whose themes borrow nothing of themselves, or of all their top theme."""
    model = tagger.model
    known = model.compact.taxonomy.ids
    parents = [theme.split(".")[0] for theme in known]
    hidden = np.array([
        [one == theme or (parent == theme.split(".")[0] and (top or "." not in theme))
         for one, parent in zip(known, parents, strict=True)]
        for theme in model.taxonomy.ids
    ])  # fmt: skip
    general = general_of(model.taxonomy)
    texts = taxonomy_texts(model.taxonomy)
    loan = borrow(texts, model.descriptions, general, model.known, hidden)
    return replace(tagger, model=replace(model, loan=loan))


def ours(folder):
    given = read_labelled(folder)
    comments = given.comments[given.comments["split"] == "dev"].reset_index(drop=True)
    frame = comments[["comment_id", "text", "question", "language"]]
    mentions = given.mentions[given.mentions["comment_id"].isin(set(frame["comment_id"]))]
    ids, themes = mentions["comment_id"].astype(str), mentions["theme"].astype(str)
    tops = set(zip(ids, themes.str.split(".").str[0], strict=True))
    subs = set(zip(ids, themes, strict=True))
    language = dict(
        zip(frame["comment_id"].astype(str), frame["language"].astype(str), strict=True)
    )
    other = load_tagger(taxonomy=load_taxonomy(HERE / "custom_ours.toml"))
    same = load_tagger(taxonomy=with_only(load_taxonomy(), ("definition",)))
    taggers = {
        "tops in other words": (other, tops),
        "tops in other words, hidden": (hide_own(other, top=True), tops),
        "all by English name and definition": (same, subs),
        "the same, each theme hidden": (hide_own(same, top=False), subs),
        "the same, its top theme hidden": (hide_own(same, top=True), subs),
        "compact": (load_tagger(), subs),
    }
    print(f"our own dev, {len(frame)} comments")
    for title, (tagger, gold) in taggers.items():
        found = found_pairs(tagger, frame)
        line(title, found, gold)
        cells = []
        for code in ("nl", "en", "nb", "lv", "de", "fr", "es"):
            a, b = ({p for p in pairs if language[p[0]] == code} for pairs in (found, gold))
            cells.append(f"{code} {2 * len(a & b) / max(1, len(a) + len(b)):.2f}")
        print("    " + "  ".join(cells))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fabsa", type=Path)
    parser.add_argument("labelled", type=Path, nargs="?")
    options = parser.parse_args()
    fabsa(options.fabsa)
    if options.labelled:
        ours(options.labelled)


if __name__ == "__main__":
    main()
