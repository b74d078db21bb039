"""Embeddings: what they promise of every text, how alike languages are, and what is refused."""

import json
import pickle
import shutil
import tomllib
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from feedback_nlp.errors import ModelError
from feedback_nlp.resources import resource
from feedback_nlp.tagging.embeddings import TOKENIZER_FILE, WEIGHTS_FILE, load_embeddings

MEANINGS = Path(__file__).parents[2] / "benchmarks" / "same_meaning.toml"
WORDS = [
    "levering", "traag", "Friendly", "staff", "ventetid", "lēti", "apkalpošana", "Über", "müde", "très",
    "après", "señor", "10", "!!!", "e-mail", "klantenservice", "верно", "👍", "'s", "…", "Wi-Fi",
]  # fmt: skip
COMMENTS = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
)


@pytest.fixture(scope="module")
def embeddings():
    return load_embeddings()


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(resource("models", "embeddings"), tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def meanings():
    return tomllib.loads(MEANINGS.read_text("utf-8"))["meaning"]


@given(texts=st.lists(COMMENTS, max_size=20), at=st.integers(0, 19))
def test_a_row_does_not_depend_on_the_others(embeddings, texts, at):
    together = embeddings.encode(texts)
    assert together.shape == (len(texts), embeddings.width)
    alone = [embeddings.encode([text])[0] for text in texts]
    assert np.array_equal(together, np.array(alone, np.float32).reshape(together.shape))
    cut = [*embeddings.encode(texts[:at]), *embeddings.encode(texts[at:])]
    assert np.array_equal(together, np.array(cut, np.float32).reshape(together.shape))


@given(texts=st.lists(COMMENTS, min_size=1, max_size=10))
def test_rows_have_length_one_or_zero(embeddings, texts):
    rows = embeddings.encode(texts)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))


@given(
    words=st.lists(st.sampled_from(WORDS), max_size=12), random=st.randoms(use_true_random=False)
)
def test_the_order_of_words_changes_nothing(embeddings, words, random):
    moved = random.sample(words, len(words))
    one, other = embeddings.encode([" ".join(words), " ".join(moved)])
    assert np.array_equal(one, other)


@given(words=st.lists(st.sampled_from(WORDS), max_size=12))
def test_capitals_and_blanks_change_nothing(embeddings, words):
    text = " ".join(words)
    rows = embeddings.encode([text, text.upper(), text.title(), "\n\t " + "  ".join(words) + " "])
    assert np.array_equal(rows, np.repeat(rows[:1], 4, axis=0))


@pytest.mark.parametrize(
    ("with_them", "without"),
    [
        ("Ļoti lēti, bet gaidīju pārāk ilgi", "Loti leti, bet gaidiju parak ilgi"),
        ("Très déçu, le café était froid", "Tres decu, le cafe etait froid"),
        ("El envío llegó rápido, mañana repito", "El envio llego rapido, manana repito"),
        ("Später gab es Müsli", "Spater gab es Musli"),
        ("På én dag", "Pa en dag"),
        ("Reële prijs, coöperatief", "Reele prijs, cooperatief"),
    ],
)  # fmt: skip
def test_diacritics_change_nothing(embeddings, with_them, without):
    rows = embeddings.encode([with_them, without])
    assert rows[0].any()
    assert np.array_equal(rows[0], rows[1])


@pytest.mark.parametrize("text", ["", "  \n", "€", "漢字", "\ud83d"])
def test_nothing_known_is_zeros(embeddings, text):
    assert not embeddings.encode([text]).any()


def test_what_is_unknown_takes_nothing_away(embeddings):
    rows = embeddings.encode(["vriendelijk personeel", "vriendelijk 漢字 personeel"])
    assert np.array_equal(rows[0], rows[1])


def test_no_comments_are_no_rows(embeddings):
    assert embeddings.encode([]).shape == (0, embeddings.width)


def test_many_comments_are_taken_in_turns(embeddings):
    texts = [f"{word} {number}" for number in range(700) for word in WORDS[:7]]
    rows = embeddings.encode(iter(texts))
    assert len(rows) == 4900
    assert np.array_equal(rows[4800:], embeddings.encode(texts[4800:]))


