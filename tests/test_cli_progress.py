"""What a command shows while it works, in a real pseudo-terminal, and what it says at its end."""

import fcntl
import os
import pty
import re
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time

import pandas as pd
import pytest
from command_line import done, run
from rich.cells import cell_len

from feedback_nlp import load_tagger, make_sample, read_comments, write_table
from feedback_nlp.analysis import STEPS, analyze
from feedback_nlp.cli import app
from feedback_nlp.cli.hints import HINTS, hints_of
from feedback_nlp.cli.summary import rows_told, size_told

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOURS = re.compile(r"\x1b\[[0-9;]*[34][0-9][0-9;]*m")
LOOP = """
import time
from feedback_nlp.terminal import Steps, steps
steps.LONG = {long}
with Steps(5, quiet={quiet}).step("finding themes") as tell:
    for done in range(0, 1200, 100):
        tell(done, {total})
        time.sleep(0.06)
    {then}
print("after")
"""


def loop(long=0.1, quiet=False, total=1200, then="pass"):
    return [sys.executable, "-c", LOOP.format(long=long, quiet=quiet, total=total, then=then)]


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return kept | {"TERM": "xterm-256color", "LANG": "C.UTF-8"} | more


class Terminal:
    """A process in a pseudo-terminal."""

    def __init__(self, command, columns=80, **env):
        self.shown, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            command, stdin=inside, stdout=inside, stderr=inside, env=environment(**env),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        os.close(inside)
        self.bytes = b""

    def until(self, wanted=None):
        """Read on until something is shown, or to the end; return all that was shown."""
        while wanted is None or wanted not in self.text:
            try:
                more = os.read(self.shown, 65536)
            except OSError:  # Linux says so when the other side is closed
                more = b""
            if not more:
                break
            self.bytes += more
        if wanted is None:
            self.process.wait(timeout=60)
            os.close(self.shown)
        return self.text

    @property
    def text(self):
        return self.bytes.decode("utf-8", "replace")


def shown(command, **options):
    return Terminal(command, **options).until()


def lines_of(text):
    """Return what stood on the lines of a terminal, each time one was drawn."""
    return [line for line in re.split(r"[\r\n]+", CONTROLS.sub("", text)) if line.strip()]


def left_clean(text):
    """Whether the cursor is back, and the line of the bar was wiped after it was last drawn."""
    last = text.rindex("1 of 5 ")
    return text.rindex(SHOW) > text.rindex(HIDE) and "\x1b[2K" in text[last:]


@pytest.mark.parametrize("columns", [24, 40, 80, 200])
def test_a_long_step_has_a_line_that_fits(columns):
    text = shown(loop(), columns=columns)
    drawn = [line for line in lines_of(text) if "1 of 5" in line]
    assert drawn
    assert max(cell_len(line.rstrip()) for line in drawn) <= columns - 4
    assert len(lines_of(text)) == len(drawn) + 1  # no line was broken in two
    assert left_clean(text)
    if columns >= 40:
        assert any(re.search(r"\d:\d\d left", line) for line in drawn)
    if columns >= 80:
        last = drawn[-1]
        assert re.search(r"[━╸╺] *[\d,]+/1,200 +[\d,]+ comments/s +0:00", last), last


def test_a_step_of_unknown_length_shows_the_time_so_far():
    drawn = [line for line in lines_of(shown(loop(total=0))) if "finding" in line]
    assert re.fullmatch(r"1 of 5 finding themes [-\\|/] 0:00 *", drawn[-1])


def test_a_short_step_shows_nothing():
    assert shown(loop(long=2)) == "after\r\n"


def test_quiet_shows_nothing():
    assert shown(loop(quiet=True)) == "after\r\n"


