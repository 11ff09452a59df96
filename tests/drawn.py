"""What a figure shows, as plain texts and numbers, so that a test can say what it expects of it.

facts = drawn(nets.draw_layers([("dense", (10,))]))
assert facts["axes"][0]["patches"] == [{"box": [0.55, 1.999, 0.35, 0.201], "fill": "#009e73e6"}]
"""

import hashlib

import numpy as np
from matplotlib import colors
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch, Rectangle
from matplotlib.text import Annotation, Text

SMALL = 64  # numbers of an image that are listed; of a larger one there is a hash


def drawn(figure: Figure) -> dict[str, object]:
    """Return what a figure shows; numbers to three places, colours as #rrggbbaa, what it does not have left out."""
    return _there(
        size=_numbers(figure.get_size_inches()),
        title=_title(figure._suptitle) if figure.get_suptitle() else None,
        shares=[_numbers(shares) for shares in _shares(figure)],
        legends=[_legend(legend) for legend in figure.legends],
        axes=[_axes(axes) for axes in figure.axes],
    )


def _axes(axes: Axes) -> dict[str, object]:
    arrows = [text for text in axes.texts if isinstance(text, Annotation) and text.arrow_patch]
    return _there(
        title=_title(axes.title) if axes.get_title() else None,
        labels=[axes.get_xlabel(), axes.get_ylabel()] if axes.get_xlabel() or axes.get_ylabel() else [],
        limits=_numbers([axes.get_xlim(), axes.get_ylim()]),
        aspect=axes.get_aspect(),
        below=axes.get_axisbelow() is True,
        frame=[side for side, spine in axes.spines.items() if axes.axison and spine.get_visible()],
        ticks=[_ticks(axis) for axis in (axes.xaxis, axes.yaxis) if axes.axison],
        texts=[_text(text) for text in axes.texts if text not in arrows],
        arrows=[_arrow(arrow) for arrow in arrows],
        lines=[_line(line) for line in axes.lines],
        segments=[_numbers(segment) for bars in axes.collections for segment in bars.get_segments()],
        patches=[_patch(patch) for patch in axes.patches],
        images=[_image(image) for image in axes.images],
        legend=_legend(axes.get_legend()) if axes.get_legend() else None,
    )


def _there(**facts: object) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if fact not in (None, False, "", [], {}, 0.0)}


def _numbers(values: object) -> object:
    """Round, and turn −0 into 0."""
    return (np.round(np.asarray(values, float), 3) + 0.0).tolist()


def _colour(colour: object, alpha: float | None = None) -> str:
    return colors.to_hex(colors.to_rgba(colour, alpha), keep_alpha=True)


def _title(text: Text) -> list[object]:
    return [text.get_text(), text.get_fontsize()]


def _shares(figure: Figure) -> list[list[float]]:
    """Return how columns and rows share the figure, where they do not share it evenly."""
    grids = {axes.get_gridspec() for axes in figure.axes if axes.get_gridspec()}
    shares = [share for grid in grids for share in (grid.get_width_ratios(), grid.get_height_ratios())]
    return [share for share in shares if len(set(share)) > 1]


def _ticks(axis: Axis) -> dict[str, object]:
    labels = axis.get_ticklabels()
    style = axis.get_tick_params()
    return _there(
        places=_numbers(axis.get_ticklocs()),
        labels=[label.get_text() for label in labels if label.get_text()],
        align=[labels[0].get_ha(), labels[0].get_rotation()] if labels else [],
        length=[style["length"]] if "length" in style else [],
        grid=_colour(style["grid_color"], style["grid_alpha"]) if "grid_alpha" in style else "",
    )


def _text(text: Text) -> dict[str, object]:
    box = text.get_bbox_patch()
    return _there(
        says=text.get_text(),
        at=_numbers(text.xy if isinstance(text, Annotation) else text.get_position()),
        off=_numbers(text.xyann) if isinstance(text, Annotation) else None,
        align=[text.get_ha(), text.get_va()],
        size=text.get_fontsize(),
        colour=_colour(text.get_color()),
        box=[_colour(box.get_facecolor()), box.get_boxstyle().pad] if box else [],
    )


def _arrow(arrow: Annotation) -> dict[str, object]:
    patch = arrow.arrow_patch
    return _there(
        start=_numbers(arrow.xyann),
        end=_numbers(arrow.xy),
        colour=_colour(patch.get_edgecolor()),
        width=_numbers(patch.get_linewidth()),
        head=_numbers(patch.get_mutation_scale()),
        bend=_numbers(patch.get_connectionstyle().rad) if hasattr(patch.get_connectionstyle(), "rad") else 0,
        gaps=_numbers([patch.shrinkA, patch.shrinkB]) if patch.shrinkA or patch.shrinkB else [],
    )


def _line(line: Line2D) -> dict[str, object]:
    label, style = str(line.get_label()), line.get_linestyle()
    return _there(
        through=_numbers(line.get_xydata()),
        label="" if label.startswith("_") else label,
        style=[style, _numbers(line.get_linewidth())] if style != "None" else [],
        mark=[line.get_marker(), _numbers(line.get_markersize())] if line.get_marker() != "None" else [],
        colour=_colour(line.get_color(), line.get_alpha()),
    )


def _patch(patch: Patch) -> dict[str, object]:
    fill, edge = patch.get_facecolor(), patch.get_edgecolor()
    match patch:
        case Circle():
            shape = {"circle": _numbers([*patch.center, patch.radius])}
        case Rectangle():
            shape = {"box": _numbers([*patch.xy, patch.get_width(), patch.get_height()])}
        case _:
            shape = {"outline": _numbers(patch.get_path().vertices)}
    edged = edge[3] > 0 and patch.get_linewidth() > 0
    return _there(
        **shape,
        fill=_colour(fill) if patch.get_fill() else "",
        edge=[_colour(edge), _numbers(patch.get_linewidth())] if edged else [],
    )


def _image(image: AxesImage) -> dict[str, object]:
    values = np.asarray(_numbers(image.get_array()))
    colourless = values.ndim == 3  # red, green and blue: no colour map
    return _there(
        shape=list(values.shape),
        values=values.tolist() if values.size <= SMALL else hashlib.sha256(values.tobytes()).hexdigest()[:12],
        colours=None if colourless else [image.get_cmap().name, *_numbers(image.get_clim())],
    )


def _legend(legend: Legend) -> dict[str, object]:
    handles = [handle for handle in legend.legend_handles if isinstance(handle, Line2D)]
    return _there(
        labels=[text.get_text() for text in legend.get_texts()],
        marks=[[handle.get_marker(), _colour(handle.get_color(), handle.get_alpha())] for handle in handles],
        columns=legend._ncols,
        place=legend._loc_real if isinstance(legend._loc_real, int) else legend._outside_loc,
        frame=_colour(legend.get_frame().get_facecolor()) if legend.get_frame_on() else "",
    )
