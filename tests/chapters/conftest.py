"""Which tests of the chapters are collected: those in PyTorch only where it can be imported, for the book has none."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["test_notation_in_pytorch.py"]
