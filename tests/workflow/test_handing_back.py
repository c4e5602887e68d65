"""The sheet of a review on its way out and back: what was filled in arrives, what cannot be is named by its cell."""

from datetime import date

import openpyxl
import pytest

from pipeline.output.workbook import Workbook
from pipeline.register.store import Options, open_register
from pipeline.taxonomy import load_taxonomy
from pipeline.workflow.review.handing_back import hand_back
from pipeline.workflow.review.meeting_sheet import SHEET, header, write_problems
from pipeline.workflow.review.operator_lists import write_list
from tests.office import saved_by_office
from tests.register.invented import complaint, findings, ticking


@pytest.fixture
def register(tmp_path):
    with open_register(f"sqlite:///{tmp_path}/review.db", Options(who="王工", clock=ticking())) as opened:
        complaints = [complaint(i) for i in range(12)]
        opened.add_run({"inputs": ["march.csv"]}, complaints, findings(complaints, "abc"))
        yield opened


@pytest.fixture
def sheet(register, tmp_path):
    return Filled(tmp_path / "review.xlsx", register)


class Filled:
    """A written sheet, filled in as Excel would."""

    def __init__(self, path, register, lang="zh"):
        self.path, self.lang = path, lang
        with Workbook(path) as book:
            write_problems(book, sorted(register.problems(), key=lambda one: one.id), load_taxonomy(), lang)

    def fill(self, **cells):
        """Type into row 2 and following ones: ``fill(owner="李工")`` or ``fill(row=3, owner="李工")``."""
        row = cells.pop("row", 2)
        book = openpyxl.load_workbook(self.path)
        worksheet = book[SHEET[self.lang]]
        headers = {cell.value: cell.column for cell in worksheet[1]}
        for name, value in cells.items():
            worksheet.cell(row, headers[header(name, self.lang)], value)
        book.save(self.path)
        return self

    def change(self, work):
        book = openpyxl.load_workbook(self.path)
        work(book)
        book.save(self.path)
        return self


EVERYTHING = {
    "state": "整改实施中",
    "root_cause": "外包施工队不清场",
    "cause_class": "外包",
    "workaround": "回访补清",
    "measure": "收押金，验收后退",
    "lead_department": "装维中心",
    "supporting_department": "市场部",
    "owner": "李工",
    "due": date(2026, 4, 30),
    "check_by": "投诉量",
    "check_target": 3,
    "scope": "全市",
    "not_done_reason": "合同未改",
    "progress": "已约谈施工队",
}


def arrived(problem):
    return {
        "state": problem.state,
        "root_cause": problem.root_cause,
        "cause_class": problem.cause_class,
        "workaround": problem.workaround,
        "measure": problem.measure,
        "lead_department": problem.lead_department,
        "supporting_department": problem.supporting_department,
        "owner": problem.owner,
        "due": problem.due,
        "check_by": problem.check_by,
        "check_target": problem.check_target,
        "scope": problem.scope,
        "not_done_reason": problem.not_done_reason,
        "progress": problem.notes[-1]["text"],
    }


WANTED = {**EVERYTHING, "state": "fixing", "due": "2026-04-30", "check_by": "volume"}


def opened(register):
    register.move("P-0001", "open")
    return register


def test_an_untouched_sheet_changes_nothing(sheet, register):
    before = register.problems()
    found = hand_back(sheet.path, register)
    assert (found.rows, found.changed, found.unchanged, found.troubles, found.absent) == (3, 0, 3, (), ())
    assert register.problems() == before


def test_every_field_arrives(register, tmp_path):
    found = hand_back(Filled(tmp_path / "r.xlsx", opened(register)).fill(**EVERYTHING).path, register)
    assert found.applied, found.troubles
    assert arrived(register.problem("P-0001")) == WANTED
    assert {one.who for one in register.history("P-0001")[-2:]} == {"王工"}
    assert set(found.events) == {one.id for one in register.history("P-0001")[-2:]}


