"""Where the time of the default tagger goes: timers around its stages.

A stage's time is its own, without that of the stages inside it, so that all together are the whole.
"""

import time
from functools import wraps

from feedback_nlp import text
from feedback_nlp.patterns import PatternSet
from feedback_nlp.tagging import compact, frames, tagger
from feedback_nlp.tagging.scorer import Scorer

# What is timed, from the outside in.
STAGES = (
    ("tables", tagger.Tagger, "tag_frame"),
    ("language", frames, "detect_languages"),
    ("words", tagger, "parse"),
    ("clauses", text, "cut_clauses"),
    ("weighing", compact.CompactModel, "read"),
    ("opinions", compact, "read_opinions"),
    ("rules", compact, "read_rules"),
    ("rules", compact, "rule_layer"),
    ("scores", Scorer, "score_batch"),
    ("phrases", PatternSet, "find_all"),
)
TITLES = {
    "language": "which language it is in",
    "words": "words, status",
    "clauses": "sentences and clauses",
    "phrases": "phrases: of themes, opinions, negations, beginnings of clauses, whole answers",
    "opinions": "opinions: negation, strength, wishes",
    "rules": "what the rules say",
    "scores": "scores of the linear model: known words, new words, word pairs",
    "weighing": "weighing: themes, polarity, sentiment, status, evidence",
    "tables": "copies looked for, batches, the two tables",
}


class Clock:
    """Adds up seconds by stage; a stage that runs inside another stops that one's."""

    def __init__(self):
        self.seconds = {}
        self.running = []
        self.since = 0.0

    def turn(self):
        now = time.process_time()
        if self.running:
            stage = self.running[-1]
            self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self.since
        self.since = now

    def timed(self, stage, function):
        @wraps(function)
        def call(*given, **named):
            self.turn()
            self.running.append(stage)
            try:
                return function(*given, **named)
            finally:
                self.turn()
                self.running.pop()

        return call


def watch_stages():
    """Put timers around the stages, for the rest of this process; return the clock."""
    clock = Clock()
    for stage, owner, name in STAGES:
        setattr(owner, name, clock.timed(stage, getattr(owner, name)))
    return clock
