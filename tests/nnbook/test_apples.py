"""The two apples: what the sentences promise before any net has read them."""

import re

from nnbook import apples, text

TRAINING, TRAINING_SENSES = apples.training()
HELD_OUT, HELD_OUT_SENSES = apples.held_out()
HALF = len(HELD_OUT) // 2


def test_both_senses_are_equally_frequent():
    assert len(TRAINING) == 60 and sum(TRAINING_SENSES) == 30
    assert len(HELD_OUT) == 48 and sum(HELD_OUT_SENSES) == 24


def test_each_sentence_has_one_apple_and_occurs_once():
    sentences = [" ".join(text.words_of(sentence)) for sentence in TRAINING + HELD_OUT]
    assert len(set(sentences)) == len(sentences)
    assert all(len(re.findall(r"\bapple\b", sentence)) == 1 for sentence in sentences)


def test_half_of_the_held_out_sentences_differ_from_a_twin_in_their_order_only():
    fruit, company = HELD_OUT[:HALF], HELD_OUT[HALF:]
    for one, other in zip(fruit[apples.PAIRS_FROM :], company[apples.PAIRS_FROM :], strict=True):
        assert sorted(text.words_of(one)) == sorted(text.words_of(other)), (one, other)
        assert text.words_of(one) != text.words_of(other)
    assert 2 * len(fruit[apples.PAIRS_FROM :]) == HALF


def test_the_sentences_of_the_notes_are_held_out():
    assert "I like eating apple." in HELD_OUT[:HALF] and "Apple is a company." in HELD_OUT[HALF:]


def test_every_held_out_word_was_seen_in_training():
    known = text.vocabulary(TRAINING)
    assert {word for sentence in HELD_OUT for word in text.words_of(sentence)} <= set(known)
