"""What the page about the two apples claims, over seeds that it does not use."""

import nnbook.quiet  # noqa: F401  isort: skip
from typing import Any

import numpy as np
import pytest

from nnbook import apples, classifiers, text
from nnbook.classifiers import Trained, train_many
from tests.pages import BOOK, check_band, check_starts, functions
from tools.book import run, tags_of

PAGE = "two-apples"
HEADS = ["bag of words", "masked mean", "SimpleRNN", "LSTM"]
TRAINING = ("nets = {", "lstm = train_many", "at_apple = {", 'at_apple["both ways"] =', "figure, panels")
PER_START, FAR_PER_START, AT_PER_START = 20, 10, 5  # nets, as on the page


def values_of(nets: dict[str, Trained], **far: Any) -> dict[str, Any]:
    """Run the page's cells with these nets in place of its own; without far ones only what is said of near apples."""
    sources = [cell.source for cell in BOOK.page(PAGE).code if "remove-cell" not in tags_of(cell)]
    if not far:
        sources = sources[: next(n for n, one in enumerate(sources) if "far_training" in one)]
    kept = [one for one in sources if not any(mark in one for mark in TRAINING)]
    joined = "tested = np.concatenate([test_senses, far_test_senses])"  # stands in the cell of a figure
    kept = [f"{joined}\n{one}" if "def nearer_to_own" in one else one for one in kept]
    return run(kept, {"__name__": "__main__", "train_many": train_many, "nets": nets, **far}, asserts=False)


def some(trained: Trained, start: int, stop: int) -> Trained:
    """Take some of the nets that were trained together."""
    seeds, weights = trained.weights[-1].shape[0], list(trained.weights)
    if trained.head != "bag of words":  # the tables of words lie below each other
        weights[0] = weights[0].reshape(seeds, -1, classifiers.UNITS)
    weights = [one[start:stop] for one in weights]
    if trained.head != "bag of words":
        weights[0] = weights[0].reshape(-1, classifiers.UNITS)
    return Trained(trained.head, weights, trained.probabilities[:, start:stop], trained.at)


def near_nets(first: int, count: int) -> dict[str, Trained]:
    """Train the five readers of near apples."""
    sentences, senses = apples.training()
    seeds, number_of = range(first, first + count), text.vocabulary(sentences)
    rows = text.pad([text.encode(one, number_of) for one in sentences], 7)
    nets = {head: train_many(head, rows, senses, seeds, [400], len(number_of) + 2, rate=0.003) for head in HEADS}
    cells = functions(PAGE, "runs_of", "numbered_runs", text=text, sentences=sentences)
    pairs = cells["numbered_runs"](sentences, n=2)
    rows = cells["rows_of"](sentences, pairs, 2)
    nets["pairs"] = train_many("bag of words", rows, senses, seeds, [400], len(pairs) + 2, rate=0.003)
    return nets


def far_nets(first: int, starts: int) -> list[dict[str, Any]]:
    """Train the nets that read far apples too, and deal them out to starts."""
    (near, near_senses), (far, far_senses) = apples.training(), apples.far_training()
    number_of, senses = text.vocabulary(near + far), near_senses + far_senses
    rows = text.pad([text.encode(one, number_of) for one in near + far], 15)

    def train(head: str, per_start: int, at: int | None) -> list[Trained]:
        count = per_start * starts
        many = train_many(head, rows, senses, range(first, first + count), [300], len(number_of) + 2, rate=0.003, at=at)
        return [some(many, one, one + per_start) for one in range(0, count, per_start)]

    apple = number_of["apple"]
    last = train("LSTM", FAR_PER_START, None)
    at = [train(head, AT_PER_START, apple) for head in ("LSTM", "both ways")]
    return [
        {"lstm": one, "at_apple": {"LSTM": left, "both ways": both}} for one, left, both in zip(last, *at, strict=True)
    ]


@pytest.fixture(scope="module")
def nets() -> dict[str, Trained]:
    """Twenty nets of each reader of near apples."""
    return near_nets(1001, PER_START)


@pytest.fixture(scope="module")
def page(nets) -> dict[str, Any]:
    """What the cells of the bands read."""
    return values_of(nets, **far_nets(1001, 1)[0])


def taken_for(page: dict[str, Any], **others: str) -> dict[str, Any]:
    """What the page finds if some readers answer as others do."""
    right = page["right"] | {head.replace("_", " "): page["right"][other] for head, other in others.items()}
    names = ("pairs_right", "single_right", "sign_test")
    values = functions(PAGE, *names, **page | {"right": right})
    return {**values, "right": right}


def test_without_order_half_of_the_twins_are_right(page):
    outside = {
        f"the {head} in their place": page | {"right": dict.fromkeys(HEADS, page["right"][head])}
        for head in ("SimpleRNN", "LSTM")
    }
    check_band("two-apples", "band-without-order", inside=[page], outside=outside)


def test_the_reader_of_pairs_gets_the_twins(page):
    outside = {
        "bags of words": taken_for(page, pairs="bag of words", rule="bag of words"),
        "an LSTM": taken_for(page, pairs="LSTM"),
        "a plain net": taken_for(page, pairs="SimpleRNN"),
    }
    check_band("two-apples", "band-pairs-win", inside=[page], outside=outside)


def test_with_order_most_of_the_twins_are_right(page):
    outside = {
        "bags of words": taken_for(page, LSTM="bag of words", SimpleRNN="bag of words"),
        "readers of pairs": taken_for(page, LSTM="pairs", SimpleRNN="pairs"),
        "a plain net for the LSTM": taken_for(page, LSTM="SimpleRNN"),
        "an untrained net for the plain one": page
        | {"right": page["right"] | {"SimpleRNN": np.zeros_like(page["right"]["SimpleRNN"])}},
    }
    check_band("two-apples", "band-with-order", inside=[page], outside=outside)


