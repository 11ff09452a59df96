"""Every way a download goes wrong, against a server on this machine."""

import errno
import gzip
import hashlib
import http.server
import io
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from nnbook import downloads
from nnbook.downloads import Archive

NAME = "pictures.tar.gz"
FOLDER = "pictures"
LOGIN = b"<h1>Log in</h1>"


def tar_of(files: dict[str, bytes]) -> bytes:
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w") as tar:
        for name, body in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    return gzip.compress(room.getvalue(), compresslevel=1, mtime=0)


BODY = tar_of({f"{FOLDER}/noise.bin": random.Random(1).randbytes(200_000)})
ARCHIVE = Archive(NAME, len(BODY), hashlib.sha256(BODY).hexdigest())
SIZE = len(BODY)


def answer(
    code: int = 200,
    body: bytes | Callable[[int], bytes] = b"",
    length: str | int | None = None,
    chunked: bool = False,
    **headers: object,
) -> Callable:
    """An answer as a test writes it; `length` is what is claimed, not what is sent, and `headers` use _ for -."""

    def send(handler, start: int) -> None:
        sent = body(start) if callable(body) else body
        handler.send_response(code)
        if not chunked and length != "none":
            handler.send_header("Content-Length", str(len(sent) if length is None else length))
        if chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Connection", "close")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), str(value(start) if callable(value) else value))
        handler.end_headers()
        pieces = [sent[at : at + 9_999] for at in range(0, len(sent), 9_999)]
        for piece in pieces:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            handler.wfile.write(b"0\r\n\r\n")

    return send


def ranged(start: int) -> str:
    return f"bytes {start}-{SIZE - 1}/{SIZE}"


def rest(start: int) -> bytes:
    return BODY[start:]


whole = answer(200, BODY, Content_Type="application/gzip")
from_start = answer(206, rest, Content_Range=ranged)


def serve(handler, start: int) -> None:
    (from_start if start else whole)(handler, start)


def cut(handler, start: int) -> None:
    """Send 70,000 bytes of what is asked for, then close."""
    answer(
        206 if start else 200,
        lambda start: BODY[start : start + 70_000],
        length=SIZE - start,
        **({"Content_Range": ranged(start)} if start else {}),
    )(handler, start)


def stall(handler, start: int) -> None:
    cut(handler, start)
    handler.wfile.flush()
    handler.server.ended.wait(20)


def changed(start: int) -> bytes:
    """The body with another last byte."""
    return BODY[start:-1] + bytes([BODY[-1] ^ 1])


