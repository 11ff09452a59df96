"""What checks are made of: run an answer safely, look at its kind and its shape before its values, know mistakes.

It imports NumPy only, so that the checks of exercises that need no more run wherever NumPy does.
"""

import functools
import linecache
import sys
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

SECONDS = 5.0  # for one call of an answer; whoever writes a loop without end is told so after that time
CALL_AGAIN = "Call it yourself with this input and look at each step."


class Verdict(NamedTuple):
    """What a check says of an answer."""

    state: str
    sentences: str

    def __repr__(self) -> str:
        """Return what a notebook shows."""
        return f"{self.state}. {self.sentences}".strip()


class Mistake(NamedTuple):
    """A mistake that people make: what it gives, why that is wrong, and one next step."""

    gives: Any
    why: str
    next_step: str


class Wrong(Exception):
    """An answer is wrong: what was seen, why it is wrong, and one next step."""

    def __init__(self, seen: str, why: str, next_step: str = "") -> None:
        """Keep the three as one text."""
        super().__init__(" ".join(part for part in (seen, why, next_step) if part))


class NotAttempted(Exception):
    """An answer still has its dots."""


class _TooLong(BaseException):
    """Not an Exception, so that an answer which catches those does not catch it."""


def check(look: Callable[..., str | None]) -> Callable[..., Verdict]:
    """Make a check of a function that looks at an answer and raises `Wrong` where it is wrong.

    Args:
        look: takes one answer or several; returns nothing, or a sentence to say if all is right.

    Returns:
        A function of the same answers that returns a verdict and raises nothing, whatever it is given.

    >>> @check
    ... def count(n):
    ...     equal("n", n, 3)
    >>> count(3), count(...)
    (Right., Not attempted yet. Put your answer in the place of the dots, run that cell, then this one.)
    """

    @functools.wraps(look)
    def verdict(*answers: Any) -> Verdict:
        try:
            if any(answer is None or answer is ... for answer in answers):
                raise NotAttempted
            return Verdict("Right", look(*answers) or "")
        except NotAttempted:
            todo = "Put your answer in the place of the dots, run that cell, then this one."
            return Verdict("Not attempted yet", todo)
        except Wrong as wrong:
            return Verdict("Wrong", str(wrong))

    return verdict


def call(
    function: Any, *arguments: Any, named: str = "", shown: str = "", seconds: float = 0, copied: bool = True
) -> Any:
    """Call an answer that is a function; arrays are copied before, so that it cannot change ours.

    Args:
        function: the answer.
        arguments: what it is called with.
        named: its name in messages; its own if that is left out.
        shown: the call in messages, such as "f(x) with x of shape (3, 2)"; made from the arguments if it is left out.
        seconds: after so many seconds in the learner's own lines the call is given up; SECONDS if left out.
        copied: hand over copies; without, you can see whether an answer changes what it is given.

    Returns:
        What it returned; never None.

    Raises:
        NotAttempted: it returned nothing, or says that it is not written.
        Wrong: it is no function, takes other arguments, raised something, or did not come to an end.
    """
    name = named or getattr(function, "__name__", "your answer")
    if not callable(function):
        raise Wrong(f"{name} is {_kind(function)}.", "The exercise asks for a function.", "Write it with def.")
    seconds = seconds or SECONDS
    shown = shown or f"{name}({', '.join(map(_short, arguments))})"
    copies = [one.copy() if copied and isinstance(one, np.ndarray) else one for one in arguments]
    try:
        result = _within(seconds, function, copies)
    except NotImplementedError:
        raise NotAttempted from None
    except _TooLong:
        raise Wrong(
            f"{shown} was still running after {seconds:.0f} seconds.",
            "A loop in it does not seem to end.",
            "Look at what ends your loop, and whether that can happen.",
        ) from None
    except (Exception, SystemExit) as error:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise Wrong(f"{shown} stopped with {said}{_place(error, function)}.", "", CALL_AGAIN) from None
    if result is None or result is ...:
        if _is_stub(function):
            raise NotAttempted
        raise Wrong(f"{shown} gave None.", "A function that gives something says so with return.", "Add the return.")
    return result


def array(what: str, answer: Any, shape: tuple[int, ...] | None = None) -> NDArray[np.float64]:
    """Return an answer as an array of finite numbers.

    Args:
        what: what the answer is called in messages.
        answer: numbers, in whatever form NumPy takes them.
        shape: the shape it must have, if that is asked.

    Raises:
        Wrong: it holds no numbers, has another shape, or holds NaN or infinity.
    """
    if answer is ... or answer is None:
        raise NotAttempted
    try:
        numbers = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        raise Wrong(
            f"{what} is {_kind(answer)}.", "It should be numbers that make an array.", "Look at print(type(...)) of it."
        ) from None
    if shape is not None and numbers.shape != tuple(shape):
        raise Wrong(
            f"{what} has the shape {numbers.shape}.",
            f"It should be {_named(tuple(shape))}.",
            f"Look at its shape{' and follow it through your lines' if len(shape) > 1 else ', and at what it holds'}.",
        )
    if not np.isfinite(numbers).all():
        raise Wrong(
            f"{what} holds NaN or infinity.",
            "Something in it is no number, or became too large to be one.",
            "Look at what it holds.",
        )
    return numbers


def shape_of(answer: Any) -> tuple[int, ...] | None:
    """Return the shape of an answer, or None if it is no array of numbers."""
    try:
        return np.asarray(answer, dtype=np.float64).shape
    except (TypeError, ValueError):
        return None


