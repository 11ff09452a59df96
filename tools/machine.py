"""The machine that something is measured on: its processor, the versions installed, and the memory a task takes."""

import os
import platform
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

TENSORFLOW = ("tensorflow-cpu", "tensorflow")  # one import, two distributions; pyproject.toml says which goes where


def hardware() -> str:
    """Return the processor and the number of cores; the wheels of requirements.txt use no GPU."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        named = [line for line in cpuinfo.read_text("utf-8").splitlines() if line.startswith("model name")]
        processor = named[0].split(":", 1)[1].strip() if named else processor
    return f"{processor}, {os.cpu_count()} cores, no GPU"


def tensorflow_distribution() -> str | None:
    """Return which distribution of TensorFlow is installed, "tensorflow-cpu" or "tensorflow", or None."""
    return next((name for name in TENSORFLOW if _installed(name)), None)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the installed packages that decide a result.

    >>> list(versions())
    ['python', 'keras', 'numpy', 'tensorflow']
    """
    distributions = {"keras": "keras", "numpy": "numpy", "tensorflow": tensorflow_distribution()}
    found = {package: _installed(name) for package, name in distributions.items()}
    return {"python": platform.python_version()} | {package: one for package, one in found.items() if one}


def _installed(distribution: str | None) -> str | None:
    try:
        return version(distribution) if distribution else None
    except PackageNotFoundError:
        return None


def peak_memory_mb() -> int:
    """Return the greatest resident memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():  # on Linux, `getrusage` would count the peak of the process that started this one
        peak = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM:"))
        return round(int(peak.split()[1]) * 1024 / 1e6)
    try:
        import resource
    except ImportError:  # Windows
        return round(psutil.Process().memory_info().peak_wset / 1e6)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)  # macOS counts bytes


class PeakMemory:
    """Watch the memory of this process's children, a kernel among them, five times a second."""

    def __enter__(self) -> "PeakMemory":
        self.peak_mb = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._done.wait(0.2):
            total = 0
            for child in me.children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.Error:  # it ended meanwhile, or is a zombie
                    continue
            self.peak_mb = max(self.peak_mb, round(total / 1e6))
