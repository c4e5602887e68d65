"""The register's complaints as the table of the insights, and its knowledge beside a dump."""

import csv
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import RegisterError
from pipeline.register.arriving import identity_of
from pipeline.register.store import Options, open_register
from pipeline.workflow.insights.cases import CaseOptions, build_cases
from pipeline.workflow.insights.making import InsightRun, insights
from pipeline.workflow.insights.register_cases import cases_of_register, with_register
from pipeline.workflow.problems import FindOptions, find_problems
from pipeline.workflow.review.reviewing import ReviewRun, review

STORIES = (
    ("流量包到期自动续订，多扣了十五元", "10000热线"),
    ("宽带晚上特别慢，看视频老是卡住", "12300网站"),
    ("约好装机的师傅没有来", "营业厅"),
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory, small_model):
    """A dump of 30 complaints loaded into a register, in which the largest problem was analysed and renamed."""
    folder = tmp_path_factory.mktemp("kept")
    path = folder / "dump.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["工单流水号", "业务内容", "受理号码", "受理时间", "投诉地市", "受理渠道", "用户星级"])
        for i in range(30):
            text, channel = STORIES[i % 3]
            told = f"{text}，用户来电{'催问' if i % 2 else '要求处理'}第{i // 6 + 1}回"
            writer.writerow(
                [f"TS{i:04}", told, f"1990000{i % 9:04}", f"2026-03-{i + 1:02} 09:00:00", "临江市", channel, "5星"]
            )
    address = f"sqlite:///{folder / 'register.db'}"
    options = FindOptions(small_model, jobs=1, register=address, key_file=folder / "key", answers=True)
    found = find_problems([path], folder / "out", options)
    largest = found.change.new[0]
    with open_register(address, Options(who="王工")) as register:
        register.move(largest, "open", {"priority": "高"})
        register.rename(largest, "流量包到期自动续订")
    return folder, address, largest, CaseOptions(model=small_model, jobs=1, key_file=folder / "key")


def test_the_registers_complaints_become_cases(kept):
    _, address, largest, options = kept
    cases = cases_of_register(address, options).cases
    frame = cases.frame
    assert len(cases) == 30
    assert cases.given >= {"id", "accepted", "customer", "text", "category", "problem", "region", "channel", "tier"}
    assert set(frame["region"]) == {"临江"}
    assert int(frame["escalated"].sum()) == 10
    assert frame["tier"].dtype == "Int8"
    (row,) = cases.problems[cases.problems["id"] == largest].to_dict("records")
    assert (row["name"], row["state"], row["priority"]) == ("流量包到期自动续订", "open", "高")
    assert largest in set(frame["problem"])


def of_before(address, tmp_path, where=""):
    """A copy of a register in which nobody knows of the complaints (of some) how sure the model was."""
    copy = tmp_path / "before.db"
    copy.write_bytes(Path(address.removeprefix("sqlite:///")).read_bytes())
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute(f"UPDATE complaints SET confidence = NULL, needs_review = NULL {where}")
    return f"sqlite:///{copy}"


@pytest.fixture(scope="module")
def unsure(tmp_path_factory, small_model):
    """A register of a dump of which the model cannot read some complaints."""
    folder = tmp_path_factory.mktemp("unsure")
    lines = ["工单流水号,业务内容,受理时间"]
    for i in range(12):
        text = f"今天天气不错第{i}回" if i % 4 == 0 else f"{STORIES[i % 3][0]}第{i}回"
        lines.append(f"TS{i:04},{text},2026-03-{i + 1:02} 09:00:00")
    (folder / "dump.csv").write_text("\n".join(lines), encoding="utf-8")
    address = f"sqlite:///{folder / 'register.db'}"
    find = FindOptions(small_model, jobs=1, register=address, key_file=folder / "key", answers=True)
    find_problems([folder / "dump.csv"], folder / "out", find)
    return folder, address, CaseOptions(model=small_model, jobs=1, key_file=folder / "key")


def test_what_the_register_holds_is_as_sure_as_in_the_run(unsure):
    folder, address, options = unsure
    ran = build_cases([folder / "out" / "classified.csv"], options).cases.frame
    held = cases_of_register(address, options).cases
    identities = [identity_of(one) for one in ran["id"]]
    assert held.frame["id"].tolist() == identities
    for name in ("category", "cause", "confidence", "needs_review"):
        assert held.frame[name].tolist() == ran[name].tolist(), name
    assert 0 < ran["needs_review"].sum() < 12
    assert "needs_review" in held.given


def test_the_pack_of_a_register_says_how_many_need_review(unsure, tmp_path):
    folder, address, options = unsure
    made = review((), tmp_path, ReviewRun(InsightRun(options, register=address)))
    of_dump = review([folder / "dump.csv"], tmp_path / "dump", ReviewRun(InsightRun(options)))
    assert made.summary.about.needs_review == of_dump.summary.about.needs_review > 0
    book = openpyxl.load_workbook(tmp_path / "review.xlsx", read_only=True)
    assert len(list(book["待复核"].iter_rows(min_row=2))) == made.summary.about.needs_review


