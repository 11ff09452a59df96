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
        place = f"{name}-{number}"
        buttons.append(
            f'<input type="radio" name="{name}" id="{place}"{chosen}><label for="{place}">{escape(label)}</label>'
        )
        drawings.append(f'<div class="frame {place}" role="img" aria-label="{escape(sentence)}">{drawing}</div>')
        rules.append(f"#{place}:checked ~ .{place}")
    style = (
        ".stepper {border: 1px solid #8886; padding: 0.5em 1em; margin: 0} .stepper legend {font-size: 1em}"
        ".stepper .frame {display: none} .stepper label {margin: 0 1em 0 0.3em}"
        ".stepper svg {max-width: 100%; height: auto; color: inherit}"
        f"{', '.join(rules)} {{display: block}}"
    )
    return HTML(
        f'<fieldset class="stepper"><legend>{escape(question)}</legend>{"".join(buttons)}{"".join(drawings)}</fieldset>'
        f"<style>{style}</style>"
    )


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
        shade = 1 if known else 0.3
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
