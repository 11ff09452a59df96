"""Answers to the exercises: right ones that differ, and wrong ones named after the misconception behind them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from nnbook.exercises.verdicts import Verdict


class Wrong(NamedTuple):
    """A wrong answer, and words of the hint that was made for its mistake; none if only the general one fits."""

    name: str
    answer: Any
    hint: str


class Answers:
    """What is tried on one check."""

    def __init__(self, check: Callable[[Any], Verdict]) -> None:
        self.check = check
        self.rights: dict[str, Any] = {}
        self.wrongs: list[Wrong] = []

    def right(self, function: Callable) -> Callable:
        """Note a function as a right answer, under its own name."""
        self.rights[function.__name__] = function
        return function

    def wrong(self, hint: str) -> Callable[[Callable], Callable]:
        """Note a function as a wrong answer that must earn a message with these words."""

        def note(function: Callable) -> Callable:
            self.wrongs.append(Wrong(function.__name__, function, hint))
            return function

        return note

    def right_values(self, **values: Any) -> None:
        """Note values as right answers: name=value."""
        self.rights |= values

    def wrong_value(self, name: str, value: Any, hint: str) -> None:
        """Note a value as a wrong answer that must earn a message with these words."""
        self.wrongs.append(Wrong(name, value, hint))
