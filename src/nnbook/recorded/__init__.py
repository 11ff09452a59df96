"""Results of runs too long for a page, as JSON files written by `python -m tools record`."""

import json
from importlib import resources
from typing import Any


def read(name: str) -> dict[str, Any]:
    """Return a recorded result.

    Raises:
        ValueError: there is no record of that name; the message lists those that exist.

    >>> read("cifar10-notes-recipe")["provenance"]["name"]
    'CIFAR-10'
    """
    folder = resources.files(__package__)
    path = folder / f"{name}.json"
    if not path.is_file():
        names = sorted(file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json"))
        raise ValueError(f"there is no record {name!r}; recorded are: {', '.join(names)}.")
    return json.loads(path.read_text(encoding="utf-8"))
