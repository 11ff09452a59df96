"""A download that ends in a verified file or in one clear sentence, never in a half-written file."""

import gzip
import hashlib
import io
import os
import re
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from tqdm import tqdm

CHUNK = 1 << 16
CONNECT_SECONDS = 15
STALL_SECONDS = 30
TRIES = 4  # in a row without a single new byte
PAUSE_SECONDS = 2.0
PASSING = (408, 425, 429, 500, 502, 503, 504)  # answers that may be better in a moment
GZIP_BEGINS = b"\x1f\x8b"  # RFC 1952, section 2.3.1
INVALID = (requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL)
CONTENT_RANGE = re.compile(r"bytes\s+(?:(\d+)-(\d+)|\*)/(\d+|\*)", re.IGNORECASE)
WHAT_TO_DO = {
    401: "it asks for a name and a password: set NNBOOK_MIRROR to http://NAME:PASSWORD@HOST/FOLDER/",
    403: "it gives the file to others only: set NNBOOK_MIRROR to another address",
    404: "it has no such file: NNBOOK_MIRROR must name the folder that holds it",
    511: "the network wants you to log in: open any page in a browser first",
}


class Archive(NamedTuple):
    """What a .tar.gz must be, whatever host it comes from: its name, bytes and SHA-256."""

    name: str
    size: int
    sha256: str


class _Unusable(Exception):
    """This address cannot give the file; another one may."""


class _Unfit(Exception):
    """The answer does not go on where the part ends, so one of the two is wrong."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(archive: Archive, addresses: Sequence[str], folder: Path, say: Callable[[str], None] = print) -> Path:
    """Fetch an archive into a folder, going on where an earlier try stopped.

    What has arrived is kept in `NAME.part`, which only grows: where an answer contradicts it, the whole
    is fetched into a second file, and what proves wrong is taken back. Only a file with the right size and
    SHA-256 gets the archive's name. Addresses are tried in turn. TLS certificates are always checked.

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
            _fetch(address, archive, part).replace(target)
            part.unlink(missing_ok=True)
            return target
        except _Unusable as reason:
            reasons.append(f"{_without_password(address)}: {reason}")
            say(reasons[-1])
    raise OSError(
        f"Could not get {archive.name} ({archive.size:,} bytes). Tried "
        + "; ".join(reasons)
        + ". Try again later (what has arrived is kept and the download goes on there), or set NNBOOK_MIRROR to an "
        "address that has the file, or NNBOOK_CIFAR10 to a folder with its unpacked .bin files."
    )


def _fetch(address: str, archive: Archive, part: Path) -> Path:
    """Return a verified file: the part, completed by one address, or the whole from there if they do not agree."""
    afresh = part.with_name(archive.name + ".afresh.part")
    if _size(afresh) > _size(part):  # of two beginnings, go on with the longer
        afresh.replace(part)
    afresh.unlink(missing_ok=True)
    for file in (part, afresh):
        begun = _size(file)
        try:
            _fill(address, archive, file)
            if sha256_of(file) == archive.sha256:
                return file
            reason, blame = "it sent a file of the right size with the wrong SHA-256, so not the archive", not begun
        except _Unfit as error:
            reason, blame = str(error), False
        _cut(file, begun)
        if blame:  # all of it came from here
            break
    raise _Unusable(reason)


def _fill(address: str, archive: Archive, file: Path) -> None:
    """Append to a file until it has the archive's size."""
    if _size(file) > archive.size:
        file.unlink()
    tries = 0
    with tqdm(
        total=archive.size, initial=_size(file), unit="B", unit_scale=True, desc=archive.name, mininterval=0.5
    ) as bar:
        while (before := _size(file)) < archive.size:
            try:
                reason = _append(address, archive, file, bar)
            except requests.RequestException as error:
                reason = _in_words(error, address)
            tries = 0 if _size(file) > before else tries + 1
            if tries == TRIES:
                raise _Unusable(f"{reason} ({tries} tries)")
            if tries:
                time.sleep(PAUSE_SECONDS * tries)


