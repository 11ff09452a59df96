"""Every way a download goes wrong, against a server on this machine."""

import errno
import gzip
import hashlib
import http.server
import io
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from nnbook import datasets, downloads
from nnbook.downloads import Archive

RELEASE = "cifar-10-batches-bin"


def tar_of(files: dict[str, bytes]) -> bytes:
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w") as tar:
        for name, body in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    return gzip.compress(room.getvalue(), compresslevel=1)


def records(label: int) -> bytes:
    made = np.zeros((10_000, 3_073), np.uint8)
    made[:, 0] = label
    return made.tobytes()


@pytest.fixture(scope="session")
def release() -> bytes:
    """A release in the official layout, with black pictures: small when packed."""
    return tar_of({f"{RELEASE}/{name}": records(number) for number, name in enumerate(datasets.CIFAR10_FILES)})


class Server:
    """A server whose answers a test writes: `answers` are used up in order, then the file is served properly."""

    def __init__(self, body: bytes) -> None:
        self.body, self.answers, self.starts = body, [], []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers.get("Range", "bytes=0-")
                start = int(asked.removeprefix("bytes=").removesuffix("-"))
                server.starts.append(start)
                answer = server.answers.pop(0) if server.answers else Server.serve
                answer(self, server.body, start)

            def log_message(self, *_: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_port}"

    @staticmethod
    def head(handler, code: int, length: int, kind: str = "application/gzip") -> None:
        handler.send_response(code)
        handler.send_header("Content-Length", str(length))
        handler.send_header("Content-Type", kind)
        handler.end_headers()

    @staticmethod
    def serve(handler, body: bytes, start: int) -> None:
        Server.head(handler, 206 if start else 200, len(body) - start)
        handler.wfile.write(body[start:])

    @staticmethod
    def status(code: int):
        return lambda handler, body, start: Server.head(handler, code, 0)

    @staticmethod
    def html(handler, body: bytes, start: int) -> None:
        Server.head(handler, 200, 15, "text/html")
        handler.wfile.write(b"<h1>Log in</h1>")

    @staticmethod
    def truncated(handler, body: bytes, start: int) -> None:
        Server.head(handler, 206 if start else 200, len(body) - start)
        handler.wfile.write(body[start : start + 70_000])

    @staticmethod
    def stall(handler, body: bytes, start: int) -> None:
        Server.head(handler, 200, len(body))
        handler.wfile.write(body[:70_000])
        handler.wfile.flush()
        time.sleep(3)

    @staticmethod
    def wrong_byte(handler, body: bytes, start: int) -> None:
        damaged = bytearray(body)
        damaged[-1] ^= 1
        Server.serve(handler, bytes(damaged), start)

    @staticmethod
    def slow(handler, body: bytes, start: int) -> None:
        Server.head(handler, 206 if start else 200, len(body) - start)
        for begin in range(start, len(body), 20_000):
            handler.wfile.write(body[begin : begin + 20_000])
            handler.wfile.flush()
            time.sleep(0.05)


