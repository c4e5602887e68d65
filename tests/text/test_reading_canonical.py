import pandas as pd

from pipeline.records import Chunk, Role
from pipeline.text.files.canonical import to_frame, to_typed

HEADERS = ("id", "手机", "time", "星级", "升级", "是否投诉", "意见", "备注")
ROLES = {
    Role.COMPLAINT_ID: ("id",),
    Role.CUSTOMER_NUMBER: ("手机",),
    Role.ACCEPT_TIME: ("time",),
    Role.TIER: ("星级",),
    Role.ESCALATED: ("升级",),
    Role.IS_COMPLAINT: ("是否投诉",),
    Role.CLOSING_NOTE: ("意见", "备注"),
}


def chunk(*rows):
    return Chunk("a.csv", "", HEADERS, [list(row) for row in rows], list(range(2, 2 + len(rows))), [""] * len(rows))


FIRST = chunk(
    ("007", "0100", "2019/3/7 17:18:50", "4星黄金", "是", "0", "已退费", "客户认可"),
    ("008", "", "43531.5", "钻卡", "否", "1", "", "未联系"),
)
SECOND = chunk(("009", "0100", "不知道", "未知", "", "0", "", ""))


def test_roles_become_typed_columns():
    frame = to_frame([FIRST, SECOND], ROLES)
    assert list(frame.columns) == [role.value for role in ROLES]
    assert frame["complaint_id"].tolist() == ["007", "008", "009"]
    assert frame["customer_number"].tolist() == ["0100", "", "0100"]
    assert pd.api.types.is_datetime64_any_dtype(frame["accept_time"])
    assert [str(time) for time in frame["accept_time"]] == ["2019-03-07 17:18:50", "2019-03-07 12:00:00", "NaT"]
    assert frame["tier"].tolist() == [4, 7, pd.NA]
    assert frame["escalated"].tolist() == [True, False, pd.NA]
    assert frame["closing_note"].tolist() == ["已退费\n客户认可", "未联系", ""]


def test_what_cannot_be_typed_is_remarked_and_unclear_flags_stay_text():
    typed = to_typed([FIRST, SECOND], ROLES)
    assert typed.frame["is_complaint"].tolist() == ["0", "1", "0"]
    assert [(r.role, r.problem, r.count, r.examples) for r in typed.remarks] == [
        (Role.ACCEPT_TIME, "the time cannot be read", 1, ("不知道",)),
        (Role.TIER, "the tier is not known", 1, ("未知",)),
        (Role.IS_COMPLAINT, "which value means yes is not clear", 3, ("0", "1")),
    ]


def test_one_chunk_missing_columns_and_no_rows():
    frame = to_frame(chunk(), ROLES)
    assert (len(frame), list(frame.columns)) == (0, [role.value for role in ROLES])
    assert pd.api.types.is_datetime64_any_dtype(frame["accept_time"])
    assert to_frame(FIRST, {Role.PLACE: ("地址",)})["place"].tolist() == ["", ""]


def test_of_several_columns_named_for_a_role_the_first_that_is_filled_counts():
    cells = Chunk("a.csv", "", ("区县", "地市"), [["江北区", "临江市"], ["", "东港市"]], [2, 3], ["", ""])
    assert to_frame(cells, {Role.INCIDENT_REGION: ("区县", "地市")})["incident_region"].tolist() == ["江北区", "东港市"]
