"""Texts to numbers: stable, complete, and clear about what they cannot do."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import text

# Any text, and such as are made of signs that join, cut, or are not seen.
TEXTS = st.text(max_size=60) | st.text(
    "aé1_-.,:'’\"\u200c\u200d\u200b\u00ad\u0301\ufe0f\u20e3👩🏽צא٣カ你सक् ", max_size=9
)


@pytest.mark.parametrize(
    ("given_text", "words"),
    [
        ("Could have done better.", ["could", "have", "done", "better"]),
        ("Well done!", ["well", "done"]),
        ("", []),
        ("?! ... –", []),
        ("Don't, don’t 'quote' me", ["don't", "don't", "quote", "me"]),
        ("Café cafe\u0301 CAFÉ", ["café"] * 3),
        ("Straße STRASSE", ["strasse"] * 2),
        ("Не плохо", ["не", "плохо"]),
        ("अच्छा काम", ["अच्छा", "काम"]),
        ("iPhone 15, 3rd", ["iphone", "15", "3rd"]),
        ("two\nlines\tand_more", ["two", "lines", "and", "more"]),
        ("well-done rock‑solid", ["well", "done", "rock", "solid"]),
        ("l’amico ma'am o'er 'tis dogs'", ["l'amico", "ma'am", "o'er", "tis", "dogs"]),
        ("3.14 is 1,000 times", ["3.14", "is", "1,000", "times"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),  # "I want": the joiner keeps two letters apart within the word
        ("ക്\u200d", ["ക്\u200d"]),  # a joiner that spells a letter of its own
        ("I ❤\ufe0f it", ["i", "it"]),
        ("\ufe0f \u0301 \u200d \u20e3", []),
        ("👩🏽\u200d💻 🇩🇪 👍\ufe0f", []),
        ("press 3\ufe0f\u20e3", ["press", "3\u20e3"]),
        ("co\u00adoperate cooperate", ["cooperate"] * 2),
        ("\u202bשלום\u200f!\u202c\ufeff", ["שלום"]),
        ('צה"ל', ['צה"ל']),
        ("one\u200btwo", ["one", "two"]),  # a space of no width is a space
        ("你好 カタカナ", ["你", "好", "カタカナ"]),
    ],
)
def test_words(given_text, words):
    assert text.words_of(given_text) == words


@given(TEXTS)
def test_words_have_no_spaces_and_stay_as_they_are(given_text):
    words = text.words_of(given_text)
    assert all(len(word.split()) == 1 and any(sign.isalnum() for sign in word) for word in words)
    assert text.words_of(" ".join(words)) == words


@given(st.lists(TEXTS, max_size=6), TEXTS)
def test_vocabulary_numbers_each_word_once_and_unknown_words_get_one(documents, other):
    number_of = text.vocabulary(documents)
    assert sorted(number_of.values()) == list(range(2, len(number_of) + 2))
    word_of = {number: word for word, number in number_of.items()}
    for document in documents:
        assert [word_of[number] for number in text.encode(document, number_of)] == text.words_of(document)
    for word, number in zip(text.words_of(other), text.encode(other, number_of), strict=True):
        assert number == number_of.get(word, text.UNKNOWN)


@given(st.lists(st.lists(st.integers(1, 99), max_size=5), max_size=5), st.integers(5, 9))
def test_pad_keeps_every_number(rows, length):
    padded = text.pad(rows, length)
    assert padded.shape == (len(rows), length) and np.issubdtype(padded.dtype, np.integer)
    assert [[number for number in row if number] for row in padded.tolist()] == rows


@given(st.text(max_size=20), st.integers(2, 1000))
def test_hashed_is_in_range(word, buckets):
    assert 1 <= text.hashed(word, buckets) < buckets


def test_hashed_spreads_words_evenly():
    counts = np.bincount([text.hashed(f"word {number}", 11) for number in range(10_000)], minlength=11)
    assert counts[0] == 0 and counts[1:].min() > 880 and counts[1:].max() < 1_120  # four standard deviations of 30


def test_one_hot():
    assert text.one_hot([[2, 0]], 3).tolist() == [[[0, 0, 1], [1, 0, 0]]]
    assert text.one_hot([], 3).shape == (0, 3)


def test_encodings_are_the_same_in_every_process():
    program = (
        "from nnbook import text; documents = ['Good work', 'not good', 'Gut gemacht!']; "
        "v = text.vocabulary(documents); "
        "print(v, [text.encode(d, v) for d in documents], [text.hashed(w, 50) for w in v], hash('good'))"
    )
    said = []
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.rsplit("] ", 1))
    assert said[0][0] == said[1][0]
    assert said[0][1] != said[1][1], "Python's own hash differs, so the two processes could have disagreed"


def test_hashed_is_written_down():
    # By hand: printf good | sha256sum, the first 16 digits as a number, modulo 49, plus 1; so on any machine.
    assert [text.hashed(word, 50) for word in ("good", "work", "")] == [14, 33, 30]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: text.words_of(b"good"), "must be a str, but is bytes"),
        (lambda: text.words_of(None), "must be a str, but is NoneType"),
        (lambda: text.vocabulary("good work"), r"a list of texts, but is one text; pass \['good work'\]"),
        (lambda: text.vocabulary([1]), "must be a str, but is int"),
        (lambda: text.encode(["good"], {}), "must be a str, but is list"),
        (lambda: text.hashed(3, 50), "must be a str, but is int"),
        (lambda: text.hashed("good", 1), "buckets must be a whole number of at least 2"),
        (lambda: text.one_hot([0.5], 3), "must be whole, but are float64"),
        (lambda: text.one_hot([3], 3), "between 0 and 2, but go from 3 to 3"),
        (lambda: text.one_hot([-1], 3), "between 0 and 2"),
        (lambda: text.one_hot([0], 0), "size must be a whole number of at least 1"),
        (lambda: text.pad([[1], [1, 2, 3]], 2), "row 1 has 3 numbers, more than length 2"),
        (lambda: text.pad([[1]], 0), "length must be a whole number of at least 1"),
        (lambda: text.pad([[1], [1.5]], 4), "the numbers of row 1 must be whole, but are float64"),
        (lambda: text.pad([[1.0]], 4), "must be whole"),
        (lambda: text.pad([[True]], 4), "must be whole, but are bool"),
        (lambda: text.pad([["7"]], 4), "must be whole"),
        (lambda: text.pad([[np.nan]], 4), "must be whole"),
        (lambda: text.pad([[3, -1]], 4), "must lie at 0 or above, but go from -1 to 3"),
        (lambda: text.pad([1, 2], 4), "a list of rows"),
        (lambda: text.pad(["12"], 4), "a list of rows"),
        (lambda: text.pad([[[1]]], 4), "a list of rows"),
        (lambda: text.pad([[2**70]], 4), "must be whole"),
        (lambda: text.one_hot([True], 3), "must be whole, but are bool"),
        (lambda: text.one_hot([[1], [1, 2]], 3), "rows have different lengths"),
        (lambda: text.one_hot(["1"], 3), "must be whole"),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError, match=said):
        call()
