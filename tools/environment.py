"""The book's own environment: the folder .venv, and what its programs see of the surroundings they are started in.

Standard library only, for this runs before anything is installed. Whatever is not named here, kernels, builds, tests
and installs do not see: no matplotlibrc, IPython profile, kernel, Keras file or Python switch of yours changes a page.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ".venv"
STAMP = "book.json"  # in the environment: the folder it belongs to, and what was installed
OLDEST, NEWEST = (3, 11, 5), (3, 13)  # soupsieve 4.1 needs 3.11.5; TensorFlow 2.21 has no wheel after 3.13
WHICH = "Python 3.11.5 or newer, 3.12 or 3.13"
INSIDE = "NNBOOK_INSIDE"  # set where everything below holds

LET_THROUGH = {
    "a terminal and its user": "PATH HOME USER LOGNAME SHELL TERM LANG LANGUAGE TZ TMPDIR TEMP TMP CI",
    "Windows": "SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT OS USERPROFILE USERNAME HOMEDRIVE HOMEPATH APPDATA "
    "LOCALAPPDATA PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE",
    "a screen, for make lab": "DISPLAY WAYLAND_DISPLAY XAUTHORITY XDG_RUNTIME_DIR BROWSER",
    "the network": "HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE "
    "CURL_CA_BUNDLE",
    "where pip finds packages": "PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_NO_INDEX PIP_PROXY PIP_CERT "
    "PIP_CLIENT_CERT PIP_TRUSTED_HOST PIP_TIMEOUT PIP_DEFAULT_TIMEOUT PIP_RETRIES PIP_CACHE_DIR PIP_NO_CACHE_DIR "
    "PIP_CONFIG_FILE PIP_KEYRING_PROVIDER",
    "the processor": "LD_LIBRARY_PATH OMP_NUM_THREADS OPENBLAS_NUM_THREADS OPENBLAS_CORETYPE OPENBLAS_L2_SIZE "
    "MKL_NUM_THREADS CUDA_VISIBLE_DEVICES",
    "caches": "XDG_CACHE_HOME PLAYWRIGHT_BROWSERS_PATH",
}
PREFIXES = ("LC_", "NNBOOK_")
NAMES = {name for names in LET_THROUGH.values() for name in names.split()}


def surroundings(given: Mapping[str, str], root: Path = ROOT) -> dict[str, str]:
    """Return the variables that every program of the book sees: of the given ones those let through, and our own."""
    home = root / VENV / "home"
    with contextlib.suppress(OSError):  # IPython and Matplotlib complain where their folders cannot be made
        home.mkdir(parents=True, exist_ok=True)
    ours = {
        "PYTHONUTF8": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": given.get("PYTHONDONTWRITEBYTECODE", ""),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "JUPYTER_DATA_DIR": str(home / "jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "KERAS_HOME": str(home / "keras"),
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        INSIDE: str(root),
    }
    kept = {name: value for name, value in given.items() if name.upper() in NAMES or name.startswith(PREFIXES)}
    return kept | {name: value for name, value in ours.items() if value}


def python(root: Path = ROOT) -> Path:
    """Return the Python of the book's environment."""
    return root / VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_inside(root: Path = ROOT) -> bool:
    """Does this process run in the book's environment, with nothing of the user's around it?"""
    return Path(sys.prefix).resolve() == (root / VENV).resolve() and os.environ.get(INSIDE) == str(root)


def unsupported(version: tuple[int, int, int]) -> str:
    """Say what is wrong with a version of Python; an empty string if nothing is.

    >>> unsupported((3, 11, 4))
    'Python 3.11.5 or newer, 3.12 or 3.13 is needed, but this is 3.11.4'
    >>> unsupported((3, 13, 0))
    ''
    """
    fits = version >= OLDEST and version[:2] <= NEWEST
    return "" if fits else f"{WHICH} is needed, but this is {'.'.join(map(str, version))}"


def prepare(root: Path = ROOT, tests: bool = False) -> None:
    """Make the environment, or bring it up to date: once, and again if versions changed or the folder was moved.

    Args:
        root: the folder of the book.
        tests: also what only tests need.

    Raises:
        SystemExit: a Python that does not fit, or an installation that broke off; the message says what to do.
    """
    lists = ["requirements.txt", *(["requirements-dev.txt"] if tests else [])]
    wanted = {name: _hash(root / name) for name in lists} | {"pyproject.toml": _hash(root / "pyproject.toml")}
    stamp = root / VENV / STAMP
    made = json.loads(stamp.read_text("utf-8")) if stamp.is_file() else {}
    if (
        made.get("folder") == str(root)
        and made.get("installed", {}).items() >= wanted.items()
        and python(root).exists()
    ):
        return
    if problem := unsupported(sys.version_info[:3]):
        raise SystemExit(f"{problem}: run make PYTHON=python3.12 book, or py -3.12 -m tools book, with one you have.")
    if made.get("folder") != str(root):
        if (root / VENV).exists():
            print(f"The environment in {VENV} was made for another folder or was not finished; it is made again.")
            shutil.rmtree(root / VENV)
        print(f"Making the environment in {VENV}: 2 to 5 minutes, about 2 GB, once.", flush=True)
        _run([sys.executable, "-m", "venv", str(root / VENV)], root)
        made = {"folder": str(root), "installed": {}}
    pip = [str(python(root)), "-m", "pip", "install", "-qq", "--progress-bar", "off"]
    for name in lists:
        if made["installed"].get(name) != wanted[name]:
            if made["installed"]:
                print(f"Installing what {name} lists.", flush=True)
            _run([*pip, "-r", name], root)
    if made["installed"].get("pyproject.toml") != wanted["pyproject.toml"]:
        _run([*pip, "--no-deps", "--editable", "."], root)
    made["installed"] |= wanted
    stamp.with_suffix(".new").write_text(json.dumps(made, indent=1), "utf-8")
    stamp.with_suffix(".new").replace(stamp)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]


def _run(command: list[str], root: Path) -> None:
    if subprocess.run(command, cwd=root, env=surroundings(os.environ, root)).returncode:
        raise SystemExit(
            "The installation broke off; the lines above say why. Run the same command again: it goes on. "
            "(README.md, Troubleshooting, has the usual reasons.)"
        )


def enter(arguments: list[str], root: Path = ROOT) -> int:
    """Run `python -m tools` with these arguments in the book's environment; return its exit code."""
    command = [str(python(root)), "-m", "tools", *arguments]
    try:
        return subprocess.run(command, cwd=root, env=surroundings(os.environ, root)).returncode
    except KeyboardInterrupt:  # the task has heard it, too
        return 130


def folder_problem(root: Path = ROOT) -> str:
    """Say why nothing can be made in the book's folder; an empty string if it can."""
    place = next((one for one in (root / "_build", root) if one.exists()), root)
    if os.access(place, os.W_OK):
        return ""
    return f"{place} cannot be written. Copy the book to a folder of yours, and run the same command there."


def assertions_problem() -> str:
    """Say so if this Python skips assertions, which would make every check of a page pass unseen."""
    return "" if __debug__ else "Assertions are switched off (python -O), so no check would be made; run without -O."


def version_in(pyproject: str) -> str:
    """Return what a pyproject.toml says of Python's version.

    >>> version_in('requires-python = ">=3.11.5,<3.14"')
    '>=3.11.5,<3.14'
    """
    found = re.search(r'^requires-python = "(.+?)"', pyproject, flags=re.M)
    return found[1] if found else ""