class Server:
    """A server whose answers a test writes: `answers` are used up in order, then the file is served properly."""

    def __init__(self) -> None:
        self.answers, self.starts, self.asked = [], [], []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.close_connection = True
                start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
                server.starts.append(start)
                server.asked.append(self)
                (server.answers.pop(0) if server.answers else serve)(self, start)

            def do_CONNECT(self) -> None:
                self.close_connection = True
                server.answers.pop(0)(self, 0)

            def log_message(self, *_: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.ended = threading.Event()
        threading.Thread(target=lambda: self.http.serve_forever(0.01), daemon=True).start()
        self.host = f"127.0.0.1:{self.http.server_port}"
        self.address = f"http://{self.host}/{NAME}"


@pytest.fixture
def server(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr(downloads, "STALL_SECONDS", 0.2)
    monkeypatch.setattr(downloads, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(downloads, "CHUNK", 10_000)  # what is less than a chunk is lost with its connection
    made = Server()
    yield made
    made.http.ended.set()
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def part(tmp_path) -> Path:
    """The first 100,000 bytes, as an earlier try left them."""
    kept = tmp_path / (NAME + ".part")
    kept.write_bytes(BODY[:100_000])
    return kept


def fetch(server: Server, folder: Path) -> None:
    """The download succeeds and leaves nothing else behind."""
    target = downloads.download(ARCHIVE, [server.address], folder)
    assert target == folder / NAME and target.read_bytes() == BODY
    assert list(folder.iterdir()) == [target]


def given_up(folder: Path, *addresses: str) -> str:
    """The download fails, and nothing that could be taken for the archive is there; return what is said."""
    with pytest.raises(OSError) as error:
        downloads.download(ARCHIVE, addresses, folder)
    assert not (folder / NAME).exists()
    return str(error.value)


def test_a_good_download_is_asked_for_once(server, tmp_path):
    fetch(server, tmp_path)
    fetch(server, tmp_path)
    assert server.starts == [0]
    assert server.asked[0].headers["Accept-Encoding"] == "identity"
    assert server.asked[0].headers["Range"] is None


# What may pass: each of these is overcome.
@pytest.mark.parametrize(
    ("answers", "starts"),
    [
        ([answer(code) for code in (408, 425, 429)], [0, 0, 0, 0]),
        ([answer(code) for code in (502, 503, 504)], [0, 0, 0, 0]),
        ([answer(500)] * 3, [0, 0, 0, 0]),
        ([cut], [0, 70_000]),
        ([cut, answer(503), answer(503), answer(503), cut], [0, 70_000, 70_000, 70_000, 70_000, 140_000]),
        ([stall], [0, 70_000]),
        ([stall, answer(503), cut], [0, 70_000, 70_000, 140_000]),
        ([answer(200, b"", length=SIZE)] * 3, [0, 0, 0, 0]),
    ],
)
def test_passing_faults_are_overcome(server, tmp_path, answers, starts):
    server.answers = answers
    fetch(server, tmp_path)
    assert server.starts == starts


@pytest.mark.parametrize(
    "kind",
    [
        answer(200, BODY, Content_Encoding="gzip"),
        answer(200, BODY, Content_Encoding="x-gzip"),
        answer(200, BODY, chunked=True, Content_Encoding="GZIP"),
        answer(200, BODY, chunked=True),
        answer(200, BODY, length="none"),
        answer(200, BODY, Content_Type="text/html"),
        answer(200, BODY, Content_Encoding="identity"),
        answer(206, BODY, Content_Range=ranged(0)),
    ],
)
def test_the_right_bytes_are_taken_whatever_they_are_called(server, tmp_path, kind):
    server.answers = [kind]
    fetch(server, tmp_path)
    assert server.starts == [0]


def test_a_compressing_mirror_goes_on_with_a_part(server, tmp_path, part):
    server.answers = [answer(206, rest, Content_Range=ranged, Content_Encoding="gzip")]
    fetch(server, tmp_path)
    assert server.starts == [100_000]


# Ranges: what is sent is read from the answer, and what it repeats is compared.
@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        (from_start, [100_000]),
        (answer(200, BODY), [100_000]),
        (answer(200, BODY, chunked=True), [100_000]),
        (answer(206, BODY[90_000:], Content_Range=ranged(90_000)), [100_000]),
        (answer(206, BODY[100_000:150_000], Content_Range=f"bytes 100000-149999/{SIZE}"), [100_000, 150_000]),
        (answer(206, BODY[50_000:150_000], Content_Range=f"Bytes  50000-149999/{SIZE}"), [100_000, 150_000]),
        (answer(206, BODY[100_000:150_000], Content_Range="bytes 100000-149999/*"), [100_000, 150_000]),
        (answer(206, rest), [100_000]),
        (answer(206, BODY), [100_000, 0]),
        (answer(206, BODY[110_000:], Content_Range=ranged(110_000)), [100_000, 0]),
        (answer(206, BODY[:50_000], Content_Range=f"bytes 0-49999/{SIZE}"), [100_000, 0]),
        (answer(206, BODY[:100_000], Content_Range=f"bytes 0-99999/{SIZE}"), [100_000, 0]),
        (answer(206, rest, Content_Range=f"bytes 100000-{SIZE}/*"), [100_000, 0]),
        (answer(206, b"--x\r\n", Content_Type="multipart/byteranges; boundary=x"), [100_000, 0]),
        (answer(206, rest, chunked=True), [100_000, 0]),
        (answer(206, rest, Content_Range="pages 3-4/5", length="none"), [100_000, 0]),
        (answer(416), [100_000, 0]),
        (answer(416, Content_Range=f"bytes */{SIZE}"), [100_000, 0]),
    ],
)
def test_an_answer_to_a_range(server, tmp_path, part, kind, starts):
    server.answers = [kind]
    fetch(server, tmp_path)
    assert server.starts == starts


def test_without_ranges_a_cut_answer_is_still_a_step_forward(server, tmp_path):
    server.answers = [answer(200, BODY[:end], length=SIZE) for end in (60_000, 130_000, 130_000, 190_000)]
    fetch(server, tmp_path)
    assert server.starts == [0, 60_000, 130_000, 130_000, 190_000]


# A part that has arrived stays as it is, whatever comes that cannot be the file.
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (answer(200, LOGIN, Content_Type="text/html"), "it offers 15 bytes of text/html where 2"),
        (
            answer(200, LOGIN, chunked=True, Content_Type="text/html"),
            "it sends text/html that does not begin like a .gz",
        ),
        (answer(200, LOGIN, length="none"), "it sends unknown type that does not begin like a .gz file"),
        (answer(200, LOGIN * 20_000, chunked=True), "does not begin like a .gz file"),
        (answer(200, b"\x1f" + LOGIN, chunked=True), "does not begin like a .gz file"),
        (answer(200, LOGIN, length=SIZE), "the connection closed before the end (4 tries)"),
        (answer(200, BODY + b"more", chunked=True), "it sends more bytes than the archive has"),
        (answer(200, BODY[:-1]), f"it offers {SIZE - 1:,} bytes of unknown type where {SIZE:,} were expected"),
        (answer(200, b""), "it offers 0 bytes"),
        (answer(200, b"", chunked=True), "the connection closed before the end (4 tries)"),
        (answer(200, BODY, Content_Encoding="br"), "it packs the file once more (Content-Encoding: br)"),
        (answer(200, BODY, Content_Encoding="deflate"), "Content-Encoding: deflate"),
        (answer(206, rest, Content_Range="bytes 100000-200000/200001"), "its file has 200,001 bytes where 2"),
        (answer(206, LOGIN, Content_Range=ranged), "it offers 15 bytes"),
        (
            answer(206, b"--x", Content_Type="multipart/byteranges"),
            "it does not go on at byte 0 (the server answered 206",
        ),
        (answer(206, lambda start: changed(start), Content_Range=ranged), "right size with the wrong SHA-256"),
        (answer(200, changed(0)), "right size with the wrong SHA-256"),
        (answer(200, BODY[:50_000] + changed(50_001) + b"x"), "right size with the wrong SHA-256"),
        (answer(416, Content_Range="bytes */77"), "its file has 77 bytes where 2"),
        (answer(416), "the server answered 416"),
        (answer(204), "the server answered 204 No Content"),
        (answer(304), "the server answered 304 Not Modified"),
        (
            answer(401),
            "401 Unauthorized; it asks for a name and a password: set NNBOOK_MIRROR to http://NAME:PASSWORD@",
        ),
        (answer(403), "the server answered 403 Forbidden; it gives the file to others only: set NNBOOK_MIRROR"),
        (answer(404), "the server answered 404 Not Found; it has no such file: NNBOOK_MIRROR must name the folder"),
        (answer(511), "511 Network Authentication Required; the network wants you to log in: open any page"),
        (answer(503), "the server answered 503 Service Unavailable (4 tries)"),
        (answer(302, Location="/again"), "it sends on in a circle (a login page?"),
        (
            answer(302, Location="ftp://x/y"),
            "no address: set NNBOOK_MIRROR to one that begins with http:// or https://",
        ),
    ],
)
def test_what_cannot_be_the_file_touches_nothing(server, tmp_path, part, kind, said):
    server.answers = [kind] * 80
    message = given_up(tmp_path, server.address)
    assert said in message and "set NNBOOK_MIRROR to an address that has the file, or NNBOOK_CIFAR10" in message
    assert list(tmp_path.iterdir()) == [part] and part.read_bytes() == BODY[:100_000]
    part.unlink()
    given_up(tmp_path, server.address)
    assert list(tmp_path.iterdir()) == []


