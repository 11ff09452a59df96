"""The program that draws formulas: it starts on a busy machine and in a deep folder, and is stopped if it does not."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sphinxcontrib.katex
from sphinxcontrib.katex import KaTeXError, KaTeXServer

from tools.site import formulas

BUSY = [sys.executable, "-c", "while True: pass"]


@contextmanager
def busy_machine() -> Iterator[None]:
    """Two processes that never wait."""
    with ExitStack() as stack:
        for _ in range(2):
            stack.callback(stack.enter_context(subprocess.Popen(BUSY)).kill)
        yield


@pytest.fixture(autouse=True)
def node(monkeypatch):
    monkeypatch.setattr(sphinxcontrib.katex, "NODEJS_BINARY", str(formulas.NODE))


@contextmanager
def started(folder: Path, timeout: float = formulas.SECONDS) -> Iterator[KaTeXServer]:
    process, connection = formulas.start_server(KaTeXServer, folder, timeout)
    try:
        yield KaTeXServer(folder, process, connection)
    finally:
        connection.close()
        process.kill()
        process.communicate()


def draws(server: KaTeXServer) -> bool:
    return "katex" in server.render({"latex": "x^2", "katex_options": {}}, formulas.SECONDS).get("html", "")


@pytest.mark.parametrize("starts", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_no_start_is_refused_on_a_busy_machine(tmp_path, starts):
    with busy_machine():
        for number in range(starts):
            folder = tmp_path / str(number)
            folder.mkdir()
            with started(folder) as server:
                assert draws(server)


def test_a_socket_that_is_there_before_anyone_listens_is_waited_for(tmp_path, monkeypatch):
    """A stand-in for Node that makes the file, waits, and only then listens: what kills builds at random."""
    slow = (
        "import socket, sys, time\n"
        "one = socket.socket(socket.AF_UNIX); one.bind(sys.argv[1]); time.sleep(0.5); one.listen(); one.accept()\n"
        "time.sleep(5)"
    )
    monkeypatch.setattr(
        KaTeXServer,
        "build_command",
        classmethod(lambda cls, socket=None, port=None: [sys.executable, "-c", slow, str(socket)]),
    )
    with started(tmp_path):
        pass


def test_a_deep_folder_for_passing_files_will_do(tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with started(Path(tempfile.mkdtemp())) as server:
        assert draws(server)


@pytest.mark.parametrize("program", ["import sys; sys.exit(1)", "import time; time.sleep(60)"])
def test_a_program_that_does_not_answer_is_an_error(tmp_path, monkeypatch, program):
    monkeypatch.setattr(
        KaTeXServer,
        "build_command",
        classmethod(lambda cls, socket=None, port=None: [sys.executable, "-c", program]),
    )
    with pytest.raises(KaTeXError, match="build again"), started(tmp_path, timeout=1.0):
        pass


def test_the_site_starts_it_so():
    """The library's own way is replaced as soon as the extension is loaded."""

    class App:
        config = type("Config", (), {"html_static_path": []})()

        def setup_extension(self, name: str) -> None: ...

    formulas.set_up(App())
    assert KaTeXServer.start_server_process.__func__ is formulas.start_server
