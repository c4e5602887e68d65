"""Workbooks that were handed out to be filled in."""

import openpyxl
import pytest

from pipeline.errors import GenyinError
from pipeline.output.handed_out import refuse_handed_out
from pipeline.output.workbook import Column, Sheet, Workbook
from tests.office import saved_by_office


@pytest.fixture
def handed_out(tmp_path):
    path = tmp_path / "queue.xlsx"
    with Workbook(path) as book:
        book.sheet(Sheet("review", (Column("label", to_fill=True),)), [("资费",)])
    return path


def test_what_nobody_saved_may_be_written_anew(handed_out):
    before = handed_out.read_bytes()
    refuse_handed_out(handed_out)
    refuse_handed_out(handed_out.with_name("new.xlsx"))
    assert handed_out.read_bytes() == before
    assert not handed_out.with_name("new.xlsx").exists()


def test_what_somebody_saved_is_refused_unless_forced(handed_out):
    openpyxl.load_workbook(handed_out).save(handed_out)
    with pytest.raises(GenyinError, match=r"queue\.xlsx is there already and was saved by somebody .* --force to"):
        refuse_handed_out(handed_out)
    refuse_handed_out(handed_out, force=True)


def test_libreoffice_saves_as_somebody(handed_out, tmp_path):
    (tmp_path / "saved").mkdir()
    with pytest.raises(GenyinError, match="was saved by somebody"):
        refuse_handed_out(saved_by_office(handed_out, tmp_path / "saved"))


@pytest.mark.parametrize("content", [b"", b"label\n", b"PK\x03\x04"])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(GenyinError, match=r"or is another file\. It was left as it is"):
        refuse_handed_out(tmp_path / "a.xlsx")
