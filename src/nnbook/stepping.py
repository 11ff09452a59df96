"""Figures to step through: one drawing per step, chosen by arrow keys or a click, without any script."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
from IPython.display import HTML

from nnbook.checks import numbers
from nnbook.figures.style import BLUE, INK, PAPER

GREEN, GREY = "#00795A", "#5B6370"  # dark enough for white letters on them
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# Without this style, as where JupyterLab shows a notebook that has not been run, every step stands under its label.
STYLE = (
    ".stepper fieldset {display: flex; flex-wrap: wrap; min-width: 0; margin: 0; padding: 0.5em 1em;"
    " border: 1px solid #8886}"
    " .stepper legend {font-size: 1em} .stepper label {white-space: nowrap; margin: 0 1em 0.5em 0}"
    " .stepper .frame {order: 1; width: 100%} .stepper img {max-width: 100%; height: auto}"
    " .stepper label:not(:has(:checked)) + .frame {display: none}"
)


class Frame(NamedTuple):
    """One step of a figure.

    label: of its button.
    drawing: an SVG of this size, without the element around it.
    size: width and height of the drawing.
    sentence: stands in for the drawing.
    below: a line under the drawing, for numbers that the sentence has too.
    """

    label: str
    drawing: str
    size: tuple[int, int]
    sentence: str
    below: str = ""


def step_through(question: str, frames: Sequence[Frame]) -> HTML:
    """Show one frame at a time, with a row of buttons that the keyboard moves through.

    Drawings are pictures, which also show where a program takes style, inline SVG and switches out of foreign HTML. The
    buttons of a form are a group of their own, so any number of figures can stand in one notebook.

    Args:
        question: what the reader steps through; read aloud before the steps.
        frames: the steps, the first of which is shown.

    Returns:
        HTML for a notebook and for the site; a group of radio buttons shows the frame that is chosen.

    Raises:
        ValueError: no frame, or a frame without label or sentence.
    """
    if not frames:
        raise ValueError("frames is empty; pass at least one Frame.")
    if any(not frame.label or len(frame.sentence.split()) < 4 for frame in frames):
        raise ValueError("each frame needs a label and a sentence that says what the drawing shows.")
    steps = "".join(_step(frame, chosen=number == 0) for number, frame in enumerate(frames))
    group = f"<fieldset><legend>{escape(question)}</legend>{steps}</fieldset>"
    # A form of the method "dialog" is sent nowhere when somebody presses Enter.
    return HTML(f'<form class="stepper" method="dialog">{group}</form><style>{STYLE}</style>')


def _step(frame: Frame, chosen: bool) -> str:
    width, height = frame.size
    # A picture does not know the colours of the page around it, so it brings its paper, as all figures do.
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" text-anchor="middle"><rect width="{width}" height="{height}" rx="6" fill="{PAPER}"/>'
        f"{frame.drawing}</svg>"
    ).replace('"', "'")  # which an attribute holds as it is
    button = f'<label><input type="radio" name="step"{" checked" if chosen else ""}> {escape(frame.label)}</label>'
    address = "data:image/svg+xml," + quote(svg, safe=" '=:/,()")
    image = f'<img src="{address}" width="{width}" height="{height}" alt="{escape(frame.sentence)}">'
    below = f'<p aria-hidden="true">{escape(frame.below)}</p>' if frame.below else ""
    return f'{button}<div class="frame">{image}{below}</div>'


def unfolded_steps(x: np.ndarray, h: np.ndarray, outputs: np.ndarray) -> HTML:
    """Step through an unfolded net with its numbers: what comes in, what is remembered, what goes out.

    Args:
        x: inputs (steps, m).
        h: hidden states (steps, n).
        outputs: (steps, k).

    Raises:
        ValueError: not the same number of steps, or none; not two axes each; or values that are not finite numbers.
    """
    x, h, outputs = numbers(x, "x"), numbers(h, "h"), numbers(outputs, "outputs")
    if not x.ndim == h.ndim == outputs.ndim == 2:
        raise ValueError(
            f"each must have two axes, steps and numbers, but have shapes {x.shape}, {h.shape} and {outputs.shape}."
        )
    if not len(x) == len(h) == len(outputs) > 0:
        raise ValueError(f"there must be equally many steps, at least one, but got {len(x)}, {len(h)}, {len(outputs)}.")
    start = np.zeros(h.shape[1])
    frames = []
    for done in range(len(x) + 1):
        label = f"step {done}" if done else "start"
        sentence = (
            f"Step {done}: the input {_row(x[done - 1])} and the memory {_row(h[done - 2] if done > 1 else start)} "
            f"give the state {_row(h[done - 1])} and the output {_row(outputs[done - 1])}."
            if done
            else f"Before the first step the memory is {_row(start)}."
        )
        frames.append(Frame(label, _unfolded(x, h, outputs, done), (150 * (len(x) + 1), 240), sentence))
    return step_through("Step through the sequence:", frames)


def _row(values: np.ndarray) -> str:
    return "(" + ", ".join(f"{value:g}" for value in values) + ")"


def _unfolded(x: np.ndarray, h: np.ndarray, outputs: np.ndarray, done: int) -> str:
    """Draw the net with the numbers of the first `done` steps; the newest step is framed."""
    parts = [_box(75, 120, "h", 0, _row(np.zeros(h.shape[1])), BLUE, done == 0)]
    for t in range(1, len(x) + 1):
        centre, known = 75 + 150 * t, t <= done
        for y, letter, values, colour in ((200, "x", x, GREY), (120, "h", h, BLUE), (40, "O", outputs, GREEN)):
            parts.append(_box(centre, y, letter, t, _row(values[t - 1]) if known else "?", colour, t == done))
        shade = 1 if known else 0.6
        parts += [
            _arrow(centre, 180, centre, 144, "U", shade),
            _arrow(centre, 100, centre, 64, "W", shade),
            _arrow(centre - 98, 120, centre - 54, 120, "V", shade),
        ]
    return f'<g font-size="14">{"".join(parts)}</g>'


def _box(x: int, y: int, letter: str, t: int, text: str, colour: str, newest: bool) -> str:
    frame = f' stroke="{INK}" stroke-width="3"' if newest else ""
    return (
        f'<rect x="{x - 52}" y="{y - 20}" width="104" height="40" rx="6" fill="{colour}"{frame}/>'
        f'<text x="{x}" y="{y + 5}" fill="#fff">{letter}{str(t).translate(SUBSCRIPTS)} = {text}</text>'
    )


def _arrow(x1: int, y1: int, x2: int, y2: int, label: str, shade: float) -> str:
    head = f"M{x2} {y2} l-5 8 h10 z" if x1 == x2 else f"M{x2} {y2} l-8 -5 v10 z"
    at = (x1 + 12, (y1 + y2) // 2 + 5) if x1 == x2 else ((x1 + x2) // 2, y1 - 8)
    return (
        f'<g opacity="{shade}"><path d="M{x1} {y1} L{x2} {y2}" stroke="{INK}" stroke-width="2"/>'
        f'<path d="{head}" fill="{INK}"/>'
        f'<text x="{at[0]}" y="{at[1]}" fill="{INK}" font-style="italic">{label}</text></g>'
    )


def sliding_kernel_steps(picture: np.ndarray, kernel: np.ndarray) -> HTML:
    """Step through the places of a kernel on a picture: what it covers, the products, and the number they give.

    Rows and columns count from 0, as in the equation.

    Args:
        picture: (rows, columns), whole numbers read best.
        kernel: (rows, columns), not larger than the picture.

    Raises:
        ValueError: not two axes each, a kernel that does not fit, or values that are not finite numbers.
    """
    picture, kernel = numbers(picture, "picture"), numbers(kernel, "kernel")
    if (
        picture.ndim != 2
        or kernel.ndim != 2
        or 0 in kernel.shape
        or (np.subtract(picture.shape, kernel.shape) < 0).any()
    ):
        raise ValueError(
            f"picture and kernel must have two axes, the kernel within the picture, but have shapes {picture.shape} "
            f"and {kernel.shape}."
        )
    windows = np.lib.stride_tricks.sliding_window_view(picture.astype(float), kernel.shape)  # bytes would run over
    output = (windows * kernel).sum(axis=(2, 3))
    frames = []
    for row, column in np.ndindex(output.shape):
        pairs = zip(windows[row, column].ravel(), kernel.ravel(), strict=True)
        products = " + ".join(f"{_signed(pixel)}·{_signed(weight)}" for pixel, weight in pairs)
        below = f"{products} = {output[row, column]:g}"
        sentence = f"Row {row}, column {column}: {below}."
        drawing, size = _grids(picture, kernel, output, row, column)
        frames.append(Frame(f"{row}, {column}", drawing, size, sentence, below))
    return step_through("Slide the kernel to row, column:", frames)


def _signed(number: float) -> str:
    return f"({number:g})" if number < 0 else f"{number:g}"


def _grids(
    picture: np.ndarray, kernel: np.ndarray, output: np.ndarray, row: int, column: int
) -> tuple[str, tuple[int, int]]:
    """Draw the picture with the covered part framed, and the output as far as it is known; return its size, too."""
    side, margin = 38, 8
    known = np.arange(output.size).reshape(output.shape) <= row * output.shape[1] + column
    left = side * (picture.shape[1] + 1)
    size = (left + side * output.shape[1] + 2 * margin, side * picture.shape[0] + 2 * margin)
    frame = (column, row, kernel.shape[1], kernel.shape[0])
    grids = (
        _grid(picture, 0, side, np.ones(picture.shape, bool), frame),
        _grid(output, left, side, known, (column, row, 1, 1)),
    )
    return f'<g transform="translate({margin} {margin})" font-size="15" fill="{INK}">{"".join(grids)}</g>', size


def _grid(numbers: np.ndarray, left: int, side: int, known: np.ndarray, frame: tuple[int, int, int, int]) -> str:
    rows, columns = numbers.shape
    lines = "".join(f"M{left} {side * i}h{side * columns}" for i in range(rows + 1))
    lines += "".join(f"M{left + side * j} 0v{side * rows}" for j in range(columns + 1))
    texts = "".join(
        f'<text x="{left + side * j + side // 2}" y="{side * i + 24}">{numbers[i, j]:g}</text>'
        for i, j in np.ndindex(numbers.shape)
        if known[i, j]
    )
    x, y, wide, high = (side * one for one in frame)
    return (
        f'<path d="{lines}" stroke="{INK}" stroke-opacity="0.4" fill="none"/>{texts}'
        f'<rect x="{left + x}" y="{y}" width="{wide}" height="{high}" fill="{BLUE}" fill-opacity="0.2" '
        f'stroke="{INK}" stroke-width="3"/>'
    )
