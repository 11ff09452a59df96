"""The door to the two picture sets: what it finds, what it refuses, and what it says."""

import hashlib
import http.server
import json
import multiprocessing
import os
import subprocess
import sys
import tarfile
import threading
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import datasets, downloads, shapes10
from nnbook.downloads import Archive

RELEASE = "cifar-10-batches-bin"
FILES = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"]
FILES.append("test_batch.bin")
OFFICIAL_RECORDS = datasets.RECORDS
FEW = 3  # records a file, in place of 10,000


def records(label: int, count: int = FEW) -> bytes:
    made = np.zeros((count, 3_073), np.uint8)
    made[:, 0] = label
    return made.tobytes()


def lay_out(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for number, name in enumerate(FILES):
        (folder / name).write_bytes(records(number))
    return folder


@pytest.fixture(autouse=True)
def clean(tmp_path, monkeypatch):
    """No variable of the session, a cache of the test's own, and few pictures a file."""
    for name in ("NNBOOK_CIFAR10", "NNBOOK_MIRROR", "NNBOOK_DATA", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NNBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(datasets, "RECORDS", FEW)


class Release(NamedTuple):
    """A release on a server of this machine, and what was asked of it."""

    address: str
    archive: Archive
    asked: list[str]


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A release in the official layout, with black pictures, at the first official address."""
    room = tmp_path / "server"
    lay_out(room / RELEASE)
    packed = room / "cifar-10-binary.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        tar.add(room / RELEASE, RELEASE)
    archive = Archive(packed.name, packed.stat().st_size, hashlib.sha256(packed.read_bytes()).hexdigest())
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *rest: object) -> None:
            super().__init__(*rest, directory=str(room))

        def log_message(self, _: str, line: str, *rest: object) -> None:
            if str(line).startswith("GET"):
                asked.append(line.split()[1])

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        prepare(monkeypatch.setattr, archive, f"{address}/cifar-10-binary.tar.gz")
        yield Release(address, archive, asked)
        server.shutdown()


def prepare(setattr_, archive: Archive, address: str) -> None:
    """Make the data door expect this archive at this address, and lose patience fast."""
    setattr_(datasets, "CIFAR10_ARCHIVE", archive)
    setattr_(datasets, "CIFAR10_ADDRESSES", (address,))
    setattr_(datasets, "RECORDS", FEW)
    setattr_(downloads, "PAUSE_SECONDS", 0.001)


def test_the_real_archive_is_the_official_one():
    assert tuple(datasets.CIFAR10_ARCHIVE) == (
        "cifar-10-binary.tar.gz",
        170_052_171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    )
    assert datasets.CIFAR10_ADDRESSES[0] == "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    assert all(address.startswith("https://") and address.endswith(".tar.gz") for address in datasets.CIFAR10_ADDRESSES)
    assert list(datasets.CIFAR10_FILES) == FILES and datasets.RECORD_BYTES == 3_073
    assert OFFICIAL_RECORDS == 10_000
    assert datasets.CIFAR10_CLASS_NAMES[3] == "cat" and datasets.CIFAR10_CLASS_NAMES[9] == "truck"


# Which set.
def test_names_and_titles():
    assert datasets.NAMES == ("shapes10", "cifar10")
    assert datasets.TITLES == {"shapes10": "Shapes10", "cifar10": "CIFAR-10"}


@pytest.fixture
def few_shapes(monkeypatch):
    """Shapes10 of two pictures and one, in place of some seconds of drawing."""
    pictures, labels = np.zeros((3, 32, 32, 3), np.uint8), np.arange(3)
    monkeypatch.setattr(shapes10, "generate", lambda: (pictures[:2], labels[:2], pictures[2:], labels[2:]))


@pytest.mark.parametrize(
    ("variable", "name"), [(None, "shapes10"), ("", "shapes10"), ("shapes10", "shapes10"), ("cifar10", "cifar10")]
)
def test_chosen_reads_the_variable(variable, name, few_shapes, monkeypatch):
    if variable is not None:
        monkeypatch.setenv("NNBOOK_DATA", variable)
    assert datasets.chosen() == name
    lay_out(datasets.cache_folder() / RELEASE)
    assert datasets.load().provenance.name == {"shapes10": "Shapes10", "cifar10": "CIFAR-10"}[name]
    assert datasets.load("shapes10").provenance.name == "Shapes10"


@pytest.mark.parametrize("name", ["mnist", "CIFAR-10", "shapes10 cifar10", "shapes"])
def test_an_unknown_set_is_refused(name, monkeypatch):
    said = f"the data set must be one of shapes10, cifar10, but got {name!r}; see NNBOOK_DATA"
    with pytest.raises(ValueError, match=said):
        datasets.load(name)
    monkeypatch.setenv("NNBOOK_DATA", name)
    for call in (datasets.chosen, datasets.load):
        with pytest.raises(ValueError, match=said):
            call()


def test_a_name_wins_over_the_variable(few_shapes, monkeypatch):
    monkeypatch.setenv("NNBOOK_DATA", "mnist")
    assert datasets.load("shapes10").provenance.name == "Shapes10"


def test_shapes10_says_where_it_comes_from():
    data = datasets.load("shapes10")
    lines = "Shapes10: 10,000 + 2,000 pictures\ndrawn by nnbook.shapes10, seed 10 (verified)"
    assert str(data.provenance) == lines
    assert data.provenance[2:] == (True, 10_000, 2_000)
    assert data.train_images.shape == (10_000, 32, 32, 3) and data.test_images.shape == (2_000, 32, 32, 3)


# Holding back: n pictures and a share s leave n − s·n, rounded.
@pytest.mark.parametrize(
    ("count", "share", "held"), [(10, 0.2, 2), (10, 0.24, 2), (10, 0.26, 3), (2, 0.5, 1), (10, 0.94, 9), (3, 0.8, 2)]
)
def test_held_back_on_paper(count, share, held):
    assert len(datasets.hold_back(numbered(count), share)[2]) == held


@pytest.mark.parametrize(("count", "share"), [(3, 0.9), (10, 0.96), (3, 0.1), (1, 0.5)])
def test_held_back_of_few_may_leave_nothing(count, share):
    with pytest.raises(ValueError, match=f"{share} of {count} does not; try 0.2"):
        datasets.hold_back(numbered(count), share)


def numbered(count: int) -> datasets.Dataset:
    numbers = np.arange(count)
    return datasets.Dataset(numbers[:, None] + 100, numbers, numbers[:2], numbers[:2], (), None)


@given(st.integers(2, 300), st.floats(0.01, 0.99))
def test_held_back_pictures_are_the_last_and_in_no_other_part(count, share):
    data = numbered(count)
    if not 0.6 < count * (1 - share) < count - 0.6:  # too near to all or nothing, where rounding decides
        return
    train, images, labels = datasets.hold_back(data, share)
    assert abs(len(labels) - share * count) <= 0.5 + 1e-9
    assert np.array_equal(np.concatenate([train.train_labels, labels]), np.arange(count))
    assert np.array_equal(np.concatenate([train.train_images, images])[:, 0], np.arange(count) + 100)
    assert np.array_equal(train.test_labels, data.test_labels)


def test_a_fifth_is_held_back_as_keras_does():
    assert datasets.hold_back(numbered(10))[2].tolist() == [8, 9]


@pytest.mark.parametrize("share", [0, 1, 1.0, -0.2, 1.2, 1e-9, 0.999_999, float("nan")])
def test_a_share_that_leaves_nothing_is_refused(share):
    with pytest.raises(ValueError, match=r"share must leave pictures on both sides, but .* of 1,000 does not; try 0.2"):
        datasets.hold_back(numbered(1_000), share)


# Paths.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("~/pictures", "{home}/pictures"),
        ("~", "{home}"),
        ("$SHELF/a b", "{home}/shelf/a b"),
        ("${SHELF}/x", "{home}/shelf/x"),
        ("pictures", "{here}/pictures"),
        ("./pictures/", "{here}/pictures"),
        (" pictures ", "{here}/pictures"),
        ("/a%20b/c d", "/a%20b/c d"),
        ("/price/5$", "/price/5$"),
    ],
)
def test_a_folder_is_expanded_and_absolute(text, expected, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("SHELF", str(tmp_path / "home" / "shelf"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NNBOOK_CACHE", text)
    assert datasets.cache_folder() == Path(expected.format(home=tmp_path / "home", here=tmp_path))
    assert datasets.cache_folder().is_absolute()


@pytest.mark.parametrize("text", ["~nobody-of-this-name/x", "$NO_SUCH_VARIABLE/x", "${NO_SUCH_VARIABLE}", "/a/$1"])
@pytest.mark.parametrize("variable", ["NNBOOK_CACHE", "NNBOOK_CIFAR10"])
def test_a_folder_that_cannot_be_expanded_is_refused(text, variable, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, text)
    with pytest.raises(ValueError) as error:
        datasets.find_cifar10()
    assert str(error.value) == (
        f"{variable} is {text!r}, but no such user or variable is known; set it to the whole path."
    )
    with pytest.raises(SystemExit, match=f"Not done: {variable} is "):
        datasets.main()
    assert not list(tmp_path.iterdir()), "a folder of that name was made"


def test_a_folder_with_a_dollar_in_its_name(tmp_path, monkeypatch):
    folder = lay_out(tmp_path / "US$prices")
    monkeypatch.setenv("NNBOOK_CIFAR10", str(folder))
    assert datasets.find_cifar10() == folder


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_variable_is_none(text, monkeypatch):
    lay_out(datasets.cache_folder() / RELEASE)
    monkeypatch.setenv("NNBOOK_CIFAR10", text)
    assert datasets.find_cifar10() == datasets.cache_folder() / RELEASE
    monkeypatch.setenv("NNBOOK_CACHE", text)
    assert datasets.cache_folder().name == "nnbook" and datasets.cache_folder().is_absolute()


@pytest.mark.parametrize("given", ["{folder}", "{parent}", "$GIVEN", "given%20 here/", "~/given%20 here"])
def test_a_given_folder_or_its_parent_is_found(given, tmp_path, monkeypatch):
    parent = tmp_path / "given%20 here"
    folder = lay_out(parent / RELEASE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("GIVEN", str(parent))
    monkeypatch.setenv("NNBOOK_CIFAR10", given.format(folder=folder, parent=parent))
    assert datasets.find_cifar10() == folder
    assert len(datasets.load("cifar10").train_labels) == 5 * FEW


# Files.
def test_a_given_folder_is_not_verified(tmp_path, monkeypatch):
    folder = lay_out(tmp_path / "given" / RELEASE)
    monkeypatch.setenv("NNBOOK_CIFAR10", str(folder))
    assert str(datasets.load("cifar10").provenance) == (
        "CIFAR-10: 15 + 3 pictures\na folder given by NNBOOK_CIFAR10 (not verified)"
    )
    (folder / "PROVENANCE").write_text("\nA copy by hand\nmore\n", "utf-8")
    assert str(datasets.load("cifar10").provenance).splitlines()[1] == "A copy by hand (not verified)"
    (folder / "PROVENANCE").write_text("\n", "utf-8")
    assert datasets.load("cifar10").provenance.source == "a folder given by NNBOOK_CIFAR10"


def test_bytes_become_pictures_as_the_release_says(monkeypatch):
    folder = lay_out(datasets.cache_folder() / RELEASE)
    made = np.zeros((FEW, 3_073), np.uint8)
    made[0, 0] = 7
    made[0, 1 + 33] = 11  # red, second row, second column
    made[0, 1 + 1_024] = 22  # green, first row, first column
    made[0, 3_072] = 33  # blue, last row, last column
    (folder / "test_batch.bin").write_bytes(made.tobytes())
    data = datasets.load("cifar10")
    assert data.test_labels.tolist() == [7, 0, 0] and data.test_labels.dtype == np.int64
    assert data.test_images[0, 1, 1].tolist() == [11, 0, 0]
    assert data.test_images[0, 0, 0].tolist() == [0, 22, 0]
    assert data.test_images[0, 31, 31].tolist() == [0, 0, 33]
    assert data.test_images.sum() == 66
    assert data.train_images.shape == (15, 32, 32, 3) and data.train_images.dtype == np.uint8
    assert data.train_labels.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert data.class_names[7] == "horse" and len(data.class_names) == 10


def test_wrong_files(tmp_path, monkeypatch):
    folder = lay_out(tmp_path / RELEASE)
    monkeypatch.setenv("NNBOOK_CIFAR10", str(folder))
    (folder / "test_batch.bin").write_bytes(records(9))
    assert datasets.load("cifar10").test_labels.max() == 9
    (folder / "test_batch.bin").write_bytes(records(10))
    with pytest.raises(ValueError, match="labels up to 10, but CIFAR-10's go from 0 to 9"):
        datasets.load("cifar10")
    (folder / "data_batch_2.bin").write_bytes(b"short")
    with pytest.raises(ValueError) as error:
        datasets.load("cifar10")
    assert "data_batch_2.bin has 5 bytes, but each of the six files must have 9,219 bytes (3 records" in str(
        error.value
    )
    assert "unset NNBOOK_CIFAR10 and run `make cifar10`" in str(error.value), "or the same folder is found again"
    (folder / "data_batch_2.bin").unlink()
    with pytest.raises(ValueError, match=r"data_batch_2.bin is missing"):
        datasets.load("cifar10")


def test_no_cifar10_anywhere(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"the cache .* has no test_batch.bin. To get it, run `make cifar10`"):
        datasets.load("cifar10")
    assert not (tmp_path / "cache").exists()
    monkeypatch.setenv("NNBOOK_CIFAR10", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=f"NNBOOK_CIFAR10 names {tmp_path}, which has no test_batch.bin"):
        datasets.load("cifar10")


def test_a_file_in_place_of_a_folder(tmp_path, monkeypatch):
    file = tmp_path / "cifar-10-binary.tar.gz"
    file.write_bytes(b"x")
    monkeypatch.setenv("NNBOOK_CIFAR10", str(file))
    with pytest.raises(NotADirectoryError) as error:
        datasets.load("cifar10")
    assert str(error.value).startswith(f"NNBOOK_CIFAR10 names {file}, which is a file; set it to the folder of the six")
    monkeypatch.delenv("NNBOOK_CIFAR10")
    for cache in (file, file / "below"):
        monkeypatch.setenv("NNBOOK_CACHE", str(cache))
        with pytest.raises(OSError, match=f"Cannot write into {cache} .*Set NNBOOK_CACHE to a folder"):
            datasets.fetch_cifar10()
        with pytest.raises(FileNotFoundError, match="make cifar10"):
            datasets.find_cifar10()


# Fetching.
def test_a_fetched_set_is_verified_and_not_fetched_again(release, tmp_path, capsys):
    datasets.main()
    folder = tmp_path / "cache" / RELEASE
    assert capsys.readouterr().out.splitlines() == [
        f"CIFAR-10: about 162 MB, kept in {tmp_path / 'cache'}; an interrupted download goes on where it stopped.",
        f"Ready: {folder}",
    ]
    assert str(datasets.load("cifar10").provenance) == (
        "CIFAR-10: 15 + 3 pictures\nthe official binary release (verified)"
    )
    datasets.main()
    assert capsys.readouterr().out == f"CIFAR-10 is there, verified: {folder}\n"
    assert datasets.fetch_cifar10() == folder
    assert release.asked == ["/cifar-10-binary.tar.gz"]
    assert {path.name for path in (tmp_path / "cache").iterdir()} <= {RELEASE, "cifar10.lock"}
    assert {path.name for path in folder.iterdir()} == {*FILES, "SHA256.json"}


def test_the_mirror_is_asked_first(release, monkeypatch, capsys):
    monkeypatch.setenv("NNBOOK_MIRROR", f" {release.address}/class/ ")
    datasets.fetch_cifar10()
    assert release.asked == ["/class/cifar-10-binary.tar.gz", "/cifar-10-binary.tar.gz"]
    assert f"{release.address}/class/cifar-10-binary.tar.gz: the server answered 404" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["data_batch_1.bin", "data_batch_3.bin", "test_batch.bin"])
def test_a_changed_file_is_an_error_until_fetched_again(release, name):
    folder = datasets.fetch_cifar10()
    body = bytearray((folder / name).read_bytes())
    body[5_000] ^= 255
    (folder / name).write_bytes(body)
    with pytest.raises(ValueError, match=f"{name} changed since it was unpacked; run `make cifar10` again"):
        datasets.load("cifar10")
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified


@pytest.mark.parametrize("text", ["", "[1]", "7", '{"archive": '])
def test_a_damaged_list_of_hashes(release, text):
    folder = datasets.fetch_cifar10()
    (folder / "SHA256.json").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"SHA256.json cannot be read as a list of hashes; run `make cifar10` again"):
        datasets.load("cifar10")
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified


def test_hashes_of_another_archive_verify_nothing(release):
    folder = datasets.fetch_cifar10()
    hashes = json.loads((folder / "SHA256.json").read_text("utf-8"))
    (folder / "SHA256.json").write_text(json.dumps(hashes | {"archive": "0" * 64}), "utf-8")
    assert not datasets.load("cifar10").provenance.verified


def test_an_incomplete_set_is_fetched_again(release):
    folder = datasets.fetch_cifar10()
    (folder / "data_batch_4.bin").unlink()
    datasets.fetch_cifar10()
    assert len(release.asked) == 2 and datasets.load("cifar10").provenance.verified


CHILD = """
import sys
sys.path.insert(0, {tests!r})
import test_datasets
from nnbook import datasets, downloads
test_datasets.prepare(setattr, downloads.Archive(*{archive!r}), {address!r})
print("waiting", flush=True)
sys.stdin.readline()
print(datasets.fetch_cifar10())
"""


def test_two_at_once_fetch_it_once(release, tmp_path):
    program = CHILD.format(
        tests=str(Path(__file__).parent), archive=tuple(release.archive), address=datasets.CIFAR10_ADDRESSES[0]
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    children = [subprocess.Popen([sys.executable, "-c", program], text=True, **pipes) for _ in range(2)]
    assert [child.stdout.readline() for child in children] == ["waiting\n"] * 2
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    outcomes = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0], outcomes
    assert release.asked == ["/cifar-10-binary.tar.gz"]
    assert datasets.load("cifar10").provenance.verified


# A class shares a cache that only the teacher may write.
def test_a_shared_cache_is_looked_at_before_it_is_locked(release, monkeypatch, capsys):
    folder = datasets.fetch_cifar10()
    capsys.readouterr()

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(datasets, "FileLock", forbidden)
    monkeypatch.setattr(Path, "mkdir", forbidden)
    assert datasets.fetch_cifar10() == folder
    datasets.main()
    assert capsys.readouterr().out == f"CIFAR-10 is there, verified: {folder}\n"
    (folder / "test_batch.bin").unlink()
    with pytest.raises(SystemExit) as left:
        datasets.main()
    assert str(left.value) == (
        f"Not done: Cannot write into {folder.parent} (Permission denied), and CIFAR-10 is not there. Set NNBOOK_CACHE "
        "to a folder that you may write to, or to one that has CIFAR-10."
    )


def run_as_nobody(call, answers: multiprocessing.Queue) -> None:
    if os.getuid() == 0:
        os.setuid(65534)
    try:
        answers.put(str(call()))
    except OSError as error:
        answers.put(str(error))


def as_nobody(call) -> str:
    """What a call says in a process of somebody who may not write (tests may run as root, who may)."""
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    child = fork.Process(target=run_as_nobody, args=(call, answers))
    child.start()
    said = answers.get(timeout=30)
    child.join()
    return said


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs POSIX users and permissions")
def test_a_cache_of_somebody_else(release, tmp_path, monkeypatch):
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/") and "pytest" in str(folder):
            folder.chmod(0o755)
    folder = datasets.fetch_cifar10()
    cache = folder.parent
    (cache / "cifar10.lock").unlink(missing_ok=True)
    try:
        cache.chmod(0o555)
        assert as_nobody(datasets.fetch_cifar10) == str(folder)
        (folder / "test_batch.bin").unlink()
        said = as_nobody(datasets.fetch_cifar10)
        assert f"Cannot write into {cache}" in said and "Set NNBOOK_CACHE" in said
        cache.chmod(0o000)
        for call in (datasets.find_cifar10, datasets.fetch_cifar10):
            said = as_nobody(call)
            assert said.startswith(f"Cannot read {cache}") and "Ask its owner to let you read it, or set" in said
    finally:
        cache.chmod(0o755)
    assert [path.name for path in cache.iterdir()] == [RELEASE]


@pytest.mark.parametrize("verified", [True, False])
def test_a_given_set_is_named_and_nothing_is_fetched(release, tmp_path, monkeypatch, capsys, verified):
    folder = datasets.fetch_cifar10() if verified else lay_out(tmp_path / "given")
    monkeypatch.setenv("NNBOOK_CIFAR10", str(folder))
    monkeypatch.setenv("NNBOOK_CACHE", str(tmp_path / "another"))
    capsys.readouterr()
    datasets.main()
    state = "verified" if verified else "not verified"
    assert capsys.readouterr().out == (
        f"CIFAR-10 is there, {state}: {folder} (unset NNBOOK_CIFAR10 to use the cache instead)\n"
    )
    assert not (tmp_path / "another").exists()
    (folder / "test_batch.bin").unlink()
    with pytest.raises(SystemExit, match="Not done: CIFAR-10 is not on this machine: NNBOOK_CIFAR10 names"):
        datasets.main()


def test_main_ends_in_one_sentence_when_nothing_answers(release, monkeypatch, capsys):
    monkeypatch.setattr(datasets, "CIFAR10_ADDRESSES", (f"{release.address}/none",))
    with pytest.raises(SystemExit, match=r"Not done: Could not get cifar-10-binary.tar.gz .*404"):
        datasets.main()


def test_the_module_is_a_command(tmp_path):
    environment = os.environ | {"NNBOOK_CACHE": "~nobody-of-this-name"}
    done = subprocess.run(
        [sys.executable, "-m", "nnbook.datasets"], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("Not done: NNBOOK_CACHE is '~nobody-of-this-name'") and done.stderr.count("\n") == 1
