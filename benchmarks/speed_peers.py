"""What the tagger is measured beside: made once on disk, then loaded by the process that is timed.

- VADER, TextBlob: one polarity a text by an English word list, as ``baselines.py`` has them.
- spaCy: a blank English pipeline with its text classifier, as ``add_pipe("textcat")`` makes it (a
  small convolutional network and a bag of words), and with the bag of words alone. Four classes.
  The networks are of the usual size and not trained, since their speed does not depend on what
  their weights are.
- scikit-learn: TF-IDF of words and a logistic regression, fitted on our labelled comments.
- Hugging Face: a ``text-classification`` pipeline, BERT of the size of MiniLM (6 layers of 384),
  with a vocabulary learnt from our labelled comments and random weights, for the same reason;
  batches of 32 on the CPU.
"""

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "labelled"
CLASSES = ("positive", "negative", "neutral", "mixed")
NEEDS = {"vader": "vaderSentiment", "textblob": "textblob", "transformer": "transformers"}
LAYERS, WIDTH, HEADS, VOCABULARY = 6, 384, 12, 30_522
BATCH = 32


def make_peers(folder):
    """Write the models of the peers to a folder."""
    from feedback_nlp.tagging.labelled import read_labels

    labelled = [one for one in read_labels(DATA) if one.language == "en" and one.sentiment]
    texts, labels = [one.text for one in labelled], [one.sentiment for one in labelled]
    make_linear(texts, labels, folder / "linear")
    make_spacy(texts, labels, None, folder / "spacy")
    bag = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 1,
           "no_output_layer": False, "length": 262144}  # fmt: skip
    make_spacy(texts, labels, bag, folder / "spacy_bag")


def make_linear(texts, labels, path):
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    joblib.dump(pipeline.fit(texts, labels), path)


def make_spacy(texts, labels, model, path):
    import spacy
    from spacy.training import Example

    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("textcat", config={"model": model} if model else {})
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {one: one == label for one in CLASSES}})
        for text, label in zip(texts, labels, strict=True)
    ]
    nlp.initialize(lambda: examples)
    nlp.to_disk(path)


def make_transformer(folder):
    """Write a transformer to a folder; apart, since its packages may be missing."""
    import torch
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    from feedback_nlp.tagging.labelled import read_labels

    texts = [one.text for one in read_labels(DATA)]
    learner = BertWordPieceTokenizer(lowercase=True)
    learner.train_from_iterator(texts, vocab_size=VOCABULARY, show_progress=False)
    path = folder / "transformer"
    BertTokenizerFast(tokenizer_object=learner._tokenizer).save_pretrained(path)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=LAYERS, num_labels=3,
        num_attention_heads=HEADS, intermediate_size=4 * WIDTH,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(path)


def vader(folder):
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    reader = SentimentIntensityAnalyzer()
    return lambda texts: len([reader.polarity_scores(text)["compound"] for text in texts])


def textblob(folder):
    from textblob import TextBlob

    return lambda texts: len([TextBlob(text).sentiment.polarity for text in texts])


def linear(folder):
    import joblib

    pipeline = joblib.load(folder / "linear")
    return lambda texts: len(pipeline.predict(texts))


def spacy_cats(name):
    def load(folder):
        import spacy

        nlp = spacy.load(folder / name)
        return lambda texts: len([doc.cats for doc in nlp.pipe(texts)])

    return load


def transformer(folder):
    from transformers import pipeline

    path = str(folder / "transformer")
    reader = pipeline("text-classification", model=path, tokenizer=path, device="cpu")
    return lambda texts: len(reader(texts, batch_size=BATCH, truncation=True))


PEERS = {
    "vader": vader,
    "textblob": textblob,
    "linear": linear,
    "spacy": spacy_cats("spacy"),
    "spacy_bag": spacy_cats("spacy_bag"),
    "transformer": transformer,
}
