"""The one door to the two picture sets of the book: Shapes10 and CIFAR-10."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import platformdirs
from filelock import FileLock

from nnbook import downloads, shapes10
from nnbook.downloads import Archive

TITLES = {"shapes10": "Shapes10", "cifar10": "CIFAR-10"}
NAMES = tuple(TITLES)

CIFAR10_CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
CIFAR10_ARCHIVE = Archive(
    "cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
)
CIFAR10_ADDRESSES = (
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
)
CIFAR10_FOLDER = "cifar-10-batches-bin"
CIFAR10_TRAIN_FILES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
CIFAR10_FILES = (*CIFAR10_TRAIN_FILES, "test_batch.bin")
RECORDS = 10_000
RECORD_BYTES = 1 + 3 * 32 * 32
HASHES = "SHA256.json"  # written by us beside files unpacked from the verified archive


class Provenance(NamedTuple):
    """Where pictures come from; printing it gives the two lines that a page shows."""

    name: str
    source: str
    verified: bool
    train_count: int
    test_count: int

    def __str__(self) -> str:
        state = "verified" if self.verified else "not verified"
        return f"{self.name}: {self.train_count:,} + {self.test_count:,} pictures\n{self.source} ({state})"


class Dataset(NamedTuple):
    """Pictures (n, 32, 32, 3) uint8, labels (n,) int64, names of the ten classes, and where they come from."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple[str, ...]
    provenance: Provenance


def chosen() -> str:
    """Return the name of the picture set that the variable NNBOOK_DATA asks for, else "shapes10".

    Raises:
        ValueError: there is no such set.
    """
    return _known(os.environ.get("NNBOOK_DATA") or "shapes10")


def _known(name: str) -> str:
    if name not in NAMES:
        raise ValueError(f"the data set must be one of {', '.join(NAMES)}, but got {name!r}; see NNBOOK_DATA.")
    return name


def load(name: str | None = None) -> Dataset:
    """Load a picture set; nothing is ever downloaded here.

    Args:
        name: "shapes10" or "cifar10"; without a name, what the variable NNBOOK_DATA says, else "shapes10".

    Returns:
        The pictures as uint8 (0 to 255), their labels, the class names and the provenance.

    Raises:
        ValueError: unknown name, or files that are not CIFAR-10's.
        FileNotFoundError: CIFAR-10 is not on this machine.
        PermissionError: it is, but may not be read.

    >>> load("shapes10").train_images.shape
    (10000, 32, 32, 3)
    """
    name = chosen() if name is None else _known(name)
    return _load_shapes10() if name == "shapes10" else _load_cifar10()


def hold_back(data: Dataset, share: float = 0.2) -> tuple[Dataset, np.ndarray, np.ndarray]:
    """Split the last of the training pictures off as validation pictures, as Keras' `validation_split` does.

    Args:
        data: a picture set.
        share: the share of the training pictures to hold back, above 0 and under 1.

    Returns:
        The set without them, the validation pictures (n, 32, 32, 3), and their labels (n,).

    Raises:
        ValueError: a share that leaves no picture on one side.

    >>> train, images, labels = hold_back(load("shapes10"))
    >>> len(train.train_labels), len(labels)
    (8000, 2000)
    """
    count = len(data.train_labels)
    kept = round(count * (1 - share)) if 0 < share < 1 else 0
    if not 0 < kept < count:
        raise ValueError(f"share must leave pictures on both sides, but {share!r} of {count:,} does not; try 0.2.")
    train = data._replace(train_images=data.train_images[:kept], train_labels=data.train_labels[:kept])
    return train, data.train_images[kept:], data.train_labels[kept:]


def _load_shapes10() -> Dataset:
    train_images, train_labels, test_images, test_labels = shapes10.generate()
    provenance = Provenance(
        TITLES["shapes10"], "drawn by nnbook.shapes10, seed 10", True, len(train_labels), len(test_labels)
    )
    return Dataset(train_images, train_labels, test_images, test_labels, shapes10.CLASS_NAMES, provenance)


