"""Results of runs too long for a page: a file an experiment, found by itself, and the engine that records them."""

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.records.engine import Experiment


def experiments() -> "dict[str, Experiment]":
    """Return all experiments by name: what the modules of this folder list in EXPERIMENTS.

    Raises:
        ValueError: two experiments have one name, and so one record.

    >>> "bench" in experiments()
    True
    """
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    listed = [experiment for module in modules for experiment in getattr(module, "EXPERIMENTS", ())]
    names = [experiment.name for experiment in listed]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(
            f"each experiment of tools/records must have a name of its own, but {twice} stand there twice."
        )
    return dict(zip(names, listed, strict=True))
