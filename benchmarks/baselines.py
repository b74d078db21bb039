"""What the taggers are measured beside: a linear model of letters, two English word lists, a dummy.

- TF-IDF: words and letters with a logistic regression, learnt clause by clause on the train part of
  our labelled comments (``corpus_proof.py``), sentiment on whole comments; nothing is tuned.
- VADER and TextBlob: one polarity for a whole text, with their usual limits. They are made for
  English and get the other languages as they come. They know no themes: each theme of a comment
  gets the polarity of the comment.
- dummy: what is most frequent in the labels it is measured on.
"""

import numpy as np
import pandas as pd
from corpus_proof import clause_labels, clauses, features, logistic
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from feedback_nlp.language import detect_languages
from feedback_nlp.records import Mention
from feedback_nlp.schema import POLARITIES, info, mentions_table, with_info
from feedback_nlp.tagging import Tagging, dummy_tagging

MISSING = (
    "VADER and TextBlob are not installed, which the figures are published beside; "
    "run: pip install -r benchmarks/requirements.txt"
)
NEGATIVE, NEUTRAL, POSITIVE = range(len(POLARITIES))
VADER_LIMIT = 0.05  # that of its authors
SURE = 0.5


class LinearTagger:
    """TF-IDF and logistic regression, behind the same call as a tagger.

    A clause has the top themes that are likelier than not, each as its likeliest sub-theme if that
    is likelier than not.
    """

    name = "TF-IDF"

    def __init__(self, gold):
        part = gold.comments[gold.comments["status"] == "ok"].reset_index(drop=True)
        kept = gold.mentions[gold.mentions["comment_id"].isin(part["comment_id"])]
        self.notes = info(gold.mentions)
        learnt = clause_labels(Tagging(part, kept))
        said = [found | {theme.split(".")[0] for theme in found} for found in learnt["themes"]]
        self.ids = sorted(set().union(*said))
        labels = np.array([[theme in found for theme in self.ids] for found in said])
        self.themes = make_pipeline(features(), OneVsRestClassifier(logistic()))
        self.themes.fit(learnt["text"], labels)
        clear = learnt[learnt["polarity"] != ""]
        self.polarity = make_pipeline(features(), logistic())
        self.polarity.fit(clear["text"], clear["polarity"])
        self.sentiment = make_pipeline(features(), logistic())
        self.sentiment.fit(part["text"], part["sentiment"].astype(str))

    def tag_frame(self, comments):
        texts = comments["text"].astype(str).tolist()
        given = comments.reset_index(drop=True).assign(
            language=detect_languages(texts, file_mix=True)
        )
        likely = self.sentiment.predict_proba(texts)
        order = list(self.sentiment.classes_)
        balance = likely[:, order.index("positive")] - likely[:, order.index("negative")]
        tagged = given.assign(
            status="ok", sentiment=self.sentiment.predict(texts), sentiment_score=balance
        )
        table = mentions_table(list(self._mentions(given)), self.ids)
        return Tagging(tagged, with_info(table, self.notes))

    def _mentions(self, comments):
        spans = list(clauses(comments))
        texts = [comments["text"][row][start:end] for row, start, end in spans]
        sure, said = self.themes.predict_proba(texts), self.polarity.predict(texts)
        for at, (row, start, end) in enumerate(spans):
            for theme, confidence in self._named(sure[at]):
                yield comments["comment_id"][row], comments["text"][row], Mention(
                    theme=theme, polarity=said[at], theme_confidence=confidence,
                    polarity_confidence=0.5, start=start, end=end, source="model",
                )  # fmt: skip

    def _named(self, sure):
        """Yield the themes of a clause, with how sure it is of the top theme."""
        likely = dict(zip(self.ids, sure, strict=True))
        for top in (theme for theme in self.ids if "." not in theme):
            if likely[top] >= SURE:
                subs = [theme for theme in self.ids if theme.startswith(f"{top}.")]
                best = max(subs, key=likely.__getitem__, default=top)
                yield best if likely[best] >= SURE else top, float(likely[top])


class DummyTagger:
    """What is most frequent in some labels, given to every comment."""

    name = "dummy"

    def __init__(self, gold):
        self.gold = gold

    def tag_frame(self, comments):
        usual = self.gold.comments["sentiment"].astype(object).dropna()
        sentiment = usual.mode().iloc[0] if len(usual) else None
        given = comments.assign(sentiment=pd.Series([sentiment] * len(comments), dtype=object))
        return dummy_tagging(Tagging(given, self.gold.mentions))


def judges():
    """Return the English word lists: each makes texts into numbers of ``POLARITIES``."""
    try:
        from textblob import TextBlob
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        raise SystemExit(MISSING) from None
    reader = SentimentIntensityAnalyzer()

    def vader(texts):
        return sides([reader.polarity_scores(text)["compound"] for text in texts], VADER_LIMIT)

    def textblob(texts):
        return sides([TextBlob(text).sentiment.polarity for text in texts], 0.0)

    return {"VADER": vader, "TextBlob": textblob}


def sides(values, limit):
    """Return the polarity of each number: beyond the limit (or at it, if it is not 0) a side."""
    array = np.array(values, dtype=float)
    beyond = (np.abs(array) >= limit) & (array != 0)
    return np.where(~beyond, NEUTRAL, np.where(array > 0, POSITIVE, NEGATIVE))
