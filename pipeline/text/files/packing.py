"""The files behind what the user typed: globs expanded, ``.gz`` and ``.zip`` unpacked under a stated limit."""

import glob
import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.errors import InputError
from pipeline.text.files.damage import damage

# A packed file may unpack to 8 GiB and, past 64 MiB, to 500 times its size: complaint texts pack 3 to 30 times.
MAX_UNPACKED = 8 << 30
MAX_RATIO = 500
_RATIO_FROM = 64 << 20
ZIP_MAGIC, GZIP_MAGIC = b"PK\x03\x04", b"\x1f\x8b"
_EMPTY_ZIP = b"PK\x05\x06"
_DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile)
_OFFICE_PARTS = ("[Content_Types].xml", "mimetype", "xl/workbook.xml")


@dataclass(frozen=True, slots=True)
class Blob:
    """The unpacked content of one file or zip member; ``name`` is what messages and rejects call it."""

    name: str
    path: Path
    packing: str = ""
    member: str = ""

    @property
    def suffix(self) -> str:
        """The suffix in lower case that tells the format, ``.csv`` for ``a.csv.gz``."""
        inner = Path(self.member or self.path.name)
        return (Path(inner.stem) if self.packing == "gzip" else inner).suffix.lower()

    @property
    def size(self) -> int:
        """Bytes on disk (of the member, unpacked, in a zip file)."""
        if self.packing == "zip":
            with zipfile.ZipFile(self.path) as archive:
                return archive.getinfo(self.member).file_size
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """Open the unpacked bytes; ``InputError`` for a missing, locked or protected file."""
        try:
            return _OPENERS[self.packing](self)
        except OSError as error:
            raise _unreadable(self.name, error) from None
        except NotImplementedError as error:
            raise _damaged(self.name, error) from error

    def head(self, size: int) -> bytes:
        """Return the first ``size`` bytes."""
        with self.open() as stream:
            return stream.read(size)


def find_blobs(inputs: Sequence[str | os.PathLike[str]]) -> list[Blob]:
    """Return every file named, matched by a glob or packed in a zip, in order and each once."""
    blobs: list[Blob] = []
    for path in dict.fromkeys(path for item in inputs for path in _expand(os.fspath(item))):
        blobs.extend(_unpack(path))
    if not blobs:
        raise InputError("no input: name at least one file, e.g. complaints.csv or 'dumps/*.xlsx'")
    return blobs


def _expand(name: str) -> list[Path]:
    if not name.strip():
        raise InputError("the name of an input is empty: name a file, e.g. complaints.csv or 'dumps/*.xlsx'")
    path = Path(name)
    if path.is_dir():
        raise InputError(f"{name} is a folder; name the files in it, e.g. {os.path.join(name, '*.csv')}")
    if path.exists():
        return [path]
    if not glob.has_magic(name):
        raise InputError(f"{name} does not exist; check the name and the folder ({Path.cwd()})")
    # Excel leaves a hidden ~$ file beside every workbook that is open
    found = [Path(hit) for hit in sorted(glob.glob(name, recursive=True)) if not Path(hit).name.startswith("~$")]
    found = [hit for hit in found if hit.is_file()]
    if not found:
        raise InputError(f"no file matches {name}")
    return found


def _unpack(path: Path) -> list[Blob]:
    name = str(path)
    magic = Blob(name, path).head(4)
    if magic.startswith(GZIP_MAGIC):
        return [Blob(name, path, "gzip")]
    if magic not in (ZIP_MAGIC, _EMPTY_ZIP):
        return [Blob(name, path)]
    try:
        with zipfile.ZipFile(path) as archive:
            parts = set(archive.namelist())
            if parts.intersection(_OFFICE_PARTS):
                _refuse_bomb(name, path.stat().st_size, sum(item.file_size for item in archive.infolist()))
                return [Blob(name, path)]
            members = [item for item in archive.infolist() if _is_table_file(item)]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _damaged(name, error) from error
    if not members:
        raise InputError(f"{name} is a zip file without any file in it")
    return [_member_blob(path, item) for item in members]


def _is_table_file(item: zipfile.ZipInfo) -> bool:
    parts = item.filename.split("/")
    return not (item.is_dir() or "__MACOSX" in parts or parts[-1].startswith((".", "~$")))


def _member_blob(path: Path, item: zipfile.ZipInfo) -> Blob:
    label = f"{path}/{_member_name(item)}"
    if item.flag_bits & 1:
        raise InputError(f"{label} is protected with a password; unpack it first")
    _refuse_bomb(label, item.compress_size, item.file_size)
    return Blob(label, path, "zip", item.filename)


def _member_name(item: zipfile.ZipInfo) -> str:
    """Windows writes Chinese member names in GBK, which the zip format then calls CP437."""
    if item.flag_bits & 0x800:
        return item.filename
    try:
        return item.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return item.filename


def _refuse_bomb(name: str, packed: int, unpacked: int) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1)):
        raise InputError(
            f"{name} unpacks to {unpacked:,} bytes from {packed:,}; the limit is {MAX_UNPACKED:,} bytes and "
            f"{MAX_RATIO} times its size. If the file is right, unpack it first"
        )


class _Guarded(io.RawIOBase):
    """A decompressing stream that stops at the limit and turns damage into a plain message."""

    def __init__(self, inner: Any, blob: Blob, packed: int, owner: Any = None) -> None:
        self._inner, self._blob, self._packed, self._owner = inner, blob, packed, owner
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except Exception as error:
            # by its name: a Python may be built without lzma
            if not isinstance(error, _DAMAGE) and type(error).__name__ != "LZMAError":
                raise
            raise _damaged(self._blob.name, error) from error
        buffer[: len(data)] = data
        self._count += len(data)
        _refuse_bomb(self._blob.name, self._packed, self._count)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            if self._owner is not None:
                self._owner.close()
        super().close()


def _open_plain(blob: Blob) -> BinaryIO:
    return blob.path.open("rb")


def _open_gzip(blob: Blob) -> BinaryIO:
    packed = blob.path.stat().st_size
    return io.BufferedReader(_Guarded(gzip.open(blob.path, "rb"), blob, packed), 1 << 18)


def _open_member(blob: Blob) -> BinaryIO:
    archive = zipfile.ZipFile(blob.path)
    item = archive.getinfo(blob.member)
    return io.BufferedReader(_Guarded(archive.open(item), blob, item.compress_size, archive), 1 << 18)


_OPENERS = {"": _open_plain, "gzip": _open_gzip, "zip": _open_member}


def _damaged(name: str, error: Exception) -> InputError:
    if isinstance(error, NotImplementedError):
        return InputError(
            f"{name} is packed in a way that cannot be read here; unpack it first, or pack it as plain zip"
        )
    return InputError(f"{name} cannot be unpacked: {damage(error)}; copy or download it again")


def _unreadable(name: str, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(f"{name} does not exist any more")
    if isinstance(error, PermissionError):
        return InputError(f"{name} cannot be opened: is it open in Excel, or are its rights missing?")
    return InputError(f"{name} cannot be opened: {error.strerror or error}")