def _append(address: str, archive: Archive, file: Path, bar: tqdm) -> str:
    """Ask for what is missing and add what comes; return why it may fall short."""
    start = _size(file)
    with _ask(address, start) as response:
        if response.status_code in PASSING:
            return _status(response)
        new = _beyond(response, _first_byte(response, archive, start), file)
        if head := next(new, b""):  # an answer that cannot be the file ends here, before anything is touched
            _add(chain([head], new), archive, file, bar)
    return "the connection closed before the end"


def _ask(address: str, start: int) -> requests.Response:
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        return requests.get(address, headers=headers, stream=True, timeout=(CONNECT_SECONDS, STALL_SECONDS))
    except requests.RequestException:
        raise
    except OSError as error:  # requests' own word for a bundle of certificates that is not there
        raise _Unusable(f"{error}; set REQUESTS_CA_BUNDLE to the right file, or unset it") from None


def _first_byte(response: requests.Response, archive: Archive, start: int) -> int:
    """Return where in the file an answer begins, after all that its head may say against its being the file."""
    code, length = response.status_code, _number(response.headers.get("Content-Length"))
    if code not in (200, 206) and not (code == 416 and start):
        raise _Unusable(_status(response))
    first, end = (0, archive.size) if code == 200 else _range(response, archive)
    if code == 206 and first < 0 and length == archive.size - start:  # no word of where, but just what is missing
        first, end = start, archive.size
    if not 0 <= first <= start < end <= archive.size:
        raise _Unfit(f"it does not go on at byte {start:,} ({_status(response)})")
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip"):  # gzip is what many a server thinks of the ending .gz
        raise _Unusable(
            f"it packs the file once more (Content-Encoding: {encoding}) though asked not to; set the server to send "
            ".gz files as they are"
        )
    if length is not None and length != end - first:
        raise _Unusable(
            f"it offers {length:,} bytes of {_kind(response)} where {end - first:,} were expected, "
            "so not the archive (a login or error page?)"
        )
    return first


def _range(response: requests.Response, archive: Archive) -> tuple[int, int]:
    """Return the first byte and the end that `Content-Range` names, or (-1, -1) if it names none."""
    found = CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    first, last, total = found.groups() if found else (None, None, None)
    if (size := _number(total)) not in (None, archive.size):
        raise _Unusable(f"its file has {size:,} bytes where {archive.size:,} were expected, so not the archive")
    return (int(first), int(last) + 1) if first and last else (-1, -1)


def _beyond(response: requests.Response, first: int, file: Path) -> Iterator[bytes]:
    """Yield what an answer has beyond the end of a file; what it repeats must be the same."""
    response.raw.headers.discard("Content-Encoding")  # or requests would unpack what we want packed
    chunks, head = response.iter_content(CHUNK), b""
    while first == 0 and len(head) < len(GZIP_BEGINS) and (chunk := next(chunks, b"")):
        head += chunk
    if head and not head.startswith(GZIP_BEGINS):
        raise _Unusable(
            f"it sends {_kind(response)} that does not begin like a .gz file, so not the archive (a login or error "
            "page? open the address in a browser)"
        )
    missing = max(_size(file) - first, 0)
    with file.open("rb") if missing else io.BytesIO() as kept:
        kept.seek(first)
        for chunk in chain([head], chunks):
            repeated, new = chunk[:missing], chunk[missing:]
            if kept.read(len(repeated)) != repeated:
                raise _Unfit("it sends other bytes than those that had arrived")
            missing -= len(repeated)
            if new:
                yield new