def test_the_same_sheet_again_only_repeats_the_note(register, tmp_path):
    sheet = Filled(tmp_path / "r.xlsx", opened(register)).fill(root_cause="外包施工队不清场", owner="李工")
    hand_back(sheet.path, register)
    again = hand_back(sheet.path, register)
    assert (again.changed, again.conflicts, again.events) == (0, (), ())


def test_a_day_is_told_as_it_is_kept(sheet, register):
    found = hand_back(sheet.fill(due=46387).fill(row=3, due="2026/12/31").path, register)
    assert [one.becomes for one in found.changes] == ["2026-12-31", "2026-12-31"]
    assert register.problem("P-0001").due == register.problem("P-0002").due == "2026-12-31"


def test_changes_in_columns_that_are_only_shown_are_told(sheet, register):
    sheet.fill(name="换个名字", complaints=99).fill(row=3, marks="上升").fill(row=4, owner="李工")
    found = hand_back(sheet.path, register)
    assert [(one.problem, one.column) for one in found.unread] == [
        ("P-0001", "name"),
        ("P-0001", "complaints"),
        ("P-0002", "marks"),
    ]
    assert found.unread[0].address == "review.xlsx, 问题清单!B2"
    assert (found.changed, found.unchanged) == (1, 2)
    # a name that the register has by now needs no word
    register.rename("P-0001", "换个名字")
    assert [one.column for one in hand_back(sheet.path, register).unread] == ["complaints", "marks"]


def test_libreoffice_changes_nothing_that_is_shown(sheet, register, tmp_path):
    (tmp_path / "saved").mkdir()
    assert hand_back(saved_by_office(sheet.path, tmp_path / "saved"), register).unread == ()


def test_a_formula_that_nobody_computed_is_told_by_its_cell(register, tmp_path):
    register.set("P-0002", {"measure": "收押金"})
    sheet = Filled(tmp_path / "review.xlsx", register).fill(progress="=1+1").fill(row=3, measure='=A1&"<"')
    found = hand_back(sheet.path, register)
    assert [one.what.partition(" has no value")[0] for one in found.troubles] == [
        "the formula =1+1",
        'the formula =A1&"<"',
    ]
    assert found.troubles[0].header == "本月进展"
    assert register.problem("P-0002").measure == "收押金"


def test_a_formula_with_its_value_is_taken(sheet, register, tmp_path):
    (tmp_path / "saved").mkdir()
    found = hand_back(saved_by_office(sheet.fill(progress="=1+1").path, tmp_path / "saved"), register)
    assert [one.becomes for one in found.changes] == ["2"]


def test_an_english_sheet_comes_back_too(register, tmp_path):
    sheet = Filled(tmp_path / "r.xlsx", opened(register), "en").fill(owner="Li", check_by="rate", state="watching")
    found = hand_back(sheet.path, register, lang="en")
    assert found.troubles[0].what.startswith("P-0001 cannot go from open")
    assert found.troubles[0].address.startswith("r.xlsx, Problems!")


def test_libreoffice_saves_it_and_everything_arrives(register, tmp_path):
    sheet = Filled(tmp_path / "r.xlsx", opened(register)).fill(**EVERYTHING)
    (tmp_path / "saved").mkdir()
    found = hand_back(saved_by_office(sheet.path, tmp_path / "saved"), register)
    assert found.applied, found.troubles
    assert arrived(register.problem("P-0001")) == WANTED


def test_rows_may_be_sorted_added_and_deleted(sheet, register):
    def work(book):
        worksheet = book[SHEET["zh"]]
        rows = [[cell.value for cell in row] for row in worksheet.iter_rows(min_row=2)]
        worksheet.delete_rows(2, 3)
        rows[1][[cell.value for cell in worksheet[1]].index(header("owner", "zh"))] = "李工"
        for row in (rows[1], rows[0], ["我加的一行"]):
            worksheet.append(row)

    found = hand_back(sheet.change(work).path, register)
    assert register.problem("P-0002").owner == "李工"
    assert (found.rows, found.changed, found.unchanged, found.absent) == (3, 1, 1, ("P-0003",))
    (rejected,) = found.rejected
    assert (rejected.address, rejected.reason) == ("review.xlsx, 问题清单!AG4", "the row has no id of a problem")


