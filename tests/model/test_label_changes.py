from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.model.examples import Example
from pipeline.model.label_changes import Break, read_label_changes, relabel

CHANGES = """
date = 2026-12-01
[[rename]]
from = "billing"
to = "资费"
[[merge]]
from = ["network/农村弱覆盖", "network/小区整片弱覆盖"]
to = "network/弱覆盖"
[[split]]
from = "other"
[split.into]
"咨询" = ["请问", "咨询"]
"表扬" = ["表扬"]
"""


@pytest.fixture
def changes(tmp_path):
    path = tmp_path / "changes.toml"
    path.write_text(CHANGES, encoding="utf-8")
    return read_label_changes(path)


ROWS = [
    Example("多扣了二十", ("billing", "attitude"), "重复扣费"),
    Example("村里没信号", ("network",), "农村弱覆盖"),
    Example("网速慢", ("network",), "宽带晚高峰慢"),
    Example("请问怎么办理", ("other",)),
    Example("请问能表扬吗", ("other",)),
    Example("随便说说", ("other",)),
    Example("态度差还多收费", ("attitude", "billing")),
    Example("以后的", ("other",), labelled_at="2026-12-01"),
]


def test_certain_rows_are_relabelled_and_the_others_queued(changes):
    found = relabel(ROWS, changes)
    assert [(one.labels, one.cause) for one in found.examples] == [
        (("资费", "attitude"), "重复扣费"),
        (("network",), "弱覆盖"),
        (("network",), "宽带晚高峰慢"),
        (("咨询",), ""),
        (("attitude", "资费"), ""),
        (("other",), ""),
    ]
    assert [one.text for one in found.queue] == ["请问能表扬吗", "随便说说"]
    assert found.breaks == (
        Break("2026-12-01", "rename", ("billing",), ("资费",), 2, 0),
        Break("2026-12-01", "merge", ("network/农村弱覆盖", "network/小区整片弱覆盖"), ("network/弱覆盖",), 1, 0),
        Break("2026-12-01", "split", ("other",), ("咨询", "表扬"), 1, 2),
    )


@given(st.lists(st.sampled_from(ROWS), max_size=30))
def test_no_row_is_lost_and_relabelling_again_changes_nothing(rows):
    # written here: a fixture would be made once for all examples
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "changes.toml"
        path.write_text(CHANGES, encoding="utf-8")
        changes = read_label_changes(path)
    found = relabel(rows, changes)
    assert Counter(e.text for e in (*found.examples, *found.queue)) == Counter(e.text for e in rows)
    dated = [replace(one, labelled_at="2026-12-02") for one in found.examples]
    assert list(relabel(dated, changes).examples) == dated


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date = ", "is not valid TOML"),
        ("", "give the day from which the new labels count"),
        ("day = 2026-12-01", "unknown key 'day'"),
        ('date = 2026-12-01\n[[rename]]\nfrom = "a"', r"each \[\[rename\]\] needs exactly the keys from and to"),
        ('date = 2026-12-01\n[[merge]]\nfrom = "a"\nto = "b"', r"\[\[merge\]\] has the wrong number of labels"),
        ('date = 2026-12-01\n[[rename]]\nfrom = "a"\nto = 3', r"a \[\[rename\]\] cannot be used"),
        (
            'date = 2026-12-01\n[[rename]]\nfrom = "a"\nto = "b"\n[[rename]]\nfrom = "a"\nto = "c"',
            "the label 'a' is changed twice",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "changes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_label_changes(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_label_changes(tmp_path / "none.toml")