def test_a_login_page_behind_a_redirect_is_named(server, tmp_path):
    page = answer(200, LOGIN, chunked=True, Content_Type="text/html")
    server.answers = [answer(302, Location=f"http://localhost:{server.http.server_port}/login?secret=1"), page]
    message = given_up(tmp_path, server.address)
    assert f"it sends text/html from localhost:{server.http.server_port}, where it sends on, that does" in message
    assert "secret" not in message


def test_a_good_part_survives_a_mirror_with_another_file(server, tmp_path, part):
    server.answers = [answer(206, changed, Content_Range=ranged), answer(200, changed(0))]
    said = []
    downloads.download(ARCHIVE, [server.address, server.address], tmp_path, said.append)
    assert server.starts == [100_000, 0, 100_000]
    assert said == [
        f"{server.address}: it sent a file of the right size with the wrong SHA-256, so not the archive",
    ]
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("length", [7_000, 100_000, SIZE, SIZE + 1])
def test_a_damaged_part_is_replaced(server, tmp_path, length):
    (tmp_path / (NAME + ".part")).write_bytes((b"damaged" * SIZE)[:length])
    fetch(server, tmp_path)
    assert server.starts == [[], [length]][length < SIZE] + [0]


def test_a_damaged_part_is_replaced_by_a_server_without_ranges(server, tmp_path):
    (tmp_path / (NAME + ".part")).write_bytes(BODY[:50_000] + b"damaged")
    server.answers = [whole]
    fetch(server, tmp_path)
    assert server.starts == [50_007, 0]