def test_the_pack_of_a_month_counts_the_month_and_the_whole_register(kept, tmp_path):
    _, address, largest, options = kept
    since = date(2026, 3, 16)
    made = review((), tmp_path, ReviewRun(InsightRun(options, register=address, since=since)))
    header, *rows = openpyxl.load_workbook(tmp_path / "review.xlsx", read_only=True)["问题清单"].iter_rows(
        values_only=True
    )
    told = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    with open_register(address) as register:
        problems = register.problems()
        own = {one.id: [each.complaint for each in register.members(one.id)] for one in problems}
    whole = {one.id: (one.complaints, one.customers) for one in problems}
    parts = {one.id: [one.id, *(part.id for part in problems if part.parent == one.id)] for one in problems}
    late = {
        one: len({each.id for part in held for each in own[part] if each.accepted >= since.isoformat()})
        for one, held in parts.items()
    }
    assert {one: row["评审期投诉量"] for one, row in told.items()} == late
    assert {one: (row["累计投诉量"], row["累计客户数"]) for one, row in told.items()} == whole
    assert 0 < late[largest] < whole[largest][0]
    (line,) = (one for one in made.summary.lines if one.id == largest)
    assert (line.rows, line.whole) == (late[largest], whole[largest][0])
    page = (tmp_path / "review.html").read_text(encoding="utf-8")
    assert page.index("评审期投诉量</th>") < page.index("累计投诉量</th>")


def test_a_pack_without_a_register_has_one_count(kept, tmp_path):
    folder, _, _, options = kept
    made = review([folder / "dump.csv"], tmp_path, ReviewRun(InsightRun(options)))
    assert {one.whole for one in made.summary.lines} == {None}
    assert "累计投诉量" not in (tmp_path / "review.html").read_text(encoding="utf-8")


def test_of_a_register_of_before_it_is_not_known_how_many_need_review(unsure, tmp_path):
    _, address, options = unsure
    some = cases_of_register(of_before(address, tmp_path, "WHERE id > 6"), options).cases
    whole = cases_of_register(address, options).cases
    assert some.frame["needs_review"].tolist() == [*whole.frame["needs_review"][:6], *[False] * 6]
    assert some.frame["needs_review"].any()
    assert "needs_review" not in some.given


def test_the_pack_of_a_register_does_not_say_that_nothing_needs_review(kept, tmp_path):
    _, kept_address, _, options = kept
    address = of_before(kept_address, tmp_path)
    made = review((), tmp_path, ReviewRun(InsightRun(options, register=address)))
    assert (made.summary.about.needs_review, made.summary.about.from_register) == (None, True)
    sheets = openpyxl.load_workbook(tmp_path / "review.xlsx", read_only=True).sheetnames
    assert "问题明细" in sheets
    assert "待复核" not in sheets
    page = (tmp_path / "review.html").read_text(encoding="utf-8")
    assert "台账有投诉 30 件（重复的行只记一件）" in page
    assert "待人工复核：未知（部分投诉由旧版本存入" in page
    assert "30 件投诉计入" in (tmp_path / "review.md").read_text(encoding="utf-8")
    beside = review([kept[0] / "dump.csv"], tmp_path / "dump", ReviewRun(InsightRun(options, register=address)))
    assert (beside.summary.about.needs_review is None, beside.summary.about.from_register) == (False, False)


def test_a_dump_gets_permanent_ids_states_and_names(kept):
    folder, address, largest, options = kept
    built = build_cases([folder / "out" / "classified.csv"], options)
    known = with_register(built, address).cases
    (row,) = known.problems[known.problems["id"] == largest].to_dict("records")
    assert (row["name"], row["state"]) == ("流量包到期自动续订", "open")
    assert set(known.frame["problem"]) <= {*known.problems["id"], ""}
    before = built.cases.frame["problem"].astype(str)
    assert (before == "").tolist() == (known.frame["problem"].astype(str) == "").tolist()
    assert len(set(known.problems["id"])) == len(built.cases.problems)


def test_problems_merged_since_the_dump_are_one(kept, tmp_path):
    folder, address, _, options = kept
    copy = tmp_path / "merged.db"
    copy.write_bytes(Path(address.removeprefix("sqlite:///")).read_bytes())
    built = build_cases([folder / "out" / "classified.csv"], options)
    smaller, larger = sorted(built.cases.frame["problem"].value_counts().drop("", errors="ignore").index[:2])
    with open_register(f"sqlite:///{copy}", Options(who="王工")) as register:
        register.merge([str(smaller)], str(larger))
    known = with_register(built, f"sqlite:///{copy}").cases
    counts = built.cases.frame["problem"].value_counts()
    assert known.frame["problem"].value_counts()[larger] == counts[smaller] + counts[larger]
    assert known.problems["id"].is_unique
    assert not (known.problems["id"] == known.problems["parent"]).any()


def test_insights_of_the_register_alone(kept):
    _, address, _, options = kept
    report = insights([], InsightRun(options, register=address))
    assert report.insights.counting.counted == 30
    needs = {need for _, one in report.insights.missing for need in one.needs}
    assert "satisfaction" in needs


def test_an_empty_register_is_told_in_words(tmp_path):
    address = f"sqlite:///{tmp_path / 'empty.db'}"
    open_register(address).close()
    with pytest.raises(RegisterError, match=r"holds no complaints yet\. Load a dump with genyin problems --register"):
        cases_of_register(address, CaseOptions())