@pytest.fixture
def server(release, tmp_path, monkeypatch):
    monkeypatch.setenv("NNBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("NNBOOK_CIFAR10", raising=False)
    monkeypatch.delenv("NNBOOK_MIRROR", raising=False)
    made = Server(release)
    prepare(monkeypatch.setattr, release, made.address)
    yield made
    made.http.shutdown()


def prepare(setattr_, body: bytes, address: str) -> None:
    """Make the data door expect this body at this address, and lose patience fast."""
    archive = Archive("cifar-10-binary.tar.gz", len(body), hashlib.sha256(body).hexdigest())
    setattr_(datasets, "CIFAR10_ARCHIVE", archive)
    setattr_(datasets, "CIFAR10_ADDRESSES", (f"{address}/cifar-10-binary.tar.gz",))
    setattr_(downloads, "STALL_SECONDS", 0.5)
    setattr_(downloads, "PAUSE_SECONDS", 0.01)


def nothing_to_mistake(cache: Path) -> None:
    """No file in the cache could later be taken for the data set or its archive."""
    assert not (cache / RELEASE).exists()
    assert not (cache / "cifar-10-binary.tar.gz").exists()


def test_a_good_download_ends_in_a_verified_set(server, tmp_path):
    datasets.fetch_cifar10()
    data = datasets.load("cifar10")
    assert data.provenance.verified and "(verified)" in str(data.provenance)
    assert data.train_images.shape == (50_000, 32, 32, 3) and data.train_images.dtype == np.uint8
    assert np.bincount(data.train_labels).tolist() == [10_000] * 5
    assert np.unique(data.test_labels).tolist() == [5]
    asked = len(server.starts)
    datasets.fetch_cifar10()
    assert len(server.starts) == asked, "a complete set was fetched again"
    left = sorted(path.name for path in (tmp_path / "cache").iterdir())
    assert [name for name in left if name != "cifar10.lock"] == [RELEASE]


def test_refused(server, tmp_path, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(datasets, "CIFAR10_ADDRESSES", (f"http://127.0.0.1:{port}/x",))
    with pytest.raises(OSError, match=r"no connection.*4 tries.*NNBOOK_MIRROR"):
        datasets.fetch_cifar10()
    nothing_to_mistake(tmp_path / "cache")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Server.status(404), "the server answered 404"),
        (Server.html, "it offers 15 bytes of text/html"),
        (Server.wrong_byte, "right size with the wrong SHA-256"),
        (Server.status(503), "the server answered 503"),
    ],
)
def test_hopeless_answers_end_in_one_sentence(server, tmp_path, answer, said):
    server.answers = [answer] * 20
    with pytest.raises(OSError) as error:
        datasets.fetch_cifar10()
    assert said in str(error.value) and "set NNBOOK_MIRROR" in str(error.value)
    nothing_to_mistake(tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.part"))


@pytest.mark.parametrize(
    "answers",
    [
        [Server.status(503), Server.status(503)],
        [Server.stall],
        [Server.truncated, Server.truncated],
        [Server.stall, Server.status(503), Server.truncated],
    ],
)
def test_passing_faults_are_overcome(server, answers):
    server.answers = list(answers)
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified


def test_a_cut_connection_goes_on_where_it_stopped(server):
    server.answers = [Server.truncated]
    datasets.fetch_cifar10()
    assert server.starts[0] == 0 and server.starts[1] > 60_000


def test_a_server_without_ranges_starts_again(server):
    server.answers = [Server.truncated, lambda handler, body, start: Server.serve(handler, body, 0)]
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified


def test_a_stall_that_never_ends(server, tmp_path):
    def nothing(handler, body, start):
        Server.head(handler, 206, len(body) - start)
        handler.wfile.flush()
        time.sleep(2)

    server.answers = [Server.stall] + [nothing] * 20
    with pytest.raises(OSError, match=r"nothing came for 0.5 s \(4 tries\)"):
        datasets.fetch_cifar10()
    nothing_to_mistake(tmp_path / "cache")


def test_a_damaged_archive_already_there(server, tmp_path, capsys):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "cifar-10-binary.tar.gz").write_bytes(b"damaged")
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified
    assert "is damaged (its SHA-256 is wrong); fetching it again" in capsys.readouterr().out


def test_a_damaged_part_already_there(server, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "cifar-10-binary.tar.gz.part").write_bytes(b"damaged" * 1_000)
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified
    assert server.starts == [7_000, 0]


def test_a_damaged_unpacked_file(server):
    folder = datasets.fetch_cifar10()
    body = bytearray((folder / "data_batch_3.bin").read_bytes())
    body[5_000] ^= 255
    (folder / "data_batch_3.bin").write_bytes(body)
    with pytest.raises(ValueError, match=r"data_batch_3.bin changed since it was unpacked; run `make cifar10`"):
        datasets.load("cifar10")
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified


def test_a_second_address_is_tried(server, monkeypatch):
    monkeypatch.setenv("NNBOOK_MIRROR", server.address + "/class/")
    server.answers = [Server.status(404)]
    datasets.fetch_cifar10()
    assert len(server.starts) == 2


def test_no_room_says_how_much(server, tmp_path, monkeypatch):
    real_open = Path.open

    class Full(io.BytesIO):
        def write(self, chunk: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def open_full(path: Path, mode: str = "r", *rest: object):
        return Full() if path.suffix == ".part" and "b" in mode and mode != "rb" else real_open(path, mode, *rest)

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OSError, match=r"No space left on device.*Free [\d,]+ bytes there, or set NNBOOK_CACHE"):
        datasets.fetch_cifar10()
    monkeypatch.undo()
    nothing_to_mistake(tmp_path / "cache")


def test_no_room_to_unpack_leaves_nothing(server, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(tarfile.TarFile, "extractall", full)
        with pytest.raises(OSError, match=r"No space left on device.*NNBOOK_CACHE"):
            datasets.fetch_cifar10()
    assert not (tmp_path / "cache" / RELEASE).exists()
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified


def _fetch_as_nobody(queue: multiprocessing.Queue) -> None:
    if os.getuid() == 0:
        os.setuid(65534)
    try:
        queue.put(str(datasets.fetch_cifar10()))
    except OSError as error:
        queue.put(str(error))


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs POSIX users and permissions")
def test_a_read_only_cache(server, monkeypatch):
    cache = Path(tempfile.mkdtemp())
    try:
        cache.chmod(0o555)
        monkeypatch.setenv("NNBOOK_CACHE", str(cache))
        fork = multiprocessing.get_context("fork")
        queue = fork.Queue()
        child = fork.Process(target=_fetch_as_nobody, args=(queue,))
        child.start()
        said = queue.get(timeout=30)
        child.join()
        assert f"Cannot write into {cache}" in said and "Set NNBOOK_CACHE" in said
        assert not list(cache.iterdir())
    finally:
        cache.chmod(0o755)
        shutil.rmtree(cache)


CHILD = """
import sys
sys.path.insert(0, {tests!r})
import test_downloads
from pathlib import Path
from nnbook import datasets
test_downloads.prepare(setattr, Path({body!r}).read_bytes(), {address!r})
print(datasets.fetch_cifar10())
"""


def start_child(server: Server, tmp_path: Path) -> subprocess.Popen:
    body = tmp_path / "body"
    body.write_bytes(server.body)
    program = CHILD.format(tests=str(Path(__file__).parent), body=str(body), address=server.address)
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
    )


def test_killed_half_way_goes_on(server, tmp_path):
    server.answers = [Server.slow]
    child = start_child(server, tmp_path)
    part = tmp_path / "cache" / "cifar-10-binary.tar.gz.part"
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size > 60_000):
        assert time.monotonic() < deadline and child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    child.wait()
    nothing_to_mistake(tmp_path / "cache")
    datasets.fetch_cifar10()
    assert datasets.load("cifar10").provenance.verified
    assert server.starts[0] == 0 and server.starts[1] >= 60_000, "it started from the beginning"


def test_two_at_once_fetch_it_once(server, tmp_path):
    server.answers = [Server.slow]
    children = [start_child(server, tmp_path) for _ in range(2)]
    outcomes = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0, 0], outcomes
    assert server.starts == [0]
    assert datasets.load("cifar10").provenance.verified