def test_a_whole_part_needs_no_server(server, tmp_path):
    (tmp_path / (NAME + ".part")).write_bytes(BODY)
    fetch(server, tmp_path)
    assert server.starts == []


def test_of_two_beginnings_the_longer_goes_on(server, tmp_path, part):
    afresh = tmp_path / (NAME + ".afresh.part")
    server.answers = [answer(206, changed, Content_Range=ranged), answer(200, BODY[:150_000], length=SIZE)]
    server.answers += [answer(503)] * 4
    given_up(tmp_path, server.address)
    assert (part.stat().st_size, afresh.stat().st_size) == (100_000, 150_000)
    fetch(server, tmp_path)
    assert server.starts[-1] == 150_000


def test_the_shorter_of_two_beginnings_is_dropped(server, tmp_path, part):
    (tmp_path / (NAME + ".afresh.part")).write_bytes(BODY[:100_000])
    fetch(server, tmp_path)
    assert server.starts == [100_000]


def test_a_damaged_archive_already_there(server, tmp_path, capsys):
    (tmp_path / NAME).write_bytes(b"damaged")
    fetch(server, tmp_path)
    assert "is damaged (its SHA-256 is wrong); fetching it again" in capsys.readouterr().out


def test_a_stall_that_never_ends(server, tmp_path):
    server.answers = [stall] + [lambda handler, start: handler.server.ended.wait(20)] * 4
    assert "nothing came for 0.2 s (4 tries)" in given_up(tmp_path, server.address)
    assert (tmp_path / (NAME + ".part")).read_bytes() == BODY[:70_000]


def test_pauses_grow_and_no_progress_ends_after_four_tries(server, tmp_path, monkeypatch):
    pauses = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(downloads, "PAUSE_SECONDS", 2.0)
    server.answers = [answer(503), cut, answer(503), answer(503), answer(503), answer(503)]
    assert "(4 tries)" in given_up(tmp_path, server.address)
    assert pauses == [2.0, 2.0, 4.0, 6.0]
    assert server.starts == [0, 0] + [70_000] * 4


TAKEN: list[socket.socket] = []


def nobody_there() -> str:
    """Return an address at which nobody listens, and which no other process can take meanwhile."""
    TAKEN.append(socket.socket())
    TAKEN[-1].bind(("127.0.0.1", 0))
    return f"127.0.0.1:{TAKEN[-1].getsockname()[1]}"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://{nobody}/x", "no connection (is the address right, and the network on?) (4 tries)"),
        ("http://no-such-host.invalid/x", "no connection (is the address right, and the network on?) (4 tries)"),
        ("teacher-laptop:8000/x", "no address: set NNBOOK_MIRROR to one that begins with http:// or https://"),
        ("teacher-laptop/x", "no address: set NNBOOK_MIRROR"),
        ("http:///x", "no address: set NNBOOK_MIRROR"),
        ("https://{server}/x", "it does not speak TLS: does its address begin with http:// instead of https://?"),
    ],
)
def test_an_address_that_leads_nowhere(server, tmp_path, address, said):
    assert said in given_up(tmp_path, address.format(nobody=nobody_there(), server=server.host))


def test_a_connection_that_takes_too_long(server, tmp_path, monkeypatch):
    asked = []

    def never(address, timeout, **_: object):
        asked.append(timeout)
        raise requests.ConnectTimeout("timed out")

    monkeypatch.setattr(requests, "get", never)
    assert "no connection within 15 s (4 tries)" in given_up(tmp_path, server.address)
    assert asked == [(15, 0.2)] * 4


