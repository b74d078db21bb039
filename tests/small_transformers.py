"""Small real models of the Hugging Face library: two layers, random weights, a tokenizer of words.

They are built on disk, as large ones are, and have learnt nothing. Words and letters are pieces in a
fixed order: a trained tokenizer is not the same in each run.
"""

import re

import torch
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram, WordPiece
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)

SENTENCES = [
    "The staff were friendly, but it is far too expensive.",
    "Delivery was late and nobody answered the phone.",
    "De levering was snel maar de klantenservice reageert traag.",
    "Lekker eten, te duur en een lange wachttijd aan de kassa.",
    "Die Lieferung kam zu spät, der Preis ist in Ordnung.",
    "This is about: price, service, delivery, quality.",
]
POLARITIES = ("negative", "neutral", "positive")
ENTAILMENT = ("contradiction", "neutral", "entailment")
LONGEST = 60


def _words():
    return sorted(set(re.findall(r"\w+|[^\w\s]", " ".join(SENTENCES))))


def word_pieces():
    words = {word.lower().replace("ä", "a") for word in _words()}
    letters = {letter for word in words for letter in word}
    pieces = sorted(words | letters | {f"##{letter}" for letter in letters})
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {piece: at for at, piece in enumerate(special + pieces)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=LONGEST, pad_token="[PAD]", unk_token="[UNK]",
        cls_token="[CLS]", sep_token="[SEP]",
    )  # fmt: skip


def unigrams():
    words = {f"▁{word}" for word in _words()}
    letters = {letter for word in words for letter in word} - words
    vocabulary = [(piece, 0.0) for piece in ("<s>", "<pad>", "</s>", "<unk>")]
    vocabulary += [(piece, -2.0) for piece in sorted(words)]
    vocabulary += [(piece, -4.0) for piece in sorted(letters)]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>", cls_token="<s>",
        sep_token="</s>", bos_token="<s>", eos_token="</s>",
    )  # fmt: skip


def _sizes(labels, spread):
    return {
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 64, "initializer_range": spread,
        "id2label": dict(enumerate(labels)),
        "label2id": {name: at for at, name in enumerate(labels)},
    }  # fmt: skip


def classifier(folder, labels=POLARITIES, *, seed=0, spread=0.6):
    """Write a BERT that classifies texts; a larger ``spread`` of its weights makes it more sure."""
    torch.manual_seed(seed)
    tokenizer = word_pieces()
    config = BertConfig(
        vocab_size=len(tokenizer), max_position_embeddings=64, pad_token_id=0,
        **_sizes(labels, spread),
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def roberta(folder, labels=POLARITIES, *, seed=0):
    """Write an XLM-RoBERTa that classifies texts; it has 62 places, of which two are not used."""
    torch.manual_seed(seed)
    tokenizer = unigrams()
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer), max_position_embeddings=62, pad_token_id=1, bos_token_id=0,
        eos_token_id=2, type_vocab_size=1, **_sizes(labels, 0.6),
    )  # fmt: skip
    XLMRobertaForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def encoder(folder, *, seed=0):
    """Write a BERT that classifies nothing."""
    torch.manual_seed(seed)
    tokenizer = word_pieces()
    config = BertConfig(
        vocab_size=len(tokenizer), max_position_embeddings=64, pad_token_id=0, **_sizes((), 0.6)
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
