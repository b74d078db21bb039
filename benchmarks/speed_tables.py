"""What ``speed.py`` measured, as tables."""

from quality_tables import Table
from speed_stages import TITLES

# What is measured, and what it gives for a comment.
WHAT = {
    "arrow": ("read the csv: pyarrow", "columns"),
    "reader": ("read the csv: `read_comments`", "a checked table of comments"),
    "split": ("split words: `str.split`", "words"),
    "words": ("split words: spaCy's `make_doc`", "words"),
    "default": (
        "**our default tagger**",
        "language, status, themes with polarity and evidence, sentiment",
    ),
    "told": ("our default tagger, language given", "the same without the language"),
    "rules": ("our rule tagger", "the same as the default tagger"),
    "vader": ("VADER", "one polarity, English"),
    "textblob": ("TextBlob", "one polarity, English"),
    "linear": ("scikit-learn, TF-IDF and logistic regression", "one class"),
    "spacy_bag": ("spaCy textcat, bag of words", "one class"),
    "spacy": ("spaCy textcat, as `add_pipe` makes it", "one class"),
    "transformer": ("Hugging Face pipeline, size of MiniLM", "one class"),
}
MIXES = {
    "mix": "seven languages, all different",
    "survey": "as in a survey: blanks, single words, repetition",
}
MISSING = "not installed"


def tables_of(results):
    """Return a table for each section that was measured."""
    made = {
        "peers": peer_table, "cores": core_table, "languages": language_table,
        "growth": growth_table, "engine": engine_table, "stages": stage_table,
    }  # fmt: skip
    return [made[name](rows) for name, rows in results["sections"].items()]


def machine_line(machine):
    """Return on what it was measured, as a sentence."""
    packages = ", ".join(
        f"{name} {number}" for name, number in machine["packages"].items() if number
    )
    return (
        f"{machine['date']}, {machine['cores']} cores ({machine['cpu']}), "
        f"{machine['memory_gb']} GB, {machine['system']}, Python {machine['python']}; {packages}. "
        f"Commit {machine['commit']}. Load of the machine when it began: {machine['load']}."
    )


def rate(row, clock="cpu", worst=False):
    """Return comments a second of the best pass, or of the worst."""
    return row["comments"] / (max if worst else min)(row[clock])


def best(rows, **wanted):
    """Return the row that has these values, or None."""
    return next((r for r in rows if all(r.get(k) == v for k, v in wanted.items())), None)


def times(row, other, clock="cpu"):
    """Return how many times as fast a row is as another."""
    return "–" if other is None else figure(rate(row, clock) / rate(other))


def figure(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def passes(row, clock="cpu"):
    """Return the rate of the best pass, with that of the worst."""
    return f"{rate(row, clock):,.0f} ({rate(row, clock, worst=True):,.0f})"


def peer_table(rows):
    measured = [row for row in rows if "cpu" in row]
    blob, vader = (best(measured, job=name) for name in ("textblob", "vader"))
    cells = []
    for row in rows:
        name, gives = WHAT[row["job"]]
        if "cpu" not in row:
            cells.append((name, gives, MISSING, "", "", "", "", ""))
            continue
        micro = 1e6 / rate(row)
        cells.append((name, gives, f"{row['comments']:,}", passes(row), figure(micro),
                      times(row, blob), times(row, vader), f"{min(row['peak']):,.0f}"))  # fmt: skip
    line = (
        f"English, all different, {mean_characters(measured):.0f} characters on average, one "
        "thread, CPU seconds: the best pass (the slowest pass). Peak: memory of the process, MB."
    )
    heads = ("", "what it gives", "comments", "comments/s", "µs a comment", "× TextBlob", "× VADER",
             "peak")  # fmt: skip
    return Table("speed-peers", line, heads, cells)


def mean_characters(rows):
    """Return the mean length of the comments of the row with most of them."""
    return max(rows, key=lambda row: row["comments"])["characters"]


def core_table(rows):
    alone, vader = best(rows, job="default", processes=1), best(rows, job="vader", processes=1)
    cells = [
        (WHAT[row["job"]][0], row["processes"], f"{row['comments']:,}", passes(row, "wall"),
         times(row, alone, "wall"), times(row, vader, "wall"), f"{min(row['peak']):,.0f}")
        for row in rows if "cpu" in row
    ]  # fmt: skip
    line = (
        "English, all different: comments a second of wall time, the best pass (the slowest pass). "
        "Several processes begin together, each with its share. × are to one process by its CPU "
        "seconds."
    )
    heads = ("", "processes", "comments", "comments/s", "× default, one process",
             "× VADER, one process", "peak of all")  # fmt: skip
    return Table("speed-cores", line, heads, cells)


def language_table(rows):
    cells = []
    for language in dict.fromkeys(row["texts"] for row in rows):
        default, rules = (best(rows, texts=language, job=job) for job in ("default", "rules"))
        cells.append((language, f"{default['characters']:.0f}", passes(default),
                      passes(rules)))  # fmt: skip
    number = f"{rows[0]['comments']:,}"
    line = (
        f"{number} different comments of each language, and of a mix of all; comments a second of "
        "CPU time: the best pass (the slowest pass). The language is detected."
    )
    return Table("speed-languages", line, ("", "characters", "default", "rules"), cells)


def growth_table(rows):
    cells = [
        (f"{row['comments']:,}", MIXES[row["texts"]], f"{min(row['cpu']):,.1f}",
         f"{rate(row):,.0f}", f"{min(row['peak']):,.0f}")
        for row in rows
    ]  # fmt: skip
    line = (
        "`tag_frame`, one process, a table in memory, its making not counted: CPU seconds. Peak: "
        "memory of the process with package, model and the table, MB."
    )
    return Table("speed-growth", line, ("comments", "texts", "s", "comments/s", "peak"), cells)


def engine_table(rows):
    cells = [
        (f"{row['comments']:,}", MIXES[row["texts"]], row["processes"], f"{min(row['wall']):,.1f}",
         f"{min(row['cpu']):,.1f}", f"{rate(row, 'wall'):,.0f}", f"{min(row['peak']):,.0f}",
         f"{row['read'] / 1e6:,.1f}", f"{row['written'] / 1e6:,.1f}")
        for row in rows
    ]  # fmt: skip
    line = (
        "`feedback-nlp tag export.csv -o mentions.csv --workers N`, all of it: start, reading, "
        "tagging, writing. Peak: memory of all its processes together, what they share counted "
        "once, MB; read and written: MB."
    )
    heads = ("comments", "texts", "workers", "wall s", "CPU s", "comments/s of wall time", "peak",
             "read", "written")  # fmt: skip
    return Table("speed-engine", line, heads, cells)


def stage_table(rows):
    columns = {
        row["texts"]: {name: s / row["comments"] * 1e6 for name, s in row["stages"].items()}
        for row in rows
    }
    whole = {name: sum(stages.values()) for name, stages in columns.items()}
    cells = []
    for stage, title in TITLES.items():
        here = [columns[name].get(stage, 0.0) for name in columns]
        shares = [each / whole[name] for each, name in zip(here, columns, strict=True)]
        cells.append((title, *(f"{each:.1f} ({share:.0%})" for each, share in
                               zip(here, shares, strict=True))))  # fmt: skip
    cells.append(("all of it", *(f"{each:.1f}" for each in whole.values())))
    line = (
        "The default tagger by stage, CPU microseconds a comment (share of the whole), timers "
        "around the stages; what a stage calls counts for that stage alone."
    )
    return Table("speed-stages", line, ("", *columns), cells)