def test_a_row_whose_visible_id_is_another_is_not_used(sheet, register):
    sheet.fill(owner="李工").fill(row=3, id="P-0001", owner="王工")
    found = hand_back(sheet.path, register)
    (rejected,) = found.rejected
    assert rejected.reason.startswith("the row carries the id P-0002, but shows P-0001; were only some columns sorted")
    assert [register.problem(one).owner for one in ("P-0001", "P-0002")] == ["李工", ""]


def test_what_both_changed_is_a_conflict_that_a_person_settles(sheet, register):
    sheet.fill(owner="李工", measure="收押金")
    register.set("P-0001", {"owner": "赵工"})
    found = hand_back(sheet.path, register)
    assert not found.applied
    (conflict,) = found.conflicts
    assert (conflict.problem, conflict.answer.text, conflict.register) == ("P-0001", "李工", "赵工")
    assert register.problem("P-0001").measure == ""
    assert hand_back(sheet.path, register, prefer="register").applied
    assert (register.problem("P-0001").owner, register.problem("P-0001").measure) == ("赵工", "收押金")
    assert hand_back(sheet.path, register, prefer="sheet").applied
    assert register.problem("P-0001").owner == "李工"


def test_what_both_changed_alike_is_none(sheet, register):
    sheet.fill(due="2026/4/30")
    register.set("P-0001", {"due": "2026-04-30"})
    found = hand_back(sheet.path, register)
    assert (found.changed, found.unchanged, found.conflicts) == (0, 3, ())


MISTAKES = {
    "state": ("改好了", "There is no state '改好了'"),
    "decision": ("延期", "'延期' is not in the list"),
    "merge_into": ("P-0099", "there is no problem P-0099"),
    "cause_class": ("天气", "'天气' cannot be used; give one of"),
    "due": ("月底", "'月底' is no day"),
    "check_by": ("看看", "'看看' is not in the list"),
    "check_target": ("三个", "'三个' cannot be used; give a number"),
    "fix_date": ("2026-02-30", "'2026-02-30' is no day"),
}


def test_ten_mistakes_are_each_told_by_their_cell(sheet, register):
    columns = {}

    def work(book):
        worksheet = book[SHEET["zh"]]
        letters = {cell.value: cell.column_letter for cell in worksheet[1]}
        for name, (value, _) in MISTAKES.items():
            columns[name] = letters[header(name, "zh")]
            worksheet[f"{columns[name]}2"] = value
        # a merge into nothing and a dismissal without a reason, in the rows below
        worksheet[f"{columns['decision']}3"] = "合并"
        worksheet[f"{columns['decision']}4"] = "不是问题"

    before = register.problems()
    found = hand_back(sheet.change(work).path, register)
    told = {one.address: one for one in found.troubles}
    for name, (_, said) in MISTAKES.items():
        assert told[f"review.xlsx, 问题清单!{columns[name]}2"].what.startswith(said)
        assert told[f"review.xlsx, 问题清单!{columns[name]}2"].header == header(name, "zh")
    assert "needs the problem to merge into" in told[f"review.xlsx, 问题清单!{columns['decision']}3"].what
    assert told[f"review.xlsx, 问题清单!{columns['decision']}4"].what == "this decision needs a close reason"
    assert not found.applied
    assert register.problems() == before


def test_cells_and_steps_that_cannot_be_are_told_together(sheet, register):
    found = hand_back(sheet.fill(due="月底", owner="李工").fill(row=3, state="已完成").path, register)
    told = [one.what for one in found.troubles]
    assert told[0].startswith("'月底' is no day")
    assert "cannot go from candidate" in told[1]
    assert (len(told), found.applied, register.problem("P-0001").owner) == (2, False, "")


