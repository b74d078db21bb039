"""Compile, show and check the labelled comments in data/labelled.

    python benchmarks/corpus.py compile nl_03.txt -o data/labelled   # markup to nl_03.jsonl
    python benchmarks/corpus.py show data/labelled/nl_03.jsonl       # and back, to edit
    python benchmarks/corpus.py check data/labelled [--language nl] [--quota FILE]

data/labelled/README.md has the notation, docs/annotation.md what the labels mean.
"""

import argparse
import sys
from pathlib import Path

from feedback_nlp.errors import FeedbackError, FileFormatError
from feedback_nlp.tagging.labelled import read_labels, write_labels
from feedback_nlp.tagging.markup import check_markup, parse_markup, write_markup


def compile_files(options):
    failed = False
    for path in options.files:
        text = path.read_text("utf-8")
        mistakes = check_markup(text, file=path.name)
        failed |= bool(mistakes)
        if mistakes:
            print(*mistakes, f"{path.name}: {len(mistakes)} to mend, nothing written.", sep="\n")
            continue
        labels = parse_markup(text, file=path.name)
        if not labels:
            raise FileFormatError(f"{path.name} has no comments; they begin with '== 1 …'.")
        language, batch, _ = labels[0].id.split("-")
        made = write_labels(labels, options.output / f"{language}_{batch}.jsonl")
        print(
            f"{made}: {len(labels)} comments, {sum(len(one.mentions) for one in labels)} mentions"
        )
    return failed


def show(options):
    for path in options.files:
        sys.stdout.write(write_markup(read_labels(path)))
    return False


def check(options):
    from feedback_nlp.tagging.labelled_checks import check_corpus

    report = check_corpus(options.files, language=options.language, quota=options.quota)
    print(report)
    return bool(report.mistakes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for name, function in (("compile", compile_files), ("show", show), ("check", check)):
        command = commands.add_parser(name)
        command.set_defaults(function=function)
        command.add_argument("files", nargs="+", type=Path)
        if name == "compile":
            command.add_argument("-o", "--output", type=Path, default=Path("data/labelled"))
        if name == "check":
            command.add_argument("--language", help="only this language's tables")
            command.add_argument("--quota", type=Path, help="TOML of mentions wanted")
    options = parser.parse_args()
    try:
        sys.exit(1 if options.function(options) else 0)
    except FeedbackError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