def test_a_second_address_is_tried(server, tmp_path):
    server.answers = [answer(404)]
    said = []
    addresses = [f"http://teacher:secret@{server.host}/class/{NAME}", server.address]
    downloads.download(ARCHIVE, addresses, tmp_path, said.append)
    assert len(server.starts) == 2 and len(said) == 1
    assert said[0].startswith(f"http://{server.host}/class/{NAME}: the server answered 404"), "or a password is shown"


# Proxies: the server on this machine plays one.
@pytest.mark.parametrize(
    ("scheme", "kind", "said", "tries"),
    [
        (
            "http",
            answer(407),
            "asks for a name and a password (407): set HTTP_PROXY to http://NAME:PASSWORD@HOST:PORT",
            1,
        ),
        ("https", answer(407), "asks for a name and a password (407): set HTTPS_PROXY to http://NAME:PASSWORD@", 1),
        ("https", answer(403), "refuses to pass this on (403 Forbidden): set NNBOOK_MIRROR to an address that it", 1),
        ("http", answer(403), "the server answered 403 Forbidden, by way of the proxy http://", 1),
        ("http", answer(502), "the server answered 502 Bad Gateway, by way of the proxy http://", 4),
    ],
)
def test_a_proxy_that_says_no(server, tmp_path, monkeypatch, scheme, kind, said, tries):
    monkeypatch.setenv(f"{scheme}_proxy", f"http://somebody:secret@{server.host}")
    server.answers = [kind] * 9
    message = given_up(tmp_path, f"{scheme}://pictures.invalid/x")
    assert said in message and f"the proxy http://{server.host}" in message and "secret" not in message
    assert len(server.answers) == 9 - tries


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there(server, tmp_path, monkeypatch, scheme):
    monkeypatch.setenv(f"{scheme}_proxy", f"http://{(nobody := nobody_there())}")
    message = given_up(tmp_path, f"{scheme}://pictures.invalid/x")
    assert f"the proxy http://{nobody} does not answer: set {scheme.upper()}_PROXY to the right one" in message
    assert "NO_PROXY=pictures.invalid if this network needs none (4 tries)" in message


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://:0:0", "http://proxy:port"])
def test_a_proxy_that_is_none(server, tmp_path, monkeypatch, proxy):
    monkeypatch.setenv("http_proxy", proxy)
    assert "cannot be used: set HTTP_PROXY and HTTPS_PROXY to" in given_up(tmp_path, "http://pictures.invalid/x")


def test_a_good_proxy_is_used(server, tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://{server.host}")
    assert downloads.download(ARCHIVE, ["http://pictures.invalid/x"], tmp_path).read_bytes() == BODY


@pytest.fixture
def tls(server, tmp_path_factory):
    """The same server, with a certificate that nobody signed."""
    room = tmp_path_factory.mktemp("tls")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            *names,
            "-keyout",
            room / "key",
            "-out",
            room / "cert",
        ],
        capture_output=True,
    )
    assert made.returncode == 0, made.stderr
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(room / "cert", room / "key")
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
    server.address = server.address.replace("http:", "https:")
    return room / "cert"


def test_a_certificate_that_nobody_knows(server, tls, tmp_path, monkeypatch):
    message = given_up(tmp_path, server.address)
    assert "its TLS certificate was refused (self" in message and "set REQUESTS_CA_BUNDLE to the file" in message
    assert server.starts == [], "something was asked for over a connection that is not trusted"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls))
    fetch(server, tmp_path)


