"""The two apples: what the sentences promise before any net has read them."""

import re
from collections import Counter

import pytest

from nnbook import apples, text

TRAINING, TRAINING_SENSES = apples.training()
HELD_OUT, HELD_OUT_SENSES = apples.held_out()
HALF = len(HELD_OUT) // 2
FAR = {"training": apples.far_training(), "held out": apples.far_held_out()}


def runs(sentence: str, length: int) -> Counter[tuple[str, ...]]:
    """Count the runs of so many neighbouring words, a mark before the first word and one after the last."""
    words = ["<", *text.words_of(sentence), ">"]
    return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def named(sentence: str) -> dict[str, int]:
    """Return the place of the two words that name a sense, the denied one and the one that is not."""
    words = text.words_of(sentence)
    places = [at for at, word in enumerate(words) if word in apples.FAR_FRUIT + apples.FAR_COMPANY]
    return {("denied" if words[at - 3] == "not" else "decides"): at for at in places}


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


def test_a_far_sentence_on_paper():
    sentences, senses = FAR["held out"]
    assert sentences[0] == "Apple means not a good phone these days but a good tree these days." and senses[0] == 0
    assert sentences[24] == "Apple means not a good tree these days but a good phone these days." and senses[24] == 1
    assert sentences[23] == "A good cider these days and not a good office these days is called apple."
    assert named(sentences[0]) == {"denied": 5, "decides": 11} and named(sentences[6]) == {"decides": 4, "denied": 11}


@pytest.mark.parametrize("part", FAR)
def test_the_word_that_decides_is_at_least_four_words_from_apple_and_alone_not_denied(part):
    sentences, senses = FAR[part]
    distances = Counter()
    for sentence, sense in zip(sentences, senses, strict=True):
        words, places = text.words_of(sentence), named(sentence)
        assert words.count("apple") == 1 and set(places) == {"denied", "decides"}
        assert words[places["decides"]] in (apples.FAR_FRUIT, apples.FAR_COMPANY)[sense], sentence
        assert words[places["denied"]] in (apples.FAR_COMPANY, apples.FAR_FRUIT)[sense], sentence
        distances[abs(places["decides"] - words.index("apple"))] += 1
    assert distances == dict.fromkeys((4, 5, 11, 12), len(sentences) // 4)


@pytest.mark.parametrize("part", FAR)
@pytest.mark.parametrize("length", [1, 2, 3])
def test_no_word_no_pair_and_no_triple_decides_a_far_sentence(part, length):
    sentences, senses = FAR[part]
    half = len(sentences) // 2
    assert senses == [0] * half + [1] * half
    for fruit, company in zip(sentences[:half], sentences[half:], strict=True):
        assert fruit != company and runs(fruit, length) == runs(company, length)


def test_four_neighbouring_words_can_decide():
    """Otherwise the claim about pairs and triples would be one about nothing."""
    sentences, _ = FAR["held out"]
    assert all(
        runs(fruit, 4) != runs(company, 4) for fruit, company in zip(sentences[:24], sentences[24:], strict=True)
    )


@pytest.mark.parametrize("part", FAR)
@pytest.mark.parametrize("which", [0, 1])
def test_neither_the_first_nor_the_last_of_the_two_words_decides(part, which):
    sentences, senses = FAR[part]
    words = [text.words_of(sentence)[sorted(named(sentence).values())[which]] for sentence in sentences]
    of_company = [int(word in apples.FAR_COMPANY) for word in words]
    assert sum(one == sense for one, sense in zip(of_company, senses, strict=True)) == len(sentences) // 2


@pytest.mark.parametrize("part", FAR)
def test_each_far_word_stands_for_its_sense_and_is_denied_equally_often(part):
    counts = Counter((text.words_of(one)[place], what) for one in FAR[part][0] for what, place in named(one).items())
    assert set(counts.values()) == {len(FAR[part][0]) // 12} and len(counts) == 24


def test_no_two_words_of_a_held_out_far_sentence_stand_together_in_the_training():
    together = {
        part: {frozenset(text.words_of(one)[place] for place in named(one).values()) for one in sentences}
        for part, (sentences, _) in FAR.items()
    }
    assert len(together["training"]) == 12 and len(together["held out"]) == 6
    assert not together["training"] & together["held out"]
    known = text.vocabulary(FAR["training"][0])
    assert {word for one in FAR["held out"][0] for word in text.words_of(one)} <= set(known)


def test_far_sentences_are_all_different_and_none_is_a_near_one():
    everything = [" ".join(text.words_of(one)) for one in FAR["training"][0] + FAR["held out"][0] + TRAINING + HELD_OUT]
    assert len(set(everything)) == len(everything) == 96 + 48 + 60 + 48
