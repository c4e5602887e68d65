"""A result folder that is complete or untouched: files are written beside their place and renamed together."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import GenyinError, UsageError


@dataclass(slots=True)
class ResultFolder:
    """Hands out temporary paths; ``commit`` renames all of them to their final names."""

    folder: Path
    _parts: dict[Path, Path] = field(default_factory=dict)
    # folders that did not stand before, the innermost first
    _new: tuple[Path, ...] = ()

    def path(self, name: str) -> Path:
        """Return the temporary path to write the file ``name`` to."""
        final = self.folder / name
        part = self.folder / f".{name}.{os.getpid()}.part"
        self._parts[final] = part
        return part

    def commit(self) -> None:
        """Rename everything handed out to its final name."""
        for final, part in self._parts.items():
            _replace(part, final)

    def discard(self) -> None:
        """Remove whatever was not committed, and the folders that were made for it."""
        for part in self._parts.values():
            # nothing can be removed from a disk that is read only, and what went wrong there is to be told
            with suppress(OSError):
                part.unlink(missing_ok=True)
        for folder in self._new:
            # one with anything in it stays
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def result_folder(folder: Path) -> Iterator[ResultFolder]:
    """Open a result folder; its files appear when the block ends well, and none of them when it does not."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; give a folder for the results (-o FOLDER).")
    new = tuple(one for one in (folder, *folder.parents) if not one.exists())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GenyinError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    results = ResultFolder(folder, _new=new)
    try:
        yield results
        results.commit()
    except OSError as error:
        raise GenyinError(
            f"Writing to {folder} failed: {error.strerror or error}. Check the free space and the permissions; "
            "nothing was changed there."
        ) from error
    finally:
        results.discard()


def _replace(part: Path, final: Path) -> None:
    try:
        os.replace(part, final)
    except PermissionError as error:
        raise GenyinError(
            f"{final} cannot be replaced; is it open in Excel? Close it and run again, or choose another folder (-o)."
        ) from error
