"""What the page about the two apples claims, over seeds that it does not use."""

import nnbook.quiet  # noqa: F401  isort: skip
import numpy as np
import pytest

from nnbook import apples, classifiers, text
from nnbook.intervals import wilson
from tests.pages import check_band, functions

HEADS = ["bag of words", "masked mean", "SimpleRNN", "LSTM"]
SINGLE, TWINS = np.r_[0:12, 24:36], np.r_[12:24, 36:48]


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """What the cells of the bands read, from twenty nets of each head."""
    sentences, senses = apples.training()
    held_out, held_out_senses = apples.held_out()
    number_of = text.vocabulary(sentences)
    training, test = (text.pad([text.encode(one, number_of) for one in given], 7) for given in (sentences, held_out))
    words = len(number_of) + 2
    nets = {
        head: classifiers.train_many(head, training, senses, range(1001, 1021), [400], words, rate=0.003)
        for head in HEADS
    }
    right = {head: (net.predict(test) > 0.5) == np.array(held_out_senses) for head, net in nets.items()}
    values = {"heads": HEADS, "single": SINGLE, "twins": TWINS, "wilson": wilson, "text": text, "longest": 7}
    return values | {"nets": nets, "right": right, "number_of": number_of, "test_sentences": held_out}


def taken_for(page: dict[str, object], **others: str) -> dict[str, object]:
    """The page's values, with some heads' answers taken from other heads."""
    return page | {"right": page["right"] | {head: page["right"][other] for head, other in others.items()}}


def test_without_order_half_of_the_twins_are_right(page):
    outside = {
        f"the {head} in their place": page | {"right": dict.fromkeys(HEADS, page["right"][head])}
        for head in ("SimpleRNN", "LSTM")
    }
    check_band("two-apples", "band-without-order", inside=[page], outside=outside)


def test_with_order_most_of_the_twins_are_right(page):
    outside = {
        "bags of words": taken_for(page, LSTM="bag of words", SimpleRNN="bag of words"),
        "a plain net for the LSTM": taken_for(page, LSTM="SimpleRNN"),
    }
    check_band("two-apples", "band-with-order", inside=[page], outside=outside)


def test_the_lstm_gets_more_pairs_than_a_guess(page):
    lstm, bag = (
        functions("two-apples", "pairs_right", **values) for values in (page, taken_for(page, LSTM="bag of words"))
    )
    check_band("two-apples", "band-pairs", inside=[lstm], outside={"a bag of words": bag})


def test_the_two_recurrent_nets_fail_at_other_sentences(page):
    outside = {
        "an LSTM for the plain net": taken_for(page, SimpleRNN="LSTM"),
        "a plain net for the LSTM": taken_for(page, LSTM="SimpleRNN"),
    }
    check_band("two-apples", "band-failures", inside=[page], outside=outside)


def test_read_to_the_end_all_four_come_out_right(page):
    def reading(nets: dict[str, classifiers.Trained]) -> dict[str, object]:
        return functions("two-apples", "reading", **page | {"nets": nets})

    nets = page["nets"]
    outside = {
        "a bag of words": reading({"LSTM": nets["bag of words"]}),
        "always the company": page | {"reading": lambda sentence: (sentence.split(), [1.0])},
        "always the fruit": page | {"reading": lambda sentence: (sentence.split(), [0.0])},
    }
    check_band("two-apples", "band-readings", inside=[reading(nets)], outside=outside)
