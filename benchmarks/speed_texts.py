"""Files of comments to measure speed on, one comment a line.

See ``workload.py`` for what the comments are.
"""

import csv
from itertools import islice


def write_texts(folder, name, number):
    """Write so many comments; return the file.

    Args:
        folder: Where to.
        name: A language; ``mix`` for all seven, all different; ``survey`` for these with blank
            answers, single words and comments that come again and again.
        number: How many.
    """
    import workload

    path = folder / f"{name}.txt"
    language = name if name in workload.LANGUAGES else None
    texts = workload.texts(number, language=language, different=name != "survey")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{text}\n" for text, _ in texts)
    return path


def read_texts(path, number, skip=0):
    """Return so many comments of a file, after some that are skipped."""
    with open(path, encoding="utf-8", newline="\n") as file:
        found = [line[:-1] for line in islice(file, skip, skip + number)]
    if len(found) != number:
        raise SystemExit(f"{path} has {skip + len(found):,} comments; {skip + number:,} wanted.")
    return found


def write_export(path, texts):
    """Write an export of a survey: id, comment, rating, a segment."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "why", "nps", "shop"))
        shops = ("Oslo", "Riga", "Utrecht")
        writer.writerows(
            (f"R{at}", text, at * 7 % 11, shops[at % 3]) for at, text in enumerate(texts)
        )
    return path