def _add(chunks: Iterable[bytes], archive: Archive, file: Path, bar: tqdm) -> None:
    """Append to a file, up to the archive's size."""
    start = _size(file)
    try:
        with file.open("ab") as out:
            for chunk in chunks:
                out.write(chunk)
                bar.update(len(chunk))
                if out.tell() > archive.size:
                    break
    except requests.RequestException:
        raise
    except OSError as error:
        raise OSError(
            error.errno,
            f"Cannot write {file} ({error.strerror}). Free {archive.size - _size(file):,} bytes there, or set "
            "NNBOOK_CACHE to a folder with room; the download then goes on where it stopped.",
        ) from None
    if _size(file) > archive.size:
        _cut(file, start)
        raise _Unusable("it sends more bytes than the archive has")


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _cut(file: Path, size: int) -> None:
    """Take back what came after the first `size` bytes."""
    if size:
        os.truncate(file, size)
    else:
        file.unlink(missing_ok=True)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _kind(response: requests.Response) -> str:
    kind = response.headers.get("Content-Type", "unknown type")
    return f"{kind} from {urlsplit(response.url).netloc}, where it sends on," if response.history else kind


def _without_password(address: str) -> str:
    return re.sub(r"//[^/@]*@", "//", address)


def _proxy(address: str) -> str | None:
    """Return the proxy that the environment names for an address."""
    proxy = requests.utils.select_proxy(address, requests.utils.get_environ_proxies(address))
    return _without_password(proxy) if proxy else None


def _status(response: requests.Response) -> str:
    if response.status_code == 407:
        return _proxy_in_words("407", response.url)
    by = f", by way of the proxy {proxy}" if (proxy := _proxy(response.url)) else ""
    hint = WHAT_TO_DO.get(response.status_code, "")
    return f"the server answered {response.status_code} {response.reason}{by}" + (hint and f"; {hint}")


def _proxy_in_words(said: str, address: str) -> str:
    where = urlsplit(address)
    variable = f"{where.scheme.upper()}_PROXY"
    if "407" in said:
        return (
            f"the proxy {_proxy(address)} asks for a name and a password (407): set {variable} to "
            "http://NAME:PASSWORD@HOST:PORT"
        )
    if refused := re.search(r"Tunnel connection failed: (\d+ [^')]*)", said):
        return (
            f"the proxy {_proxy(address)} refuses to pass this on ({refused[1]}): set NNBOOK_MIRROR to an address that "
            f"it allows, or NO_PROXY={where.hostname} if this network needs no proxy"
        )
    return (
        f"the proxy {_proxy(address)} does not answer: set {variable} to the right one, or "
        f"NO_PROXY={where.hostname} if this network needs none"
    )


def _in_words(error: requests.RequestException, address: str) -> str:
    """Say what went wrong on the way, if another try may help; else give the address up."""
    said = str(error)
    if isinstance(error, requests.exceptions.ProxyError):
        words = _proxy_in_words(said, address)
        if "does not answer" in words:
            return words
        raise _Unusable(words) from None
    if refused := re.search("certificate verify failed:? ?([^(']*)", said):
        raise _Unusable(
            f"its TLS certificate was refused ({refused[1].strip() or 'not trusted'}): if your network opens TLS, set "
            "REQUESTS_CA_BUNDLE to the file of its certificates; if the clock of this machine is wrong, set it"
        ) from None
    if "wrong version number" in said.lower().replace("_", " "):
        raise _Unusable("it does not speak TLS: does its address begin with http:// instead of https://?") from None
    if isinstance(error, requests.exceptions.SSLError):
        return "the TLS connection failed (if REQUESTS_CA_BUNDLE is set, does it name a file of certificates?)"
    if isinstance(error, INVALID):
        if re.match("https?://[^/:]", address) and (proxy := _proxy(address)):
            raise _Unusable(
                f"the proxy {proxy} cannot be used: set HTTP_PROXY and HTTPS_PROXY to http://HOST:PORT"
            ) from None
        raise _Unusable("no address: set NNBOOK_MIRROR to one that begins with http:// or https://") from None
    if isinstance(error, requests.TooManyRedirects):
        raise _Unusable("it sends on in a circle (a login page? open the address in a browser)") from None
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS} s"
    if isinstance(error, requests.ReadTimeout) or "timed out" in said:
        return f"nothing came for {STALL_SECONDS} s"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection closed before the end"
    if isinstance(error, requests.ConnectionError):
        return "no connection (is the address right, and the network on?)"
    return said


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
            with tarfile.open(archive, "r:gz") as tar:
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