def folder_named_by(variable: str) -> Path | None:
    """Return the folder that an environment variable names, as an absolute path, or None if it is not set.

    `~` and `$NAME` are replaced; a relative folder is one below the current folder.

    Raises:
        ValueError: a user or a variable in it is not known.
    """
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    path = os.path.expanduser(os.path.expandvars(text))
    if path.startswith("~") or (re.search(r"\$\{?\w", path) and not os.path.exists(path)):
        raise ValueError(f"{variable} is {text!r}, but no such user or variable is known; set it to the whole path.")
    return Path(path).absolute()


def cache_folder() -> Path:
    """Return the folder that keeps downloads: $NNBOOK_CACHE, else the system's place for caches.

    Raises:
        ValueError: NNBOOK_CACHE holds an unknown user or variable.
    """
    return folder_named_by("NNBOOK_CACHE") or Path(platformdirs.user_cache_dir("nnbook", appauthor=False))


def find_cifar10() -> Path:
    """Return the folder of the six .bin files: in $NNBOOK_CIFAR10 or its subfolder, else in the cache.

    Raises:
        FileNotFoundError: not there; the message says how to get it.
        NotADirectoryError: NNBOOK_CIFAR10 names a file.
        PermissionError: there, but not to be read.
        ValueError: a file has the wrong size, or a variable holds an unknown user or variable.
    """
    given = folder_named_by("NNBOOK_CIFAR10")
    places = [given, given / CIFAR10_FOLDER] if given else [cache_folder() / CIFAR10_FOLDER]
    with _reading(places[0]):
        if given and given.is_file():
            raise NotADirectoryError(
                f"NNBOOK_CIFAR10 names {given}, which is a file; set it to the folder of the six .bin files of the "
                "unpacked binary release."
            )
        for place in places:
            if (place / CIFAR10_FILES[-1]).is_file():
                _check_sizes(place)
                return place
    where = f"NNBOOK_CIFAR10 names {given}, which" if given else f"the cache {places[0]}"
    raise FileNotFoundError(
        f"CIFAR-10 is not on this machine: {where} has no {CIFAR10_FILES[-1]}. To get it, {_get_it()} (162 MB; in a "
        "notebook: nnbook.datasets.fetch_cifar10()), or set NNBOOK_CIFAR10 to the folder of the six .bin files of the "
        "binary release."
    )


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Say in one sentence that a folder of somebody else's may not be read."""
    try:
        yield
    except PermissionError as error:
        raise PermissionError(
            f"Cannot read {error.filename or folder} ({error.strerror}). Ask its owner to let you read it, or set "
            "NNBOOK_CACHE to a folder of your own and run `make cifar10`.",
        ) from None


def _get_it() -> str:
    return "unset NNBOOK_CIFAR10 and run `make cifar10`" if os.environ.get("NNBOOK_CIFAR10") else "run `make cifar10`"


def _check_sizes(folder: Path) -> None:
    for name in CIFAR10_FILES:
        path = folder / name
        size = path.stat().st_size if path.is_file() else None
        if size != RECORDS * RECORD_BYTES:
            found = "is missing" if size is None else f"has {size:,} bytes"
            raise ValueError(
                f"{path} {found}, but each of the six files must have {RECORDS * RECORD_BYTES:,} bytes "
                f"({RECORDS:,} records of 1 + 3,072); to get the binary release again, {_get_it()}."
            )


def _load_cifar10() -> Dataset:
    folder = find_cifar10()
    with _reading(folder):
        train_images, train_labels = _read_records(folder, CIFAR10_TRAIN_FILES)
        test_images, test_labels = _read_records(folder, CIFAR10_FILES[-1:])
        verified = _is_verified(folder)
        source = _note(folder) or ("the official binary release" if verified else "a folder given by NNBOOK_CIFAR10")
    provenance = Provenance(TITLES["cifar10"], source, verified, len(train_labels), len(test_labels))
    return Dataset(train_images, train_labels, test_images, test_labels, CIFAR10_CLASS_NAMES, provenance)


def _note(folder: Path) -> str:
    """Return the first line of the file PROVENANCE in a folder, or nothing."""
    note = folder / "PROVENANCE"
    lines = note.read_text(encoding="utf-8", errors="replace").strip().splitlines() if note.is_file() else []
    return lines[0] if lines else ""


