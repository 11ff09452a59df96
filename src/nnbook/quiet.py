"""Import TensorFlow without its start-up messages; `import nnbook.quiet` before `import keras`.

TensorFlow's C++ libraries write to file descriptor 2 while they load, before any log level is read
(tensorflow#100442), so the descriptor itself is turned aside for the length of that one import, that
of Keras, which brings TensorFlow along. Everything printed later, warnings and errors included, is left alone.

Keras then works as the pages assume, whatever variables and settings a session brings: on TensorFlow,
in float32, with the channels last, and for as many epochs as a page asks for.
"""

import os
import sys

_SETTINGS = os.path.join(os.environ.get("KERAS_HOME") or os.path.join("~", ".keras"), "keras.json")

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ |= {"KERAS_BACKEND": "tensorflow", "KERAS_NNX_ENABLED": "0", "TF_USE_LEGACY_KERAS": "0"}
for _limit in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):
    os.environ.pop(_limit, None)

sys.stderr.flush()
_kept = os.dup(2)
_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, 2)
try:
    import keras  # on TensorFlow, which it imports
except (AssertionError, AttributeError, OSError, TypeError, ValueError) as error:  # both read the file as it is
    raise RuntimeError(
        f"Keras cannot use the settings in {_SETTINGS} ({type(error).__name__}): delete that file and "
        "restart the kernel."
    ) from None
finally:
    os.dup2(_kept, 2)
    os.close(_kept)
    os.close(_nowhere)

if keras.config.backend() != "tensorflow":
    raise RuntimeError(
        f"Keras was imported with {keras.config.backend()} before, but the pages need TensorFlow: restart the kernel "
        "and `import nnbook.quiet` before `import keras`."
    )
keras.config.set_floatx("float32")
keras.config.set_dtype_policy("float32")
keras.config.set_epsilon(1e-7)
keras.config.set_image_data_format("channels_last")
