"""The checks of the exercises: every planted wrong answer is refused, with its hint; no right one is."""

import importlib
import pkgutil
import re

import numpy as np
import pytest

from nnbook import exercises
from tests.chapters import answers
from tests.chapters.answers import Answers

MODULES = [one.name for one in pkgutil.iter_modules(exercises.__path__) if one.name != "verdicts"]
LEAST_RIGHT, LEAST_WRONG = 3, 5
TRACEBACK = re.compile(r"Traceback|File \"|nnbook/exercises")


def tried(module):
    """Return what is tried on the checks of a module: name and answers."""
    found = importlib.import_module(f"{answers.__name__}.{module}")
    return {name: one for name, one in vars(found).items() if isinstance(one, Answers)}


EVERY = [(module, name, one) for module in MODULES for name, one in tried(module).items()]
IDS = [f"{module}-{name}" for module, name, _ in EVERY]


@pytest.mark.parametrize("module", MODULES)
def test_each_check_is_tried(module):
    checks = {
        name
        for name, one in vars(importlib.import_module(f"nnbook.exercises.{module}")).items()
        if hasattr(one, "__wrapped__") and not name.startswith("_")
    }
    assert {one.check.__name__ for one in tried(module).values()} == checks


@pytest.mark.parametrize(("module", "name", "one"), EVERY, ids=IDS)
def test_right_answers_are_right(module, name, one):
    assert len(one.rights) >= LEAST_RIGHT
    refused = {which: said for which, answer in one.rights.items() if (said := one.check(answer)).state != "Right"}
    assert refused == {}


@pytest.mark.parametrize(("module", "name", "one"), EVERY, ids=IDS)
def test_wrong_answers_are_refused_with_their_hint(module, name, one):
    assert len(one.wrongs) >= LEAST_WRONG
    for wrong in one.wrongs:
        said = one.check(wrong.answer)
        assert said.state == "Wrong", (wrong.name, said)
        assert wrong.hint in said.sentences, (wrong.name, said)
        assert not TRACEBACK.search(said.sentences), (wrong.name, said)


def test_nine_of_ten_mistakes_have_a_hint_of_their_own(capsys):
    rows = [
        (module, name, len(one.rights), len(one.wrongs), sum(bool(w.hint) for w in one.wrongs))
        for module, name, one in EVERY
    ]
    with capsys.disabled():
        print("\n\npage                        check                     right  wrong  own hint")
        for module, name, right, wrong, own in rows:
            print(f"{module:27} {name:25} {right:5}  {wrong:5}  {own:8}")
        total = [sum(row[column] for row in rows) for column in (2, 3, 4)]
        print(f"{len(rows)} checks{'':44}{total[0]:7}  {total[1]:5}  {total[2]:8}")
    assert total[2] >= 0.9 * total[1]


def raises(*arguments):
    raise KeyError("mine")


def never_ends(*arguments):
    while True:
        pass


def nothing(*arguments): ...


def forgets_to_return(*arguments):
    kept = [arguments]
    kept.clear()


STRANGE = {
    "dots": ...,
    "none": None,
    "a word": "what?",
    "words": ["a", "b"],
    "a ragged list": [[1, 2], [3]],
    "a dict": {"h": 1},
    "a class": dict,
    "nan": np.nan,
    "raises": raises,
    "nothing": nothing,
    "forgets to return": forgets_to_return,
    "takes nothing": lambda: 1,
    "gives a word": lambda *arguments: "what?",
    "gives a list of words": lambda *arguments: ["a", "b"],
    "gives an empty array": lambda *arguments: np.empty(0),
    "gives a huge array": lambda *arguments: np.zeros((50, 50, 50)),
    "gives nan": lambda *arguments: np.full((2, 2), np.nan),
    "gives itself": lambda *arguments: arguments,
}


@pytest.mark.parametrize(("module", "name", "one"), EVERY, ids=IDS)
def test_whatever_an_answer_is_a_sentence_comes_back(module, name, one):
    for what, answer in STRANGE.items():
        said = one.check(answer)
        unwritten = what in ("dots", "none", "nothing")
        assert said.state in (
            ["Not attempted yet"]
            if what in ("dots", "none")
            else ["Wrong"]
            if not unwritten
            else ["Wrong", "Not attempted yet"]
        ), (what, said)
        assert len(said.sentences) > 20 and not TRACEBACK.search(said.sentences), (what, said)


def test_a_loop_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(exercises.verdicts, "SECONDS", 0.2)
    functions = [one for _, _, one in EVERY if all(map(callable, one.rights.values()))]
    assert functions
    for one in functions[:3]:
        assert "does not seem to end" in one.check(never_ends).sentences
