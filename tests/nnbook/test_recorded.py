"""Recorded runs: what their files say, and what is asked for by a wrong name."""

import json
from pathlib import Path

import pytest

from nnbook import recorded

FILES = sorted(Path(recorded.__file__).parent.glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_record_is_what_its_file_says(file):
    assert recorded.read(file.stem) == json.loads(file.read_bytes())


def test_the_names_are_those_of_the_files_and_nothing_else():
    with pytest.raises(ValueError) as error:
        recorded.read("nothing")
    assert str(error.value).endswith(f"recorded are: {', '.join(file.stem for file in FILES)}.")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: recorded.read("nothing"),
            "no record 'nothing'; recorded are: averaging-cifar10, averaging-shapes10, bench, cifar-cnn-cifar10",
        ),
    ],
)
def test_wrong_calls_say_what_to_do(call, said):
    with pytest.raises(ValueError) as error:
        call()
    assert said in str(error.value)