def test_a_refused_step_takes_all_others_back(sheet, register):
    sheet.fill(owner="李工").fill(row=3, state="已完成")
    found = hand_back(sheet.path, register)
    assert "cannot go from candidate (候选) to closed" in found.troubles[0].what
    assert register.problem("P-0001").owner == ""


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"decision": "立项"}, "open"),
        ({"decision": "不是问题", "close_reason": "测试工单"}, "not_a_problem"),
        ({"decision": "接受风险", "close_reason": "改造要等明年"}, "accepted_risk"),
        ({"decision": "合并", "merge_into": "P-0002"}, "duplicate"),
        ({"decision": "继续观察"}, "candidate"),
    ],
)
def test_decisions_are_carried_out(sheet, register, cells, state):
    found = hand_back(sheet.fill(**cells).path, register)
    assert found.applied, found.troubles
    states = {one.id: one.state for one in register.problems(None)}
    assert states.get("P-0001", "duplicate") == state
    if "merge_into" in cells:
        assert register.problem("P-0001").id == "P-0002"


def test_a_rehearsal_keeps_nothing(sheet, tmp_path):
    with open_register(f"sqlite:///{tmp_path}/review.db", Options(who="王工", rehearse=True)) as trial:
        found = hand_back(sheet.fill(owner="李工").path, trial)
    assert (found.applied, len(found.changes)) == (False, 1)
    with open_register(f"sqlite:///{tmp_path}/review.db") as opened:
        assert opened.problem("P-0001").owner == ""


def test_rows_of_a_problem_merged_since_are_told(sheet, register):
    register.merge(["P-0001"], "P-0002")
    found = hand_back(sheet.fill(owner="李工").path, register)
    assert found.troubles[0].what == "P-0001 was merged into P-0002; fill in that row instead"


@pytest.mark.parametrize(("shape", "columns"), [("tracing", 27), ("dispatch", 11)])
def test_the_operators_own_lists_go_out_and_come_back(register, tmp_path, shape, columns):
    register.set("P-0001", {"lead_department": "装维中心", "trigger_count": 9, "trigger_rate": 1.25})
    path = tmp_path / f"{shape}.xlsx"
    assert write_list(path, shape, register.problems(), load_taxonomy()) == 3
    book = openpyxl.load_workbook(path)
    (worksheet,) = (one for one in book if one.sheet_state == "visible")
    hidden = [range(one.min, one.max + 1) for one in worksheet.column_dimensions.values() if one.hidden]
    shown = [cell for cell in worksheet[1] if not any(cell.column in one for one in hidden)]
    assert len(shown) == columns
    assert hand_back(path, register).changes == ()
    places = {cell.value: cell.column for cell in worksheet[1]}
    rows = {worksheet.cell(row, places["ID"]).value: row for row in range(2, 5)}
    cause = "问题原因" if shape == "tracing" else "问题定位"
    assert worksheet.cell(rows["P-0001"], places["触发投诉量"]).value == 9
    worksheet.cell(rows["P-0002"], places[cause], "批价规则写错")
    worksheet.cell(rows["P-0003"], places["触发投诉量"], 12)
    book.save(path)
    found = hand_back(path, register)
    assert found.applied, found.troubles
    assert {(one.problem, one.column, one.becomes) for one in found.changes} == {
        ("P-0002", "root_cause", "批价规则写错"),
        ("P-0003", "trigger_count", "12"),
    }
    assert register.problem("P-0003").trigger_count == 12
    assert register.problem("P-0001").lead_department == "装维中心"