def _read_records(folder: Path, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Read records of one label byte and 3 × 1,024 colour bytes, as cs.toronto.edu/~kriz/cifar.html describes."""
    records = np.concatenate([np.fromfile(folder / name, np.uint8).reshape(RECORDS, RECORD_BYTES) for name in names])
    labels = records[:, 0].astype(np.int64)
    if labels.max() > 9:
        raise ValueError(
            f"{folder} holds labels up to {labels.max()}, but CIFAR-10's go from 0 to 9; these are not its files "
            "(CIFAR-100 has two label bytes a record): get the binary release of CIFAR-10."
        )
    return np.ascontiguousarray(records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)), labels


def _is_verified(folder: Path) -> bool:
    """Are the files what we unpacked from the archive with the right hash? Wrong bytes there are an error."""
    listed = folder / HASHES
    if not listed.is_file():
        return False
    try:
        hashes = dict(json.loads(listed.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise ValueError(f"{listed} cannot be read as a list of hashes; {_get_it()} again.") from None
    if hashes.get("archive") != CIFAR10_ARCHIVE.sha256:
        return False
    damaged = [name for name in CIFAR10_FILES if downloads.sha256_of(folder / name) != hashes.get(name)]
    if damaged:
        raise ValueError(f"{folder}: {', '.join(damaged)} changed since it was unpacked; {_get_it()} again.")
    return True


def fetch_cifar10() -> Path:
    """Make sure that the verified CIFAR-10 is in the cache, downloading it (162 MB) if need be.

    A set that is there is only looked at, so others may share a cache that they may not write. An interrupted
    download goes on where it stopped; of two at once, one waits for the other. The variable NNBOOK_MIRROR names a
    folder on another host that is asked first, for instance a teacher's laptop.

    Returns:
        The folder of the six .bin files.

    Raises:
        OSError: no address works, no room, or a folder that cannot be written; the message says what to do.
        ValueError: NNBOOK_CACHE holds an unknown user or variable.
    """
    cache = cache_folder()
    folder = cache / CIFAR10_FOLDER
    if _is_intact(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(cache / "cifar10.lock").acquire()
    except OSError as error:
        raise OSError(
            error.errno,
            f"Cannot write into {cache} ({error.strerror}), and CIFAR-10 is not there. Set NNBOOK_CACHE to a folder "
            "that you may write to, or to one that has CIFAR-10.",
        ) from None
    with lock:  # released at the end, whatever happens
        if _is_intact(folder):  # fetched by another meanwhile
            return folder
        archive = downloads.download(CIFAR10_ARCHIVE, _addresses(), cache)
        downloads.unpack(archive, folder, CIFAR10_FILES)
        _check_sizes(folder)
        hashes = {name: downloads.sha256_of(folder / name) for name in CIFAR10_FILES}
        (folder / HASHES).write_text(json.dumps({"archive": CIFAR10_ARCHIVE.sha256} | hashes, indent=1), "utf-8")
        archive.unlink()
    return folder


def _is_intact(folder: Path) -> bool:
    try:
        with _reading(folder):
            _check_sizes(folder)
            return _is_verified(folder)
    except ValueError:
        return False


def _addresses() -> list[str]:
    mirror = os.environ.get("NNBOOK_MIRROR", "").strip()
    return ([mirror.rstrip("/") + "/" + CIFAR10_ARCHIVE.name] if mirror else []) + list(CIFAR10_ADDRESSES)


def main() -> None:
    """Say that CIFAR-10 is there, or fetch it into the cache."""
    try:
        if folder_named_by("NNBOOK_CIFAR10"):
            folder = find_cifar10()
            state = "verified" if _is_verified(folder) else "not verified"
            print(f"CIFAR-10 is there, {state}: {folder} (unset NNBOOK_CIFAR10 to use the cache instead)")
            return
        if _is_intact(cache_folder() / CIFAR10_FOLDER):
            print(f"CIFAR-10 is there, verified: {cache_folder() / CIFAR10_FOLDER}")
            return
        print(f"CIFAR-10: about 162 MB, kept in {cache_folder()}; an interrupted download goes on where it stopped.")
        print(f"Ready: {fetch_cifar10()}")
    except (OSError, ValueError) as error:
        raise SystemExit(f"Not done: {getattr(error, 'strerror', None) or error}") from None


if __name__ == "__main__":
    main()