def test_a_bundle_of_certificates_that_is_not_there(server, tls, tmp_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none"))
    message = given_up(tmp_path, server.address)
    assert str(tmp_path / "none") in message and "set REQUESTS_CA_BUNDLE to the right file, or unset it" in message


def test_no_room_says_how_much(server, tmp_path, part, monkeypatch):
    real_open = Path.open

    class Full(io.BytesIO):
        def write(self, chunk: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def open_full(path: Path, mode: str = "r", *rest: object):
        return Full() if path.suffix == ".part" and "a" in mode else real_open(path, mode, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", open_full)
        message = given_up(tmp_path, server.address)
    assert "No space left on device" in message
    assert f"Free {SIZE - 100_000:,} bytes there, or set NNBOOK_CACHE to a folder with room" in message
    fetch(server, tmp_path)
    assert server.starts == [100_000, 100_000]


CHILD = """
import sys
from pathlib import Path
from nnbook import downloads
downloads.CHUNK = 10_000
print(downloads.download(downloads.Archive({name!r}, {size}, {sha!r}), [{address!r}], Path({folder!r})))
"""


def test_killed_half_way_goes_on(server, tmp_path):
    server.answers = [stall]
    program = CHILD.format(name=NAME, size=SIZE, sha=ARCHIVE.sha256, address=server.address, folder=str(tmp_path))
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    part = tmp_path / (NAME + ".part")
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size >= 60_000):
        assert time.monotonic() < deadline and child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    child.communicate()
    assert not (tmp_path / NAME).exists()
    fetch(server, tmp_path)
    assert server.starts[0] == 0 and server.starts[1] >= 60_000, "it started from the beginning"


PACKED = tar_of({f"{FOLDER}/a.bin": "".join(map(str, range(50_000))).encode()})


def unpack(folder: Path, body: bytes, members: tuple[str, ...] = ("a.bin",)) -> Path:
    archive = folder / "some.tar.gz"
    archive.write_bytes(body)
    downloads.unpack(archive, folder / FOLDER, members)
    return folder / FOLDER


def test_unpacking_replaces_a_folder_whole(tmp_path):
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "old").write_bytes(b"old")
    made = unpack(
        tmp_path, tar_of({f"{FOLDER}/a.bin": b"a", f"{FOLDER}/b.bin": b"b", "beside": b""}), ("a.bin", "b.bin")
    )
    assert {path.name: path.read_bytes() for path in made.iterdir()} == {"a.bin": b"a", "b.bin": b"b"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [FOLDER, "some.tar.gz"]


@pytest.mark.parametrize("name", ["../outside", f"{FOLDER}/../../outside"])
def test_an_archive_that_leaves_its_folder(tmp_path, name):
    room = tmp_path / "room"
    room.mkdir()
    with pytest.raises(OSError, match=r"is not safe to unpack.*Delete it and fetch it from a host you trust"):
        unpack(room, tar_of({f"{FOLDER}/a.bin": b"x", name: b"evil"}))
    assert [path.name for path in tmp_path.rglob("*")] == ["room", "some.tar.gz"]


def test_an_absolute_path_in_an_archive_stays_inside(tmp_path):
    outside = tmp_path / "outside"
    room = tmp_path / "room"
    room.mkdir()
    unpack(room, tar_of({f"{FOLDER}/a.bin": b"x", str(outside): b"evil"}))
    assert not outside.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"no tar at all", "cannot be unpacked (.*); delete it and fetch it again"),
        (gzip.compress(b"no tar"), "cannot be unpacked"),
        (BODY[:-50_000], "cannot be unpacked"),
        (PACKED[:1_000] + b"damaged" + PACKED[1_007:], "cannot be unpacked"),
        (tar_of({}), "lacks a.bin; delete it and fetch it again"),
        (tar_of({f"{FOLDER}/b.bin": b"x", "a.bin": b"x"}), "lacks a.bin"),
        (tar_of({f"{FOLDER}/a.bin/c": b"x"}), "lacks a.bin"),
    ],
)
def test_an_archive_that_is_damaged_or_lacks_files_leaves_all_as_it_was(tmp_path, body, said):
    (tmp_path / FOLDER).mkdir()
    with pytest.raises(OSError, match=said.replace("(.*)", r"\(.*\)")):
        unpack(tmp_path, body)
    assert sorted(path.name for path in tmp_path.iterdir()) == [FOLDER, "some.tar.gz"]
    assert not list((tmp_path / FOLDER).iterdir())


def test_no_room_to_unpack_says_where(tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "extractall", full)
    with pytest.raises(OSError, match=r"No space left on device\). Make room in .*, or set NNBOOK_CACHE") as error:
        unpack(tmp_path, BODY)
    assert error.value.errno == errno.ENOSPC and str(tmp_path) in str(error.value)
    assert os.listdir(tmp_path) == ["some.tar.gz"]


def test_a_hash_is_the_published_one(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")  # FIPS 180-4's own example
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert downloads.sha256_of(tmp_path / "abc") == expected
