"""What a session brings along must reach no page: each test is a Python of its own."""

import json
import os
import subprocess
import sys

import pytest

KERAS = """
import nnbook.quiet
import keras, sys
config, model = keras.config, keras.Sequential([keras.Input((4, 6, 3)), keras.layers.Conv2D(2, 3)])
assert config.backend() == "tensorflow"
assert (config.floatx(), config.epsilon(), config.image_data_format()) == ("float32", 1e-7, "channels_last")
assert (model.output_shape, model.compute_dtype) == ((None, 2, 4, 2), "float32")
model.compile("sgd", "mse")
x = keras.ops.zeros((8, 4, 6, 3))
history = model.fit(x, model(x), batch_size=2, epochs=3, verbose=0)
assert len(history.epoch) == 3 and model.optimizer.iterations == 12
import tensorflow
assert tensorflow.keras.layers.Dense is keras.layers.Dense
"""


def run(program: str, *options: str, **variables: str) -> subprocess.CompletedProcess:
    """Run a program without what this machine's own session brings."""
    names = ("KERAS_", "TF_", "PYTHONOPTIMIZE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return subprocess.run(
        [sys.executable, *options, "-c", program], capture_output=True, text=True, env=environment | variables
    )


def refused(done: subprocess.CompletedProcess, said: str) -> None:
    """It ended in one sentence, the first and only error of a short traceback."""
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and lines[-1].startswith("RuntimeError: ") and said in lines[-1], done.stderr
    assert done.stderr.count("Traceback") == 1 and len(lines) < 10, done.stderr


def test_nothing_is_printed_but_what_comes_later(tmp_path):
    program = """
import nnbook.quiet, keras, os, sys
keras.layers.Dense(1)(keras.ops.ones((1, 2)))
os.write(2, b"one ")
print("two", file=sys.stderr)
"""
    done = run(program, KERAS_HOME=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "one two\n")


def test_settings_of_the_session_do_not_reach_the_page(tmp_path):
    foreign = {"backend": "jax", "floatx": "float16", "epsilon": 0.5, "image_data_format": "channels_first"}
    (tmp_path / "keras.json").write_text(json.dumps(foreign | {"nnx_enabled": True}), "utf-8")
    limits = {"KERAS_MAX_EPOCHS": "1", "KERAS_MAX_STEPS_PER_EPOCH": "1", "KERAS_NNX_ENABLED": "1"}
    legacy = {"TF_USE_LEGACY_KERAS": "1", "KERAS_BACKEND": "torch"}
    done = run(KERAS, KERAS_HOME=str(tmp_path), **limits, **legacy)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_keras_that_was_there_first(tmp_path):
    first = """
import keras
keras.config.set_dtype_policy("mixed_float16")
keras.config.set_epsilon(0.1)
backend, keras.config.backend = keras.config.backend, lambda: "torch"  # there is no torch here to import
try:
    import nnbook.quiet
except RuntimeError as error:
    print(error)
keras.config.backend = backend
"""
    done = run(first + KERAS, KERAS_HOME=str(tmp_path), TF_CPP_MIN_LOG_LEVEL="3")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "Keras was imported with torch before, but the pages need TensorFlow: restart the kernel and "
        "`import nnbook.quiet` before `import keras`.\n"
    )


def test_settings_that_keras_cannot_use(tmp_path):
    (tmp_path / "keras.json").write_text('{"floatx": "float8"}', "utf-8")
    done = run("import nnbook.quiet", KERAS_HOME=str(tmp_path))
    refused(done, f"settings in {tmp_path / 'keras.json'} (ValueError): delete that file and restart the kernel")


@pytest.mark.parametrize("module", ["nnbook", "nnbook.datasets, nnbook.figures, nnbook.gradients"])
def test_only_quiet_brings_tensorflow(module):
    program = f"import sys, {module}; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert run(program).returncode == 0


@pytest.mark.parametrize("variables", [{}, {"PYTHONOPTIMIZE": "2"}])
def test_a_python_that_skips_asserts_is_refused(variables):
    done = run("import nnbook.datasets", *([] if variables else ["-O"]), **variables)
    refused(done, "skips every assert: start it without -O and without the variable PYTHONOPTIMIZE")
