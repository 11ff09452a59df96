"""Small helpers for the book "Networks That Remember, Networks That See".

Importing the package imports nothing heavy: NumPy pages start in a second, and only the modules
that need TensorFlow import it.
"""

__version__ = "0.1.0"

if not __debug__:
    raise RuntimeError(
        "The pages check themselves with `assert`, but this Python skips every assert: start it without -O and without "
        "the variable PYTHONOPTIMIZE."
    )
