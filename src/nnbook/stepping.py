"""Figures to step through: one drawing per step, chosen by arrow keys or a click, without any script."""

from collections.abc import Sequence
from html import escape

import numpy as np
from IPython.display import HTML

BLUE, GREEN, GREY = "#0072B2", "#00795A", "#5B6370"  # dark enough for white letters on them


def step_through(name: str, question: str, frames: Sequence[tuple[str, str, str]]) -> HTML:
    """Show one frame at a time, with a row of buttons that the keyboard moves through.

    Args:
        name: letters and hyphens, different for each stepping figure of a page.
        question: what the reader steps through; read aloud before the steps.
        frames: of each step its label, its SVG drawing, and a sentence that stands in for the drawing.

    Returns:
        HTML for a notebook and for the site; a group of radio buttons shows the frame that is chosen.

    Raises:
        ValueError: a name with other characters, no frame, or a frame without label or sentence.
    """
    if not name or not name.replace("-", "").isalpha():
        raise ValueError(f"name must consist of letters and hyphens, but is {name!r}.")
    if not frames:
        raise ValueError("frames is empty; pass at least one (label, drawing, sentence).")
    if any(not label or len(sentence.split()) < 4 for label, _, sentence in frames):
        raise ValueError("each frame needs a label and a sentence that says what the drawing shows.")
    buttons, drawings, rules = [], [], []
    for number, (label, drawing, sentence) in enumerate(frames):
        chosen = " checked" if number == 0 else ""
        place, text = f"{name}-{number}", escape(label)
        button = f'<input type="radio" name="{name}" id="{place}"{chosen}>'
        buttons.append(f'<span>{button}<label for="{place}">{text}</label></span>')
        drawings.append(f'<div class="frame {place}" role="img" aria-label="{escape(sentence)}">{drawing}</div>')
        rules.append(f".stepper:has(#{place}:checked) .{place}")
    style = (
        ".stepper {border: 1px solid #8886; padding: 0.5em 1em; margin: 0} .stepper legend {font-size: 1em}"
        ".stepper .frame {display: none} .stepper span {white-space: nowrap} .stepper label {margin: 0 0.8em 0 0.3em}"
        ".stepper svg {max-width: 100%; height: auto; color: inherit}"
        f"{', '.join(rules)} {{display: block}}"
    )
    parts = f"<legend>{escape(question)}</legend>{' '.join(buttons)}{''.join(drawings)}"
    return HTML(f'<fieldset class="stepper">{parts}</fieldset><style>{style}</style>')


def unfolded_steps(x: np.ndarray, h: np.ndarray, outputs: np.ndarray) -> HTML:
    """Step through an unfolded net with its numbers: what comes in, what is remembered, what goes out.

    Args:
        x: inputs (steps, m).
        h: hidden states (steps, n).
        outputs: (steps, k).

    Raises:
        ValueError: not the same number of steps, or none.
    """
    if not len(x) == len(h) == len(outputs) > 0:
        raise ValueError(f"there must be equally many steps, at least one, but got {len(x)}, {len(h)}, {len(outputs)}.")
    frames = []
    for done in range(len(x) + 1):
        label = f"step {done}" if done else "start"
        sentence = (
            f"Step {done}: the input {_row(x[done - 1])} and the memory {_row(h[done - 2] if done > 1 else 0 * h[0])} "
            f"give the state {_row(h[done - 1])} and the output {_row(outputs[done - 1])}."
            if done
            else f"Before the first step the memory is {_row(0 * h[0])}."
        )
        frames.append((label, _unfolded(x, h, outputs, done), sentence))
    return step_through("unfolded", "Step through the sequence:", frames)


def _row(values: np.ndarray) -> str:
    return "(" + ", ".join(f"{value:g}" for value in values) + ")"


def _unfolded(x: np.ndarray, h: np.ndarray, outputs: np.ndarray, done: int) -> str:
    """Draw the net with the numbers of the first `done` steps; the newest step is framed."""
    width = 150 * (len(x) + 1)
    parts = [_box(75, 120, "h", 0, _row(0 * h[0]), BLUE, done == 0)]
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
    return (
        f'<svg viewBox="0 0 {width} 240" width="{width}" height="240" aria-hidden="true" font-family="sans-serif" '
        f'font-size="14" text-anchor="middle">{"".join(parts)}</svg>'
    )


