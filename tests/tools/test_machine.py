"""What a machine is, which versions it has, and how much memory a task takes."""

import os
import subprocess
import sys
import time
from importlib import metadata
from types import SimpleNamespace

import pytest

from tools import machine

PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
HUNDRED_MB = "block = bytearray(b'x') * 100_000_000"


def test_the_peak_of_this_process_stays_when_the_memory_is_free_again():
    block = bytearray(b"x") * 300_000_000  # of the process that starts it, which does not count
    program = (
        "from tools.machine import peak_memory_mb\nbefore = peak_memory_mb()\n"
        f"{HUNDRED_MB}\ndel block\nprint(peak_memory_mb() - before)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert 80 <= int(said) <= 120
    del block


@pytest.mark.parametrize("windows", [True, False])
def test_the_peak_is_measured_on_other_systems(monkeypatch, windows):
    monkeypatch.setattr(machine.Path, "is_file", lambda path: False)  # no /proc
    if windows:
        monkeypatch.setitem(sys.modules, "resource", None)
        memory = SimpleNamespace(memory_info=lambda: SimpleNamespace(peak_wset=123_400_000))
        monkeypatch.setattr(machine.psutil, "Process", lambda: memory)
    else:
        usage = SimpleNamespace(RUSAGE_SELF=0, getrusage=lambda who: SimpleNamespace(ru_maxrss=123_400_000))
        monkeypatch.setitem(sys.modules, "resource", usage)
    assert machine.peak_memory_mb() == 123


def test_the_peak_of_children_is_seen():
    with machine.PeakMemory() as memory:
        child = subprocess.Popen([sys.executable, "-c", f"{HUNDRED_MB}\nprint(flush=True)\ninput()"], **PIPES)
        child.stdout.readline()  # it has its block
        until = time.monotonic() + 30
        while memory.peak_mb < 100 and time.monotonic() < until:
            time.sleep(0.05)
        child.communicate(b"\n")
    assert 100 <= memory.peak_mb <= 200  # the block, and Python itself


@pytest.mark.parametrize(
    ("installed", "found"),
    [
        ({"tensorflow-cpu"}, "tensorflow-cpu"),
        ({"tensorflow"}, "tensorflow"),
        ({"tensorflow", "tensorflow-cpu"}, "tensorflow-cpu"),
        (set(), None),
    ],
)
def test_either_distribution_of_tensorflow_is_found(monkeypatch, installed, found):
    def version(name: str) -> str:
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return f"version of {name}"

    monkeypatch.setattr(machine, "version", version)
    assert machine.tensorflow_distribution() == found
    assert machine.versions().get("tensorflow") == (f"version of {found}" if found else None)


def test_versions_are_those_that_run():
    import numpy

    assert machine.versions()["numpy"] == numpy.__version__
    assert machine.versions()["python"] == sys.version.split()[0]


def test_the_hardware_names_the_cores():
    assert f", {os.cpu_count()} cores" in machine.hardware()
    assert not machine.hardware().startswith(",")
