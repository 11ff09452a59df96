"""Small helpers for the book "Networks That Remember, Networks That See".

Importing the package imports nothing heavy: NumPy pages start in a second, and only the modules
that need TensorFlow import it.
"""

__version__ = "0.1.0"