def _box(x: int, y: int, letter: str, t: int, text: str, colour: str, newest: bool) -> str:
    frame = ' stroke="currentColor" stroke-width="3"' if newest else ""
    return (
        f'<rect x="{x - 52}" y="{y - 20}" width="104" height="40" rx="6" fill="{colour}"{frame}/>'
        f'<text x="{x}" y="{y + 5}" fill="#fff">{letter}{"₀₁₂₃₄₅₆₇₈₉"[t % 10]} = {text}</text>'
    )


def _arrow(x1: int, y1: int, x2: int, y2: int, label: str, shade: float) -> str:
    head = f"M{x2} {y2} l-5 8 h10 z" if x1 == x2 else f"M{x2} {y2} l-8 -5 v10 z"
    at = (x1 + 12, (y1 + y2) // 2 + 5) if x1 == x2 else ((x1 + x2) // 2, y1 - 8)
    return (
        f'<g opacity="{shade}"><path d="M{x1} {y1} L{x2} {y2}" stroke="currentColor" stroke-width="2"/>'
        f'<path d="{head}" fill="currentColor"/>'
        f'<text x="{at[0]}" y="{at[1]}" fill="currentColor" font-style="italic">{label}</text></g>'
    )


def sliding_kernel_steps(picture: np.ndarray, kernel: np.ndarray) -> HTML:
    """Step through the places of a kernel on a picture: what it covers, the products, and the number they give.

    Args:
        picture: (rows, columns), whole numbers read best.
        kernel: (rows, columns), not larger than the picture.

    Raises:
        ValueError: not two axes each, or a kernel that does not fit.
    """
    picture, kernel = np.asarray(picture), np.asarray(kernel)
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
    windows = np.lib.stride_tricks.sliding_window_view(picture, kernel.shape)
    output = (windows * kernel).sum(axis=(2, 3))
    frames = []
    for row, column in np.ndindex(output.shape):
        pairs = zip(windows[row, column].ravel(), kernel.ravel(), strict=True)
        products = " + ".join(f"{_signed(pixel)}·{_signed(weight)}" for pixel, weight in pairs)
        sentence = f"Row {row + 1}, column {column + 1}: {products} = {output[row, column]:g}."
        drawing = _grids(picture, kernel, output, row, column)
        frames.append(
            (f"{row + 1}, {column + 1}", f"{drawing}<p>{escape(products)} = {output[row, column]:g}</p>", sentence)
        )
    return step_through("sliding", "Slide the kernel to row, column:", frames)


def _signed(number: float) -> str:
    return f"({number:g})" if number < 0 else f"{number:g}"


def _grids(picture: np.ndarray, kernel: np.ndarray, output: np.ndarray, row: int, column: int) -> str:
    """Draw the picture with the covered part framed, and the output as far as it is known."""
    side = 38
    known = np.arange(output.size).reshape(output.shape) <= row * output.shape[1] + column
    left = side * (picture.shape[1] + 1)
    width, height = left + side * output.shape[1] + 4, side * picture.shape[0] + 4
    frame = (column, row, kernel.shape[1], kernel.shape[0])
    return (
        f'<svg viewBox="-2 -2 {width} {height}" width="{width}" height="{height}" aria-hidden="true" '
        f'font-family="sans-serif" font-size="15" text-anchor="middle" fill="currentColor">'
        f"{_grid(picture, 0, side, np.ones(picture.shape, bool), frame)}"
        f"{_grid(output, left, side, known, (column, row, 1, 1))}</svg>"
    )


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
        f'<path d="{lines}" stroke="currentColor" stroke-opacity="0.4" fill="none"/>{texts}'
        f'<rect x="{left + x}" y="{y}" width="{wide}" height="{high}" fill="{BLUE}" fill-opacity="0.2" '
        f'stroke="currentColor" stroke-width="3"/>'
    )
