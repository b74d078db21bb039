"""How often a tagger is right, on labelled comments of other people.

    python benchmarks/quality.py FOLDER [--model rules] [--limit N]

FOLDER has one folder a data set, each with ``train.jsonl.gz``: rows with ``text``, ``lang`` and
``aspects`` ([{theme, polarity}], nine themes) or ``sentiment``. Counted are comment × theme pairs;
themes that a data set never labels are left out. Polarity is counted over gold pairs whose theme
was found; unknown counts as wrong.
"""

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd

from feedback_nlp.tagging import load_tagger
from feedback_nlp.tagging.aspects import ASPECT_THEMES as THEMES

SIGN = {"negative": -1, "neutral": 0, "positive": 1}


def read(path, limit):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return rows[:limit] if limit else rows


def tag(tagger, rows, given):
    lang = {"no": "nb"}
    frame = pd.DataFrame(
        {
            "comment_id": [str(i) for i in range(len(rows))],
            "text": [row["text"] for row in rows],
            "question": [row.get("question", "") for row in rows],
        }
    )
    if given:
        frame["language"] = [lang.get(row["lang"], row["lang"]) for row in rows]
    return tagger.tag_frame(frame)


def gold_themes(rows):
    for i, row in enumerate(rows):
        found = defaultdict(set)
        for aspect in row.get("aspects", []):
            if aspect.get("theme") in THEMES:
                found[THEMES[aspect["theme"]]].add(aspect.get("polarity"))
        yield str(i), found


def rightness_by_confidence(tagging, rows):
    """Count, for each level of polarity confidence, mentions that were right and all."""
    gold = dict(gold_themes(rows))
    levels = defaultdict(Counter)
    known = tagging.mentions.dropna(subset=["polarity"])
    for row in known.itertuples():
        wanted = gold[row.comment_id].get(row.theme.split(".")[0], set())
        if len(wanted) == 1 and wanted <= set(SIGN):
            level = levels[round(float(row.polarity_confidence), 2)]
            level["right"] += row.polarity in wanted
            level["n"] += 1
    return levels


def f1(tp, fp, fn):
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def theme_figures(tagging, rows):
    gold = dict(gold_themes(rows))
    labelled = {theme for found in gold.values() for theme in found}
    mentions = tagging.mentions.assign(
        top=tagging.mentions["theme"].astype(str).str.split(".").str[0]
    )
    predicted = defaultdict(lambda: defaultdict(list))
    for row in mentions.itertuples():
        predicted[row.comment_id][row.top].append(row.polarity)
    counts = {theme: Counter() for theme in labelled}
    polarity = Counter()
    for comment, found in gold.items():
        for theme in labelled:
            has, says = theme in found, theme in predicted[comment]
            counts[theme]["tp" if has and says else "fn" if has else "fp" if says else "tn"] += 1
            if has and says and len(found[theme] & set(SIGN)) == 1 and len(found[theme]) == 1:
                (right,) = found[theme]
                said = Counter(p for p in predicted[comment][theme] if isinstance(p, str))
                best = said.most_common(1)[0][0] if said else None
                polarity["right" if best == right else "unknown" if best is None else "wrong"] += 1
    return counts, polarity


def sentiment_figures(tagging, rows):
    said = []
    for sentiment, score in zip(
        tagging.comments["sentiment"], tagging.comments["sentiment_score"], strict=True
    ):
        if not isinstance(sentiment, str):
            said.append("neutral")  # only here, where the data set has no "unknown"
        elif sentiment == "mixed":
            said.append("positive" if score > 0 else "negative" if score < 0 else "neutral")
        else:
            said.append(sentiment)
    pairs = [
        (row["sentiment"], s)
        for row, s in zip(rows, said, strict=True)
        if row.get("sentiment") in SIGN
    ]
    labels = sorted({gold for gold, _ in pairs})
    scores = []
    for label in labels:
        tp = sum(g == s == label for g, s in pairs)
        fp = sum(s == label != g for g, s in pairs)
        fn = sum(g == label != s for g, s in pairs)
        scores.append(f1(tp, fp, fn))
    accuracy = sum(g == s for g, s in pairs) / len(pairs)
    return sum(scores) / len(scores), accuracy, dict(zip(labels, scores, strict=True))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="rules")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--detail", action="store_true")
    parser.add_argument("--part", default="train")
    options = parser.parse_args()
    tagger = load_tagger(options.model)
    covered = defaultdict(Counter)
    for path in sorted(options.folder.glob(f"*/{options.part}.jsonl.gz")):
        name = path.parent.name
        if options.only and name not in options.only:
            continue
        rows = read(path, options.limit)
        began = time.perf_counter()
        tagging = tag(tagger, rows, given=False)
        seconds = time.perf_counter() - began
        comments = tagging.comments
        ok = comments["status"] == "ok"
        mentions = tagging.mentions
        themed = comments["comment_id"].isin(mentions["comment_id"])
        subject = mentions[~mentions["theme"].isin(tagger.taxonomy.general)]
        named = comments["comment_id"].isin(subject["comment_id"])
        wanted = [{"no": "nb"}.get(row["lang"], row["lang"]) for row in rows]
        language = (comments["language"].astype(str) == wanted)[ok].mean()
        line = f"{name:28} n {len(rows):6} ok {ok.mean():.3f} language {language:.3f} "
        line += f"with a theme {themed[ok].mean():.3f} (a subject {named[ok].mean():.3f}) "
        print(line + f"{len(rows) / seconds:6.0f}/s")
        covered[wanted[0]].update(ok=ok.sum(), themed=themed[ok].sum(), named=named[ok].sum())
        if any(row.get("aspects") for row in rows):
            counts, polarity = theme_figures(tagging, rows)
            for title, chosen in (
                ("all", counts),
                ("without general", {k: v for k, v in counts.items() if k != "general"}),
            ):
                total = sum(chosen.values(), Counter())
                tp, fp, fn = total["tp"], total["fp"], total["fn"]
                print(
                    f"    themes ({title}): F1 {f1(tp, fp, fn):.3f} "
                    f"precision {tp / max(tp + fp, 1):.3f} recall {tp / max(tp + fn, 1):.3f}"
                )
            if options.detail:
                for theme, c in sorted(counts.items()):
                    p, r = c["tp"] / max(c["tp"] + c["fp"], 1), c["tp"] / max(c["tp"] + c["fn"], 1)
                    print(
                        f"        {theme:14} precision {p:.3f} recall {r:.3f} n {c['tp'] + c['fn']}"
                    )
            n = sum(polarity.values())
            if n:
                print(
                    f"    polarity given theme: right {polarity['right'] / n:.3f} "
                    f"unknown {polarity['unknown'] / n:.3f} of {n}"
                )
                levels = sorted(rightness_by_confidence(tagging, rows).items())
                shown = ", ".join(f"{k} {v['right'] / v['n']:.2f} of {v['n']}" for k, v in levels)
                print(f"    right by confidence: {shown}")
        if any(row.get("sentiment") in SIGN for row in rows):
            macro, accuracy, each = sentiment_figures(tagging, rows)
            shown = " ".join(f"{k} {v:.2f}" for k, v in each.items())
            print(f"    sentiment: macro-F1 {macro:.3f} accuracy {accuracy:.3f} ({shown})")
    for language, n in sorted(covered.items()):
        print(
            f"{language}: {n['ok']:,} readable texts, {n['themed'] / n['ok']:.3f} with a theme, "
            f"{n['named'] / n['ok']:.3f} with a theme that has a subject"
        )


if __name__ == "__main__":
    main()