def test_the_lstm_gets_more_pairs_than_a_guess(page):
    nobody = page | {"pairs_right": lambda head: np.zeros(12)}
    outside = {
        "an LSTM that gets none": nobody,
        "a bag that gets some": taken_for(page, bag_of_words="LSTM"),
    }
    check_band("two-apples", "band-pairs", inside=[page], outside=outside)


def test_answers_to_the_same_questions_are_compared(page):
    def of(**others: str) -> dict[str, Any]:
        values = taken_for(page, **others)
        return run([BOOK.page(PAGE).defining("single_right")], {**values, "np": np})

    outside = {
        "pairs and LSTM exchanged": of(pairs="LSTM", LSTM="pairs"),
        "an LSTM as good as pairs": of(LSTM="pairs"),
        "an LSTM without order": of(LSTM="bag of words"),
        "two LSTMs": of(SimpleRNN="LSTM"),
        "LSTM and plain net exchanged": of(LSTM="SimpleRNN", SimpleRNN="LSTM"),
    }
    check_band("two-apples", "band-sign-tests", inside=[page], outside=outside)


def test_the_two_recurrent_nets_fail_at_other_sentences(page):
    outside = {
        "an LSTM for the plain net": taken_for(page, SimpleRNN="LSTM") | {"heads": HEADS},
        "a plain net for the LSTM": taken_for(page, LSTM="SimpleRNN") | {"heads": HEADS},
    }
    values = {name: page[name] for name in ("single", "twins")}
    outside = {wrong: found | values for wrong, found in outside.items()}
    check_band("two-apples", "band-failures", inside=[page], outside=outside)


def test_the_plain_net_goes_by_the_last_word(page):
    rule, plain, lstm = (page["changed"][reader] for reader in ("rule", "SimpleRNN", "LSTM"))
    wrong = {
        "two plain nets": (plain, plain),
        "two LSTMs": (lstm, lstm),
        "two rules": (rule, rule),
        "nets that never change an answer": ((0, 0, 0), (0, 0, 0)),
        "nets that always do": ((1, 1, 1), (1, 1, 1)),
        "first and last word exchanged": (plain[::-1], lstm[::-1]),
    }
    outside = {
        what: page | {"changed": {"rule": rule, "SimpleRNN": one, "LSTM": other}}
        for what, (one, other) in wrong.items()
    }
    outside["a rule that goes by the last word"] = page | {"changed": page["changed"] | {"rule": plain}}
    check_band("two-apples", "band-last-word", inside=[page], outside=outside)


def test_read_to_the_end_all_four_come_out_right(page):
    outside = {
        "a bag of words": page | functions(PAGE, "reading", **page | {"nets": {"LSTM": page["nets"]["bag of words"]}}),
        "always the company": page | {"reading": lambda sentence: (sentence.split(), [1.0])},
        "always the fruit": page | {"reading": lambda sentence: (sentence.split(), [0.0])},
    }
    check_band("two-apples", "band-readings", inside=[page], outside=outside)


def test_runs_of_four_and_an_lstm_get_the_far_twins(page):
    half = page["far_right"]["runs of 2"]
    outside = {
        "pairs for runs of four": page | {"far_right": page["far_right"] | {"runs of 4": half}},
        "an LSTM no better than pairs": page | {"far_right": page["far_right"] | {"LSTM": half}},
    }
    check_band("two-apples", "band-far", inside=[page], outside=outside)


def test_both_ways_the_first_word_knows_what_follows(page):
    right = page["at_right"]
    wrong = np.zeros_like(right["LSTM"])
    outside = {
        "an LSTM from the left for both ways": page | {"at_right": right | {"both ways": right["LSTM"]}},
        "nets that learned nothing": page | {"at_right": {"LSTM": wrong, "both ways": wrong}},
    }
    check_band("two-apples", "band-both-ways", inside=[page], outside=outside)


def test_both_ways_the_senses_lie_apart(page):
    left, both = page["at_apple"]["LSTM"], page["at_apple"]["both ways"]
    outside = {
        "two LSTMs from the left": page | {"at_apple": {"LSTM": left, "both ways": left}},
        "two that read both ways": page | {"at_apple": {"LSTM": both, "both ways": both}},
    }
    check_band("two-apples", "band-plane", inside=[page], outside=outside)


@pytest.mark.slow
def test_the_bands_of_near_apples_hold_over_many_starts():
    many = near_nets(50_001, 30 * PER_START)
    starts = [
        values_of({head: some(net, one, one + PER_START) for head, net in many.items()})
        for one in range(0, 30 * PER_START, PER_START)
    ]
    check_starts("two-apples", "band-without-order", starts)
    check_starts("two-apples", "band-pairs-win", starts)
    check_starts("two-apples", "band-with-order", starts)
    check_starts("two-apples", "band-pairs", starts)
    check_starts("two-apples", "band-sign-tests", starts)
    check_starts("two-apples", "band-failures", starts)
    check_starts("two-apples", "band-last-word", starts)
    check_starts("two-apples", "band-readings", starts)


@pytest.mark.slow
def test_the_bands_of_far_apples_hold_over_many_starts(nets):
    starts = [values_of(nets, **far) for far in far_nets(40_001, 10)]
    check_starts("two-apples", "band-far", starts)
    check_starts("two-apples", "band-both-ways", starts)
    check_starts("two-apples", "band-plane", starts)
