"""Serving the built site."""

import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.conftest import ROOT
from tools.site.serve import serve, served


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text("<h1>The book</h1>", "utf-8")
    return tmp_path


def test_files_are_served_without_a_word(site, capfd):
    with served(site) as address, urllib.request.urlopen(f"{address}/index.html") as answer:
        assert answer.read() == b"<h1>The book</h1>"
    assert capfd.readouterr() == ("", "")


def test_nothing_is_built(tmp_path, capsys):
    assert serve(tmp_path, 0) == 1
    assert capsys.readouterr().out == "Nothing is built yet: run 'make book' first.\n"


def test_a_port_in_use_is_said(site, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve(site, port) == 1
    assert capsys.readouterr().out == (
        f"Port {port} is in use: stop what uses it, or run 'make serve PORT={port + 1}'.\n"
    )


def test_a_port_that_does_not_exist_is_said(site, capsys):
    assert serve(site, 70_000) == 1
    assert "Port 70000 cannot be had" in capsys.readouterr().out


def test_a_reader_gets_the_address(site):
    code = f"from pathlib import Path\nfrom tools.site.serve import serve\nserve(Path({str(site)!r}), 0)"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline()
        address = line.split()[4]
        with urllib.request.urlopen(address.replace("localhost", "127.0.0.1")) as answer:
            assert answer.status == 200
        server.terminate()
    assert line == f"The book is at {address} (stop with Ctrl-C).\n"
