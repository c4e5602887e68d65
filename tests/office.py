"""What a spreadsheet program makes of a workbook: LibreOffice opens it and saves it again."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def saved_by_office(path: Path, folder: Path, kind: str = "xlsx") -> Path:
    """Open ``path`` in LibreOffice, save it into ``folder`` and return the new file; skips where there is none."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        message = "LibreOffice is not installed (soffice was not found)"
        if os.environ.get("GENYIN_REQUIRE_OFFICE") == "1":
            pytest.fail(message)
        pytest.skip(message + "; install it to test the way through a spreadsheet program")
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{kind}"
