"""The ladder from the notes' recipe to the fast one: what each rung changes, one thing, all changes below it kept."""

from itertools import accumulate
from typing import Any

from nnbook.recipes import Recipe

CHANGES: dict[str, dict[str, Any]] = {
    "bytes up to the net": {"bytes_in": True},
    "batches of 128": {"batch_size": 128},
    "rate 0.005": {"rate": 0.005},
    "one cycle": {"one_cycle": True},
    "batch norm": {"batch_norm": True},
    "rate 0.02": {"rate": 0.02},
    "padding, pooled head": {"net": "pooled"},
    "stride, four layers": {"net": "strided"},
    "mirror images": {"mirror": True},
    "shifts": {"shift": 2},
    "smooth labels": {"label_smoothing": 0.1},
    "weight decay": {"weight_decay": 5e-4},
    "averaged weights": {"average": True},
}
_RECIPES = accumulate(CHANGES.values(), lambda recipe, change: recipe._replace(**change), initial=Recipe())
LADDER = dict(zip(("the notes' recipe", *CHANGES), _RECIPES, strict=True))