class Listed:
    """A list of the operators' own as it was written, rows by the id of their problem."""

    def __init__(self, path, shape, register):
        self.path = path
        write_list(path, shape, register.problems(), load_taxonomy())
        self.book = openpyxl.load_workbook(path)
        self.sheet = next(one for one in self.book if one.sheet_state == "visible")
        self.places = {cell.value: cell.column for cell in self.sheet[1]}

    def row(self, problem):
        ids = self.sheet.iter_rows(min_row=2, min_col=self.places["ID"], max_col=self.places["ID"])
        return next(cell.row for (cell,) in ids if cell.value == problem)

    def type(self, problem, **cells):
        for name, value in cells.items():
            self.sheet.cell(self.row(problem), self.places[name], value)

    def rearrange(self, arrange, columns=None):
        """Write the rows below the header anew, as ``arrange`` puts them, in the first columns or in all."""
        columns = columns or self.sheet.max_column
        cells = self.sheet.iter_rows(min_row=2, max_col=columns)
        rows = arrange([[cell.value for cell in row] for row in cells])
        for row in self.sheet.iter_rows(min_row=2, max_row=self.sheet.max_row, max_col=columns):
            for cell in row:
                cell.value = None
        for number, row in enumerate(rows, start=2):
            for place, value in enumerate(row, start=1):
                self.sheet.cell(number, place, value)

    def back(self, register, **more):
        self.book.save(self.path)
        return hand_back(self.path, register, **more)


@pytest.fixture(params=["tracing", "dispatch"])
def listed(request, register, tmp_path):
    return Listed(tmp_path / "list.xlsx", request.param, register)


def test_rows_of_a_list_may_be_sorted_deleted_and_added(listed, register):
    listed.type("P-0001", 主责部门="装维中心")
    listed.type("P-0002", 主责部门="市场部")
    stray = ["我加的一行"] * (listed.places["ID"] - 1)
    listed.rearrange(lambda rows: [rows[1], stray, rows[0]])
    found = listed.back(register)
    assert found.applied
    assert [register.problem(f"P-000{one}").lead_department for one in (1, 2, 3)] == ["装维中心", "市场部", ""]
    assert (found.rows, found.changed, found.absent) == (3, 2, ("P-0003",))
    assert [one.reason for one in found.rejected] == ["the row has no id of a problem"]


def test_a_list_of_which_only_the_visible_columns_were_sorted_is_not_used(register, tmp_path):
    listed = Listed(tmp_path / "list.xlsx", "dispatch", register)
    for number in (1, 2, 3):
        listed.type(f"P-000{number}", 整改措施=f"措施{number}")
    listed.rearrange(lambda rows: [rows[1], rows[0], rows[2]], columns=11)
    found = listed.back(register)
    assert [(one.problem, one.address) for one in found.rejected] == [
        ("P-0001", "list.xlsx, 派发表!L2"),
        ("P-0002", "list.xlsx, 派发表!L3"),
    ]
    assert "shows P-0002; were only some columns sorted or copied?" in found.rejected[0].reason
    assert [register.problem(f"P-000{one}").measure for one in (1, 2, 3)] == ["", "", "措施3"]


def test_a_copied_row_and_a_row_of_another_register_are_not_used(listed, register):
    listed.type("P-0001", 主责部门="装维中心")
    foreign = ["" for _ in range(listed.places["ID"] - 1)]
    listed.rearrange(lambda rows: [*rows, rows[0], [*foreign, "P-0099"]])
    found = listed.back(register)
    assert [one.reason for one in found.rejected] == [
        "P-0001 stands above already; only its first row is used",
        "there is no problem P-0099 in the register",
    ]
    assert register.problem("P-0001").lead_department == "装维中心"


def test_a_list_of_last_month_does_not_take_back_what_was_changed_since(listed, register):
    register.set("P-0001", {"lead_department": "市场部"})
    listed.type("P-0002", 主责部门="装维中心")
    old = listed.back(register)
    assert [(one.problem, one.becomes) for one in old.changes] == [("P-0002", "装维中心")]
    assert register.problem("P-0001").lead_department == "市场部"
    assert listed.back(register).changes == ()
    # changed on both sides: a person settles it
    listed.type("P-0001", 主责部门="网络部")
    found = listed.back(register)
    assert not found.applied
    assert [(one.answer.text, one.register) for one in found.conflicts] == [("网络部", "市场部")]
    assert listed.back(register, prefer="sheet").applied
    assert register.problem("P-0001").lead_department == "网络部"


