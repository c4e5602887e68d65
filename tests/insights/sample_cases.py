"""The sample dump as the insights see it, classified and grouped once for all tests of this folder."""

import csv
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import load_model
from pipeline.insights.cases import Cases, make_cases
from pipeline.resources import data_file
from tests.conftest import genyin

Row = dict[str, str]
HEADERS = {
    "id": "工单流水号",
    "accepted": "受理时间",
    "closed": "结单日期",
    "due": "整体时限时间",
    "customer": "受理号码",
    "contact": "联系电话",
    "account": "宽带账号",
    "closing_note": "处理意见",
    "region": "投诉地市",
    "home_region": "用户归属地",
    "place": "投诉地址",
    "channel": "受理渠道",
    "product": "用户套餐",
    "campaign": "用户参加的营销活动",
    "handler_group": "处理工作组",
    "department": "责任部门",
    "operator_cause": "责任原因",
    "contact_role": "联系人角色",
    "solved": "解决程度",
    "satisfaction": "工单满意度",
    "dissatisfaction_reason": "不满意原因",
    "fee_change": "资费变化",
    "category": "category",
    "cause": "cause",
    "problem": "problem_id",
}
FLAGS = {
    "at_fault": ("责任定性", "企业有责"),
    "escalated": ("是否升级投诉", "是"),
    "escalation_threatened": ("声称升级", "是"),
}


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def told() -> dict[tuple[str, str], Row]:
    """The story planted in the dump: (complaint id, order id) = its row."""
    return {(row["工单流水号"], row["order_id"]): row for row in rows_of(data_file("sample_problems.csv"))}


@cache
def classified() -> tuple[list[Row], list[Row]]:
    """The rows of the dump with their answers, and the problems; a complaint of two orders is its first."""
    with TemporaryDirectory() as folder:
        done = genyin("classify", data_file("sample_complaints.csv"), "-o", folder, "--jobs", "1")
        assert done.returncode == 0, done.stderr
        rows, problems = rows_of(Path(folder) / "classified.csv"), rows_of(Path(folder) / "problems.csv")
    return list({row["工单流水号"]: row for row in reversed(rows)}.values())[::-1], problems


@cache
def sample_cases() -> Cases:
    rows, problems = classified()
    answers = load_model().predict([row["处理意见"] for row in rows])
    filled = [bool(row["处理意见"]) for row in rows]
    columns = {
        **{name: [row[header] for row in rows] for name, header in HEADERS.items()},
        **{name: [row[header] == yes for row in rows] for name, (header, yes) in FLAGS.items()},
        "text": [row["业务内容"] for row in rows],
        "tier": [int(row["用户星级"][0]) for row in rows],
        "label_path": [row["服务请求类别"].replace("→", " > ") for row in rows],
        "needs_review": [row["needs_review"] == "1" for row in rows],
        "closing_category": [one.category if any_ else "" for one, any_ in zip(answers, filled, strict=True)],
        "closing_cause": [one.cause if any_ else "" for one, any_ in zip(answers, filled, strict=True)],
    }
    names = ("id", "parent", "name", "category", "cause", "front_department", "back_department")
    return make_cases(columns, [{name: row[name] for name in names} for row in problems])


def planted(problem: str) -> set[str]:
    """The complaint ids of one planted story."""
    return {row["工单流水号"] for row in told().values() if row["problem"] == problem and row["role"] == "member"}