@pytest.mark.parametrize("name", ["../outside", "/tmp/nnbook-outside", f"{RELEASE}/../../outside"])
def test_an_archive_that_leaves_its_folder(tmp_path, name):
    archive = tmp_path / "room" / "bad.tar.gz"
    archive.parent.mkdir()
    archive.write_bytes(tar_of({f"{RELEASE}/test_batch.bin": b"x", name: b"evil"}))
    if name.startswith("/"):  # an absolute path is taken as relative, so it stays inside
        downloads.unpack(archive, tmp_path / "room" / RELEASE, ["test_batch.bin"])
        assert not Path(name).exists()
        return
    with pytest.raises(OSError, match="is not safe to unpack"):
        downloads.unpack(archive, tmp_path / "room" / RELEASE, ["test_batch.bin"])
    assert [path.name for path in tmp_path.rglob("*")] == ["room", "bad.tar.gz"]


@pytest.mark.parametrize(("body", "said"), [(b"no tar at all", "cannot be unpacked"), (tar_of({}), "lacks test_batch")])
def test_an_archive_without_the_files(tmp_path, body, said):
    archive = tmp_path / "bad.tar.gz"
    archive.write_bytes(body)
    with pytest.raises(OSError, match=said):
        downloads.unpack(archive, tmp_path / RELEASE, ["test_batch.bin"])
    assert not (tmp_path / RELEASE).exists()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder as a user gives it."""
    given = tmp_path / "given" / RELEASE
    given.mkdir(parents=True)
    for number, name in enumerate(datasets.CIFAR10_FILES):
        (given / name).write_bytes(records(number))
    monkeypatch.setenv("NNBOOK_CIFAR10", str(given.parent))
    return given


def test_a_given_folder_is_not_verified(folder, monkeypatch):
    assert not datasets.load("cifar10").provenance.verified
    (folder / "PROVENANCE").write_text("A copy by hand\nmore\n", "utf-8")
    monkeypatch.setenv("NNBOOK_CIFAR10", str(folder))
    monkeypatch.setenv("NNBOOK_DATA", "cifar10")
    assert str(datasets.load().provenance) == ("CIFAR-10: 50,000 + 10,000 pictures\nA copy by hand (not verified)")


def test_bytes_become_pictures_as_the_release_says(folder):
    made = np.zeros((10_000, 3_073), np.uint8)
    made[0, 0] = 7
    made[0, 1 + 33] = 11  # red, second row, second column
    made[0, 1 + 1_024] = 22  # green, first row, first column
    made[0, 3_072] = 33  # blue, last row, last column
    (folder / "test_batch.bin").write_bytes(made.tobytes())
    data = datasets.load("cifar10")
    assert data.test_labels[0] == 7
    assert data.test_images[0, 1, 1].tolist() == [11, 0, 0]
    assert data.test_images[0, 0, 0].tolist() == [0, 22, 0]
    assert data.test_images[0, 31, 31].tolist() == [0, 0, 33]


def test_wrong_files_in_a_given_folder(folder):
    (folder / "test_batch.bin").write_bytes(records(10))
    with pytest.raises(ValueError, match="labels up to 10, but CIFAR-10's go from 0 to 9"):
        datasets.load("cifar10")
    (folder / "data_batch_2.bin").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"data_batch_2.bin has 5 bytes, but each .* 30,730,000"):
        datasets.load("cifar10")
    (folder / "data_batch_2.bin").unlink()
    with pytest.raises(ValueError, match=r"data_batch_2.bin is missing"):
        datasets.load("cifar10")


def test_no_cifar10_anywhere(tmp_path, monkeypatch):
    monkeypatch.delenv("NNBOOK_CIFAR10", raising=False)
    monkeypatch.setenv("NNBOOK_CACHE", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match="make cifar10"):
        datasets.load("cifar10")
    assert not (tmp_path / "none").exists()
    monkeypatch.setenv("NNBOOK_CIFAR10", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="NNBOOK_CIFAR10 names"):
        datasets.load("cifar10")


def test_the_real_archive_is_the_official_one():
    assert tuple(datasets.CIFAR10_ARCHIVE) == (
        "cifar-10-binary.tar.gz",
        170_052_171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    )