def equal(
    what: str,
    answer: Any,
    right: ArrayLike,
    mistakes: Iterable[Mistake] = (),
    *,
    tolerance: float = 1e-5,
    next_step: str = CALL_AGAIN,
) -> None:
    """Compare an answer with the right one: shape first, then values, within a tolerance.

    Args:
        what: what the answer is called in messages, such as "f(2)".
        answer: what the learner gave.
        right: what it should be; no message shows it.
        mistakes: what known mistakes would give; the first that fits is named.
        tolerance: how far a number may lie from the right one, relative to the largest number that is right.
        next_step: what to do where no mistake fits.

    Raises:
        Wrong: shape or values differ.
        NotAttempted: the answer still is the dots.
    """
    expected = np.asarray(right, dtype=np.float64)
    numbers = array(what, answer)
    for mistake in mistakes:
        given = np.asarray(mistake.gives, dtype=np.float64)
        confusable = given.shape == expected.shape and _close(given, expected, tolerance)
        if not confusable and given.shape == numbers.shape and _close(numbers, given, tolerance):
            raise Wrong(f"{what} is {_short(answer)}.", mistake.why, mistake.next_step)
    array(what, numbers, expected.shape)
    if not _close(numbers, expected, tolerance):
        off = int(_far(numbers, expected, tolerance).sum())
        verb = "is" if off == 1 else "are"
        why = f"{off} of its {expected.size} numbers {verb} not right." if expected.ndim else "That is not it."
        raise Wrong(f"{what} is {_short(answer)}.", why, next_step)


def chosen(what: str, answer: Any, right: str, options: dict[str, str]) -> None:
    """Compare a choice with the right one.

    Args:
        what: what is chosen, such as "the layer".
        answer: the word or letter that the learner gave.
        right: the right one.
        options: each wrong option, and why it is wrong and what to look at.

    Raises:
        Wrong: another option was chosen, or none of them.
        NotAttempted: the answer still is the dots.
    """
    if answer is ... or answer is None:
        raise NotAttempted
    given = str(answer).strip().lower()
    if given == right.lower():
        return
    for option, why in options.items():
        if given == option.lower():
            raise Wrong(f"You chose {option!r} for {what}.", why)
    all_of_them = ", ".join(sorted([right, *options]))
    raise Wrong(f"{what} is {_short(answer)}.", f"It should be one of: {all_of_them}.", "Choose one of them.")


def _far(numbers: NDArray[np.float64], expected: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Say which numbers are further from the right ones than a share of the largest of these."""
    largest = max(float(np.abs(expected).max(initial=0)), 1e-6)
    return np.abs(numbers - expected) > tolerance * largest


def _named(shape: tuple[int, ...]) -> str:
    """Return what a shape is in words: "one number", "a row of 3 numbers", "(2, 3)"."""
    if not shape:
        return "one number, which Python writes without commas"
    return f"a row of {shape[0]} numbers" if len(shape) == 1 else str(shape)


def _close(numbers: NDArray[np.float64], expected: NDArray[np.float64], tolerance: float) -> bool:
    return not _far(numbers, expected, tolerance).any()


def _within(seconds: float, function: Any, arguments: list[Any]) -> Any:
    """Call a function and give up after some seconds in its own lines: no thread, so that it works in a browser too."""
    code = getattr(function, "__code__", None)
    if code is None or sys.gettrace() is not None:  # a built-in one; a debugger at work
        return function(*arguments)
    deadline = time.monotonic() + seconds

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > deadline:
            raise _TooLong
        return line

    def entered(frame: FrameType, event: str, argument: Any) -> Any:
        return line if _is_learners(frame.f_code.co_filename, code.co_filename) else None

    sys.settrace(entered)
    try:
        return function(*arguments)
    finally:
        sys.settrace(None)


def _is_learners(file: str, answer: str) -> bool:
    """Is a line the learner's: in the file or the cell of the answer, or in another cell?"""
    return file == answer or file.startswith("<") or "ipykernel" in file


def _is_stub(function: Any) -> bool:
    """Has a function nothing but dots or pass in it? Then it makes and reads nothing."""
    code = getattr(function, "__code__", None)
    return code is not None and not code.co_names and len(code.co_code) <= 16 and not code.co_freevars


def _place(error: BaseException, function: Any) -> str:
    """Say in which line of the learner's code an error rose."""
    code = getattr(function, "__code__", None)
    found, step = None, error.__traceback__
    while step is not None:
        if code is not None and _is_learners(step.tb_frame.f_code.co_filename, code.co_filename):
            found = step
        step = step.tb_next
    if found is None:
        return ""
    text = linecache.getline(found.tb_frame.f_code.co_filename, found.tb_lineno).strip()
    return f" in its line {text!r}" if text else f" in line {found.tb_lineno}"


def _kind(value: Any) -> str:
    """Say what kind of thing a value is: "a str", "a list of 3"."""
    length = f" of {len(value)}" if isinstance(value, list | tuple | dict | str) else ""
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}{length}"


def _short(value: Any) -> str:
    """Return a value in a few words; of a large array its shape."""
    try:
        numbers = np.asarray(value)
        if numbers.dtype.kind in "iufb" and numbers.size > 8:
            return f"an array of shape {numbers.shape}"
        if numbers.dtype.kind == "f" and (numbers == np.round(numbers)).all() and (abs(numbers) < 1e15).all():
            numbers = numbers.astype(np.int64)
        if numbers.dtype.kind == "f":
            return np.array2string(numbers, precision=5, separator=", ").replace("\n", "")
        if numbers.dtype.kind in "iub":
            return np.array2string(numbers, separator=", ").replace("\n", "")
    except (TypeError, ValueError):
        pass
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