def test_a_pipe_gets_nothing_even_if_colours_are_forced():
    for env in ({}, {"FORCE_COLOR": "1", "TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "1"}):
        piped = subprocess.run(loop(), capture_output=True, env=environment(**env), check=True)
        assert (piped.stdout, piped.stderr) == (b"after\n", b""), env


def test_a_terminal_that_moves_no_cursor_gets_plain_text():
    assert shown(loop(), TERM="dumb") == "1 of 5 finding themes …\r\nafter\r\n"


def test_no_color_is_honoured():
    assert COLOURS.search(shown(loop()))
    plain = shown(loop(), NO_COLOR="1")
    assert not COLOURS.search(plain)
    assert "1 of 5 finding themes" in plain
    assert left_clean(plain)


def test_an_error_leaves_the_line_clean():
    text = shown(loop(then="raise ValueError('no more')"))
    assert left_clean(text)
    assert text.rstrip().endswith("ValueError: no more")


def test_a_warning_stands_above_the_line():
    text = shown(loop(then="import warnings; warnings.warn('beware'); time.sleep(0.5)"))
    assert any("UserWarning: beware" in line and "of 5" not in line for line in lines_of(text))
    assert left_clean(text)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_an_analysis_leaves_cursor_line_and_disk_clean(number, code, tmp_path):
    export = tmp_path / "export.csv"
    write_table(make_sample(4000, seed=1), export)
    starter = "from feedback_nlp.cli import main; main()"
    out = str(tmp_path / "out")
    terminal = Terminal([sys.executable, "-c", starter, "analyze", str(export), "--out", out])
    terminal.until("2 of 4 finding themes")
    time.sleep(0.3)
    terminal.process.send_signal(number)
    text = terminal.until()
    assert terminal.process.returncode == code
    assert text.rindex(SHOW) > text.rindex(HIDE)
    after = CONTROLS.sub("", text[text.rindex("of 4 finding themes") :]).split("\n")
    assert "Traceback" not in text
    assert [line.strip() for line in after[1:] if line.strip()] == ["Stopped."] * (code == 130)
    assert list(tmp_path.iterdir()) == [export]


def test_tagging_tells_how_many_comments_are_done():
    texts = [f"Order {n} came late" for n in range(2500)] + ["Too expensive"] * 700
    comments = pd.DataFrame({"comment_id": range(len(texts)), "text": texts, "language": "en"})
    told = []
    tagger = load_tagger("rules")
    with_it = tagger.tag_frame(comments, progress=lambda *at: told.append(at))
    assert told == [(0, 3200), (2000, 3200), (3200, 3200)]
    without = tagger.tag_frame(comments)
    pd.testing.assert_frame_equal(with_it.comments, without.comments)
    pd.testing.assert_frame_equal(with_it.mentions, without.mentions)
    tagger.tag_frame(comments.head(0), progress=lambda *at: told.append(at))
    assert told[3:] == [(0, 0)]


def test_what_progress_raises_ends_the_tagging():
    def stop(done, total):
        raise InterruptedError

    comments = pd.DataFrame({"comment_id": ["a"], "text": ["Too late"]})
    with pytest.raises(InterruptedError):
        load_tagger("rules").tag_frame(comments, progress=stop)


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """An export whose name and headers need quotes."""
    path = tmp_path_factory.mktemp("named") / "Anna's survey 2025.csv"
    write_table(make_sample(120, seed=5), path)
    return str(path)


@pytest.fixture(scope="module")
def analysed(export, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "results"
    return out, run("analyze", export, "--out", out, "--model", "rules")


@pytest.mark.slow
def test_analyze_tells_its_steps_in_order(export, tmp_path):
    told = []
    analyze(
        read_comments(export), tmp_path / "out", tagger=load_tagger("rules"),
        progress=lambda *at: told.append(at),
    )  # fmt: skip
    assert tuple(dict.fromkeys(step for step, _, _ in told)) == STEPS
    n = len(read_comments(export))
    done = [at[1:] for at in told if at[0] == STEPS[0]]  # batches are of one language
    assert (done[0], done[-1]) == ((0, n), (n, n))
    assert done == sorted(set(done))


@pytest.mark.slow
def test_the_summary_adds_up(analysed):
    out, result = analysed
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.stderr
    summary = result.stderr[result.stderr.index("\nSummary\n") :]
    assert max(map(len, summary.splitlines())) <= 80
    lines = dict(re.findall(r"^  (\w+) +(.*(?:\n {6}.*)*)", summary, re.MULTILINE))
    assert list(lines) == [
        "rows", "comments", "languages", "mentions", "score", "written", "time",
    ]  # fmt: skip
    total, *parts = [int(n) for n in re.findall(r"\d+", lines["comments"])]
    assert total == sum(parts) == sum(int(n) for n in re.findall(r"\d+", lines["languages"]))
    mentions = pd.read_parquet(out / "mentions.parquet")
    assert lines["mentions"].startswith(
        f"{len(mentions)} of {mentions['theme'].nunique()} themes, in "
        f"{mentions['comment_id'].nunique()} comments"
    )
    files = [path for path in out.rglob("*") if path.is_file()]
    assert lines["written"].startswith(f"{len(files)} files in ")
    told = " ".join(lines["written"].split())
    for path in (path for path in files if path.parent == out):
        assert f"{path.name} ({size_told(path.stat().st_size)})" in told
    clouds = [path.stat().st_size for path in (out / "clouds").iterdir()]
    assert f"clouds/ ({len(clouds)} files, {size_told(sum(clouds))})" in told


@pytest.mark.slow
def test_quiet_has_no_summary(export, tmp_path):
    result = run("analyze", export, "--out", tmp_path / "out", "--model", "rules", "-q")
    assert (result.exit_code, result.stderr) == (0, "")


def test_rows_set_aside_are_told_with_their_reasons():
    rows = {"read": 1010, "used": 1000, "set_aside": {"no rating": 7, "broken": 3, "none": 0}}
    assert rows_told(rows) == "1,010 read = 1,000 used + 10 set aside (7 no rating, 3 broken)"


def hints(*arguments, comments=None):
    """Return what is said after a command that was called so."""
    words = [str(word) for word in arguments]
    command, parent = app, app.make_context("feedback-nlp", [], resilient_parsing=True)
    while words and hasattr(command, "commands"):
        name = words.pop(0)
        command = command.commands[name]
        parent = command.make_context(
            name, [] if hasattr(command, "commands") else list(words), parent=parent,
            resilient_parsing=hasattr(command, "commands"),
        )  # fmt: skip
    return hints_of(parent, comments)


CALLED = [
    ["analyze", "EXPORT", "--out", "done it", "--model", "rules"],
    ["score", "EXPORT"],
    ["score", "EXPORT", "--rating", "nps=How likely are you to recommend Nordhus to a friend or "
     "colleague? (0-10)", "--text", "Why did you give that score?"],
    ["tag", "EXPORT", "--model", "rules"],
    ["tag", "EXPORT", "--model", "rules", "-o", "x.csv"],
    ["drivers", "EXPORT", "--model", "rules", "--min-n", "5", "--control", "Customer type"],
    ["drivers", "EXPORT", "--level", "sub", "--model", "rules"],
    ["importance", "EXPORT", "--model", "rules", "--by-polarity"],
    ["pockets", "EXPORT", "--model", "rules", "--by", "Customer type", "--day-first"],
    ["pockets", "EXPORT", "--model", "rules", "--all"],
    ["disagree", "EXPORT", "--model", "rules"],
    ["change", "EXPORT", "--model", "rules", "--before", "2025-01..2025-06", "--after",
     "2025-07..2025-12"],
    ["spikes", "EXPORT", "--model", "rules"],
    ["keyness", "EXPORT", "--model", "rules"],
    ["keyness", "EXPORT", "--model", "rules", "--group", "Channel=Shop", "--reference", "rest"],
    ["together", "EXPORT", "--model", "rules"],
    ["sample", "-o", "made.csv"],
    ["models"],
]  # fmt: skip


@pytest.mark.parametrize("called", CALLED, ids=lambda called: " ".join(called)[:40])
def test_what_is_proposed_works(called, export, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = [export if word == "EXPORT" else word for word in called]
    if called[0] == "sample":
        done(*arguments)
    said = hints(*arguments, comments=read_comments(export))
    assert 1 <= len(said) <= 2
    commands = [line[line.index("feedback-nlp ") :] for line in said if "feedback-nlp " in line]
    for command in commands:
        words = shlex.split(command)[1:]
        assert words[0] in app.commands
        if words[0] != "models":
            assert words[1] in (export, "made.csv")
        if words[0] not in ("sample", "models", "score", "analyze") and "rules" in called:
            assert words[words.index("--model") + 1] == "rules"
        if words[0] in ("analyze", "cloud") and called != CALLED[1]:  # long ones are run once
            app.commands[words[0]].make_context(words[0], words[1:])
        else:
            result = run(*words)
            assert result.exit_code == 0, (command, result.output)


def test_hints_are_of_commands_that_there_are():
    assert set(HINTS) <= {*app.commands, "taxonomy check"}


def test_columns_that_were_guessed_are_named_and_those_named_are_not(export):
    guessed = read_comments(export)
    [line] = [one for one in hints("score", export, comments=guessed) if "guessed" in one]
    words = shlex.split(line.split(": ", 1)[1])
    assert words[:2] == ["--text", "Why did you give that score?"]
    assert words[2] == "--rating"
    metric, _, column = words[3].partition("=")
    named = read_comments(export, text=words[1], ratings={metric: column})
    pd.testing.assert_frame_equal(named, guessed)
    assert not any("guessed" in one for one in hints("score", export, comments=named))


def test_stdin_and_names_a_terminal_does_not_show_have_no_hints(export):
    comments = read_comments(export)
    assert hints("tag", "-", comments=comments) == []
    assert not any("feedback-nlp tag" in one for one in hints("score", "a\x1b[2Jb.csv"))
    assert hints("tag", "a\nb.csv", "-q", comments=comments.iloc[:0]) == [
        one for one in hints("tag", "b.csv", comments=comments) if "Columns" in one
    ]


def test_names_that_begin_with_a_dash_stay_names():
    assert hints("sample", "-o", "--x.csv") == [
        "Next: feedback-nlp analyze ./--x.csv --out results"
    ]


def test_hints_are_for_terminals_and_not_for_quiet(tmp_path):
    start = [sys.executable, "-m", "feedback_nlp", "models"]
    assert "The card of one: feedback-nlp models compact" in shown(start)
    assert "The card of one" not in shown([*start, "-q"])
    piped = subprocess.run(start, capture_output=True, text=True, check=True)
    assert "The card of one" not in piped.stdout + piped.stderr
