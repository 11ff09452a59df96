"""A download that ends in a verified file or in one clear sentence, never in a half-written file."""

import gzip
import hashlib
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import requests
from tqdm import tqdm

CHUNK = 1 << 16
CONNECT_SECONDS = 15
STALL_SECONDS = 30
TRIES = 4  # in a row without a single new byte
PAUSE_SECONDS = 2.0


class Archive(NamedTuple):
    """What a file must be, whatever host it comes from: its name, bytes and SHA-256."""

    name: str
    size: int
    sha256: str


class _Unusable(Exception):
    """This address cannot give the file; another one may."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(archive: Archive, addresses: Sequence[str], folder: Path, say: Callable[[str], None] = print) -> Path:
    """Fetch an archive into a folder, going on where an earlier try stopped.

    What has arrived is kept in `NAME.part`; only a file with the right size and SHA-256 gets its own
    name. Addresses are tried in turn. TLS certificates are always checked.

    Args:
        archive: name, size in bytes and SHA-256 of the wanted file.
        addresses: complete URLs, best first.
        folder: where to put it; made if it is missing.
        say: told in one line when an address is given up.

    Returns:
        The path of the verified file.

    Raises:
        OSError: every address failed, or the folder cannot be written; the message says what to do.
    """
    target, part = folder / archive.name, folder / (archive.name + ".part")
    if target.exists():
        if sha256_of(target) == archive.sha256:
            return target
        say(f"{target} is damaged (its SHA-256 is wrong); fetching it again.")
        target.unlink()
    reasons = []
    for address in addresses:
        try:
            _fetch(address, archive, part)
            part.replace(target)
            return target
        except _Unusable as reason:
            reasons.append(f"{address}: {reason}")
            say(reasons[-1])
    raise OSError(
        f"Could not get {archive.name} ({archive.size:,} bytes). Tried "
        + "; ".join(reasons)
        + ". Try again later (what has arrived is kept and the download goes on there), or set NNBOOK_MIRROR to an "
        "address that has the file, or NNBOOK_CIFAR10 to a folder with its unpacked .bin files."
    )


def _fetch(address: str, archive: Archive, part: Path) -> None:
    """Fill `part` from one address and verify it; a part that proves wrong is removed and fetched afresh once."""
    for resumed in (_size(part) > 0, False):
        _fill(address, archive, part)
        if sha256_of(part) == archive.sha256:
            return
        part.unlink()
        if not resumed:
            break
    raise _Unusable("it sent a file of the right size with the wrong SHA-256, so not the archive")


def _fill(address: str, archive: Archive, part: Path) -> None:
    """Append to `part` until it has the archive's size."""
    if _size(part) > archive.size:
        part.unlink()
    tries = 0
    with tqdm(
        total=archive.size, initial=_size(part), unit="B", unit_scale=True, desc=archive.name, mininterval=0.5
    ) as bar:
        while _size(part) < archive.size:
            before = _size(part)
            try:
                reason = _append(address, archive, part, bar)
            except requests.exceptions.SSLError as error:
                raise _Unusable(f"its TLS certificate was refused ({error.__class__.__name__})") from None
            except requests.RequestException as error:
                reason = _in_words(error)
            if _size(part) > before:
                tries = 0
            elif reason:
                tries += 1
                if tries == TRIES:
                    raise _Unusable(f"{reason} ({tries} tries)")
                time.sleep(PAUSE_SECONDS * tries)


def _append(address: str, archive: Archive, part: Path, bar: tqdm) -> str:
    """Ask for what is missing and write what comes; return why it fell short, or an empty string."""
    start = _size(part)
    headers = {"Range": f"bytes={start}-"} if start else {}
    headers["Accept-Encoding"] = "identity"
    with requests.get(address, headers=headers, stream=True, timeout=(CONNECT_SECONDS, STALL_SECONDS)) as response:
        if response.status_code in (429, 500, 502, 503, 504):
            return f"the server answered {response.status_code} {response.reason}"
        if response.status_code == 416:
            part.unlink()
            return "the server has no more bytes to send"
        if response.status_code not in (200, 206):
            raise _Unusable(f"the server answered {response.status_code} {response.reason}")
        if response.status_code == 200 and start:
            start = 0
            bar.reset(total=archive.size)
        announced = response.headers.get("Content-Length")
        if announced and int(announced) != archive.size - start:
            kind = response.headers.get("Content-Type", "unknown type")
            raise _Unusable(
                f"it offers {int(announced):,} bytes of {kind} where {archive.size - start:,} were expected, "
                "so not the archive (a login or error page?)"
            )
        try:
            with part.open("ab" if start else "wb") as file:
                for chunk in response.iter_content(CHUNK):
                    file.write(chunk)
                    bar.update(len(chunk))
                    if file.tell() > archive.size:
                        break
        except requests.RequestException:
            raise
        except OSError as error:
            raise OSError(
                error.errno,
                f"Cannot write {part} ({error.strerror}). Free {archive.size - _size(part):,} bytes there, or set "
                "NNBOOK_CACHE to a folder with room; the download then goes on where it stopped.",
            ) from None
    if _size(part) > archive.size:
        part.unlink()
        raise _Unusable("it sends more bytes than the archive has")
    return "" if _size(part) == archive.size else "the connection closed before the end"


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _in_words(error: requests.RequestException) -> str:
    if isinstance(error, requests.ConnectTimeout | requests.ReadTimeout) or "timed out" in str(error):
        return f"nothing came for {STALL_SECONDS} s"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection closed before the end"
    if isinstance(error, requests.ConnectionError):
        return "no connection (is the address right, and the network on?)"
    return str(error)


def unpack(archive: Path, folder: Path, members: Iterable[str]) -> None:
    """Unpack a .tar.gz into `folder`, whole or not at all; `folder` is replaced if it exists.

    Args:
        archive: the .tar.gz file.
        folder: gets the files below the archive's own top folder of the same name.
        members: the file names that must be there.

    Raises:
        OSError: the archive is damaged, lacks a member, holds a path outside its folder, or there is no room.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unpacking-") as room:
        try:
            with tarfile.open(archive) as tar:
                tar.extractall(room, filter="data")
        except tarfile.FilterError as error:
            raise OSError(
                f"{archive} is not safe to unpack: {error}. Delete it and fetch it from a host you trust."
            ) from None
        except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise OSError(f"{archive} cannot be unpacked ({error}); delete it and fetch it again.") from None
        except OSError as error:
            raise OSError(
                error.errno,
                f"Cannot unpack {archive} ({error.strerror}). Make room in {folder.parent}, or set NNBOOK_CACHE to a "
                "folder with room, and try again.",
            ) from None
        fresh = Path(room) / folder.name
        missing = [name for name in members if not (fresh / name).is_file()]
        if missing:
            raise OSError(f"{archive} lacks {', '.join(missing)}; delete it and fetch it again.")
        if folder.exists():
            folder.replace(Path(room) / "old")
        fresh.replace(folder)
