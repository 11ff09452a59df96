"""Import TensorFlow without its start-up messages; `import nnbook.quiet` before `import keras`.

TensorFlow's C++ libraries write to file descriptor 2 while they load, before any log level is read
(tensorflow#100442), so the descriptor itself is turned aside for the length of that one import.
Everything printed later, warnings and errors included, is left alone.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

if "tensorflow" not in sys.modules:
    sys.stderr.flush()
    _kept = os.dup(2)
    _nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(_nowhere, 2)
    try:
        import tensorflow  # noqa: F401
    finally:
        os.dup2(_kept, 2)
        os.close(_kept)
        os.close(_nowhere)
