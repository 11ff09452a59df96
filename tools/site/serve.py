"""Serve a built site on this machine, to a reader or to a test, and find the browser that tests it."""

import errno
import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.book import ROOT

HOST = "127.0.0.1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class OwnPort(http.server.ThreadingHTTPServer):
    """A server that does not share its port: Windows would let a second one have it too."""

    allow_reuse_address = os.name != "nt"


def server_of(site: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """Return a server of the files of a folder; port 0 is any that is free."""
    return OwnPort((HOST, port), functools.partial(QuietHandler, directory=site))


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder while a block runs; gives its address."""
    with server_of(site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


def serve(site: Path, port: int) -> int:
    """Serve a built site until Ctrl-C; return the exit code.

    Args:
        site: the folder with index.html.
        port: where a browser on this machine finds it.
    """
    if not (site / "index.html").is_file():
        print("Nothing is built yet: run 'make book' first.")
        return 1
    try:
        server = server_of(site, port)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            print(f"Port {port} is in use: stop what uses it, or run 'make serve PORT={port + 1}'.")
        else:
            print(f"Port {port} cannot be had ({error}): run 'make serve PORT=8000', or another from 1024 to 65535.")
        return 1
    with server:
        print(f"The book is at http://localhost:{server.server_port} (stop with Ctrl-C).", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def main(port: str = "8000") -> int:
    """Do the task `serve`."""
    if not port.isdecimal():
        raise SystemExit(f"PORT must be a number such as 8001, but is {port!r}.")
    return serve(ROOT / "_build" / "html", int(port))


def find_browser() -> str | None:
    """Return the Chromium of this system; None leaves it to Playwright to look for its own."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)