def test_a_very_long_comment(embeddings):
    rows = embeddings.encode(["te laat " * 50_000, "te laat", "x" * 100_000])
    assert np.allclose(rows[0], rows[1], atol=1e-6)


def test_one_comment_must_be_in_a_list(embeddings):
    with pytest.raises(TypeError, match="encode takes a list"):
        embeddings.encode("te laat")


def test_threads_may_share_it(embeddings):
    texts = [" ".join(WORDS[at:] + WORDS[:at]) for at in range(len(WORDS))] * 20
    wanted = embeddings.encode(texts)
    with ThreadPoolExecutor(4) as pool:
        for rows in pool.map(embeddings.encode, [texts] * 8):
            assert np.array_equal(rows, wanted)


def test_it_can_be_sent_to_another_process(embeddings):
    again = pickle.loads(pickle.dumps(embeddings))
    assert np.array_equal(again.encode(WORDS), embeddings.encode(WORDS))


def test_the_same_complaint_is_found_in_other_languages(embeddings, meanings):
    rows = {code: embeddings.encode([one[code] for one in meanings]) for code in meanings[0]}
    right = {code: [] for code in rows}
    for asked, found in permutations(rows, 2):
        nearest = (rows[asked] @ rows[found].T).argmax(axis=1)
        right[asked].append(np.mean(nearest == np.arange(len(meanings))))
    shares = {code: float(np.mean(hits)) for code, hits in right.items()}
    assert np.mean(list(shares.values())) >= 0.87, shares
    assert min(shares.values()) >= 0.75, shares


def test_the_package_carries_no_more_than_it_needs():
    files = [path for path in resource("models", "embeddings").iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 16_500_000
    assert {path.name for path in files} == {WEIGHTS_FILE, TOKENIZER_FILE, "README.md"}
    tokenizer = (resource("models", "embeddings") / TOKENIZER_FILE).read_text("utf-8")
    assert tokenizer == json.dumps(json.loads(tokenizer), ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("name", [WEIGHTS_FILE, TOKENIZER_FILE])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"^No embeddings in .*{folder.name}.* no file {name}\.$"):
        load_embeddings(folder)


@pytest.mark.parametrize("name", [WEIGHTS_FILE, TOKENIZER_FILE])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x00" * 100, b"not a model"])
def test_foreign_content_is_refused(folder, name, content):
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=name) as raised:
        load_embeddings(folder)
    assert "\n" not in str(raised.value)


def changed(tensors, name, value):
    return {**tensors, name: value}


@pytest.mark.parametrize(
    "change",
    [
        lambda t: {"vectors": t["vectors"]},
        lambda t: changed(t, "scale", t["scale"].astype(np.float32)),
        lambda t: changed(t, "vectors", t["vectors"].astype(np.int16)),
        lambda t: changed(t, "vectors", t["vectors"][:, 0].copy()),
        lambda t: changed(t, "scale", t["scale"][:-1].copy()),
        lambda t: changed(t, "scale", t["scale"] * np.float16("nan")),
        lambda t: changed(t, "more", t["scale"]),
        lambda t: {"vectors": t["vectors"][:0], "scale": t["scale"][:0]},
    ],
    ids=["one missing", "scale type", "vectors type", "axes", "rows", "nan", "one more", "empty"],
)
def test_wrong_weights_are_refused(folder, change):
    tensors = change(load_file(folder / WEIGHTS_FILE))
    save_file(tensors, folder / WEIGHTS_FILE)
    with pytest.raises(ModelError, match="holds no embeddings"):
        load_embeddings(folder)


def test_weights_and_tokenizer_must_belong_together(folder):
    tensors = load_file(folder / WEIGHTS_FILE)
    save_file({name: one[:-1].copy() for name, one in tensors.items()}, folder / WEIGHTS_FILE)
    with pytest.raises(ModelError, match="do not belong together"):
        load_embeddings(folder)


def test_a_missing_model_is_a_model_error(monkeypatch, tmp_path):
    monkeypatch.setattr("feedback_nlp.resources._PACKAGE", tmp_path / "package")
    resource.cache_clear()
    with pytest.raises(ModelError, match="models/embeddings"):
        load_embeddings()
    resource.cache_clear()