def test_an_old_value_of_last_month_stays_away_where_something_stood_there(register, tmp_path):
    register.set("P-0001", {"lead_department": "市场部", "trigger_rate": 12.345678})
    listed = Listed(tmp_path / "list.xlsx", "dispatch", register)
    register.set("P-0001", {"lead_department": "装维中心", "trigger_rate": 3.5})
    assert listed.back(register).changes == ()
    listed.type("P-0001", 主责部门=None)
    assert listed.back(register).changes == ()
    assert register.problem("P-0001").lead_department == "装维中心"


def test_a_list_pasted_into_a_sheet_of_ones_own_is_matched_by_its_ids(listed, register):
    listed.sheet.delete_cols(listed.places["genyin_prints"])
    listed.type("P-0001", 主责部门="装维中心")
    listed.type("P-0002", 具体问题点=register.problem("P-0003").name)
    found = listed.back(register)
    assert [(one.problem, one.becomes) for one in found.changes] == [("P-0001", "装维中心")]
    assert [one.problem for one in found.rejected] == ["P-0002"]


def test_the_same_sheet_a_second_time_changes_nothing(register, sheet):
    sheet.fill(decision="立项", owner="王建国", progress="已约谈施工队").fill(
        row=3, decision="合并", merge_into="P-0003"
    )
    assert hand_back(sheet.path, register).changed == 2
    before = register.problems()
    again = hand_back(sheet.path, register)
    assert (again.changed, again.unchanged, again.changes, again.troubles) == (0, 3, (), ())
    assert register.problems() == before


def test_a_note_beside_an_old_one_arrives(register, sheet):
    hand_back(sheet.fill(progress="已约谈施工队").path, register)
    hand_back(sheet.fill(progress="押金已收").path, register)
    assert [note["text"] for note in register.problem("P-0001").notes] == ["已约谈施工队", "押金已收"]


def test_keep_watching_is_kept_with_its_day_and_by_whom(sheet, register):
    found = hand_back(sheet.fill(decision="继续观察", watch_until=date(2026, 5, 31)).path, register)
    assert found.applied
    assert register.problem("P-0001").watch_until == "2026-05-31"
    (event,) = [one for one in register.history("P-0001") if one.what == "watch"]
    assert (event.who, event.id) == ("王工", found.events[0])
    assert hand_back(sheet.path, register).changes == ()
    register.undo(event.id)
    assert register.problem("P-0001").watch_until == ""


def test_keep_watching_without_a_day_means_thirty_days_and_counts_once(sheet, register):
    hand_back(sheet.fill(decision="继续观察").path, register)
    first = register.problem("P-0001")
    assert first.watch_until == "2026-03-31"
    again = hand_back(sheet.path, register)
    assert (again.changes, again.unchanged, again.events) == ((), 3, ())
    assert register.problem("P-0001") == first
    # the next review exports the day and may put it off
    later = Filled(sheet.path.with_name("later.xlsx"), register).fill(decision="继续观察", watch_until="2026/4/30")
    hand_back(later.path, register)
    assert register.problem("P-0001").watch_until == "2026-04-30"


def test_what_is_personal_in_a_cell_is_masked_and_told_with_its_address(sheet, register):
    sheet.fill(owner="李强", measure="李强已联系客户张伟，电话13800138000", progress="回访王建国")
    found = hand_back(sheet.path, register)
    assert found.applied
    kept = register.problem("P-0001")
    assert (kept.owner, kept.measure) == ("李强", "李强已联系客户[姓名]，电话[手机号]")
    assert [note["text"] for note in kept.notes] == ["回访[姓名]"]
    assert {(one.problem, one.column, one.kinds) for one in found.masked} == {
        ("P-0001", "measure", ("姓名", "手机号")),
        ("P-0001", "progress", ("姓名",)),
    }
    assert all("review.xlsx, 问题清单!" in one.address for one in found.masked)
    assert all("13800138000" not in one.becomes for one in found.changes)
    again = hand_back(sheet.path, register)
    assert (again.changes, again.conflicts, again.events) == ((), (), ())
