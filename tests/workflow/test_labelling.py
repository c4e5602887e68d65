"""A queue out, through a spreadsheet, and home again; the model is the shipped one, the texts are of the corpus."""

import csv
import json
import random
import re
import shutil
from datetime import UTC, datetime

import openpyxl
import pytest

from pipeline.errors import InputError
from pipeline.label_entries import hash_of
from pipeline.labels.label_store import LabelFile
from pipeline.register.store import open_register
from pipeline.taxonomy import load_taxonomy
from pipeline.text.privacy import Masker
from pipeline.workflow.labels.importing import ImportOptions, import_labels
from pipeline.workflow.labels.labelling import QueueRequest, export_queue
from pipeline.workflow.labels.stores import RegisterLabels, label_store, list_labels
from pipeline.workflow.labels.suspects import export_suspects
from tests.office import saved_by_office

ROWS = 24


def at(day):
    return lambda: datetime(2026, 3, day, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def dump(tmp_path_factory, corpus):
    """Sixty complaints of the corpus, one of them three times, one with a phone number."""
    path = tmp_path_factory.mktemp("dump") / "march.csv"
    texts = [row["text"] for row in corpus[::40]][:60]
    texts += [texts[5], texts[5], "客户来电反映宽带断了三天没人修，联系电话13800138000，尽快处理"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["投诉内容"], *([text] for text in texts)])
    return path


@pytest.fixture(scope="module")
def exported(tmp_path_factory, dump):
    folder = tmp_path_factory.mktemp("queue")
    store = LabelFile(folder / "labels.jsonl")
    report = export_queue([dump], folder / "queue.xlsx", store, QueueRequest(ROWS, 0.25))
    return report


@pytest.fixture
def store(tmp_path):
    return LabelFile(tmp_path / "labels.jsonl")


class Filled:
    """A workbook in the hands of a person: cells by header, rows by number."""

    def __init__(self, path):
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book.worksheets[0]
        self.columns = {cell.value: cell.column for cell in self.sheet[1]}

    def cell(self, row, header):
        return self.sheet.cell(row, self.columns[header])

    def fill(self, row, **values):
        for header, value in values.items():
            self.cell(row, header).value = value

    def accept(self, rows, who="王"):
        for row in rows:
            self.fill(row, 标签=self.cell(row, "建议标签").value, 标注人=who)
        return self

    def save(self, path):
        self.book.save(path)
        return path


@pytest.fixture
def filled(exported):
    return Filled(exported.path)


def test_what_is_asked(exported, dump):
    assert exported.rows_read == exported.texts + exported.copies + exported.rejected == 63
    assert (exported.copies, exported.known, exported.chosen) == (2, 0, ROWS)
    assert sum(exported.why.values()) == ROWS
    assert exported.why["control"] == 6
    sheet = Filled(exported.path)
    # openpyxl gives neighbours of one width a single entry
    wide = {
        place for one in sheet.sheet.column_dimensions.values() if one.hidden for place in range(one.min, one.max + 1)
    }
    hidden = {header for header, place in sheet.columns.items() if place in wide}
    assert hidden == {"编号", "批次", "入选原因", "建议代码"}
    for row in range(2, ROWS + 2):
        text = sheet.cell(row, "投诉内容").value
        assert sheet.cell(row, "编号").value == hash_of(text)
        assert not Masker().find(text)
        assert sheet.cell(row, "标签").value is None
    assert "资费账务" in [row[0].value for row in sheet.book["_lists"].iter_rows()]


def test_the_order_of_the_dump_means_nothing(exported, dump, tmp_path):
    lines = dump.read_text(encoding="utf-8").splitlines(keepends=True)
    mixed = tmp_path / "mixed.csv"
    with dump.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    random.Random(3).shuffle(rows)
    with mixed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    again = export_queue([mixed], tmp_path / "q.xlsx", LabelFile(tmp_path / "none.jsonl"), QueueRequest(ROWS, 0.25))
    assert len(lines) > 63
    assert again.queue == exported.queue


def test_the_way_home(exported, filled, store, tmp_path):
    path = filled.accept(range(2, 22)).save(tmp_path / "王.xlsx")
    report = import_labels([path], store, ImportOptions(clock=at(1)))
    (one,) = report.files
    assert (one.rows, len(one.answers), one.empty, one.mistaken, one.deleted) == (ROWS, 20, 4, 0, 0)
    assert (report.answers, report.added, report.known, report.texts) == (20, 20, 0, 20)
    assert one.queues == (exported.queue.partition("/")[0],)
    assert report.control.asked == sum(entry.is_control for entry in one.answers) > 0
    # every suggestion was taken
    assert report.control.wrong == 0
    assert {(entry.who, entry.at, entry.source) for entry in store.entries()} == {
        ("王", "2026-03-01T08:00:00Z", "queue")
    }
    again = import_labels([path], store, ImportOptions(clock=at(2)))
    assert (again.added, again.known, again.texts) == (0, 20, 20)


def test_labelled_texts_are_not_asked_again(filled, store, dump, tmp_path):
    import_labels([filled.accept(range(2, 22)).save(tmp_path / "王.xlsx")], store)
    next_one = export_queue([dump], tmp_path / "next.xlsx", store, QueueRequest(100, 0.1))
    asked = {hash_of(Filled(next_one.path).cell(row, "投诉内容").value) for row in range(2, next_one.chosen + 2)}
    assert next_one.known == 20
    assert next_one.chosen == next_one.texts - next_one.known
    assert not asked & {entry.text_hash for entry in store.entries()}


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_sorted_cut_widened_renamed_and_saved_by_an_office_program(filled, store, tmp_path, kind):
    filled.accept(range(2, 22))
    sheet, width = filled.sheet, filled.sheet.max_column
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(2, ROWS + 1)]
    random.Random(7).shuffle(rows)
    # a line above, a column in between, two rows deleted, an empty row inserted
    expected = {row[0] for row in rows[2:] if row[filled.columns["标签"] - 1]}
    table = [[cell.value for cell in sheet[1]], *rows[2:10], [None] * width, *rows[10:]]
    sheet.delete_rows(1, sheet.max_row)
    sheet.append(["三月的复核，请周五前交"])
    for line in table:
        sheet.append([*line[:8], "我的列", *line[8:]])
    sheet.title = "改过的名字"
    path = saved_by_office(filled.save(tmp_path / "改过的文件名.xlsx"), tmp_path / "office", kind)
    report = import_labels([path], store)
    (one,) = report.files
    assert {entry.text_hash for entry in store.entries()} == expected
    assert (one.rows, one.deleted, one.mistaken) == (ROWS - 2, 2, 0)
    assert one.rows == len(one.answers) + one.empty + one.mistaken


def test_ten_kinds_of_mistakes_are_each_reported_by_cell(filled, store, tmp_path):
    filled.accept(range(2, ROWS + 2))
    mistakes = [
        (
            "unknown_label",
            "标签",
            {"标签": "资费帐务"},
            "the label '资费帐务' is not known. New label\\? .* nearest is 资费账务",
        ),
        ("repeated_label", "第二标签", {"标签": "资费账务", "第二标签": "billing"}, "the label billing is given twice"),
        ("no_main_label", "标签", {"标签": None, "第二标签": "资费账务"}, "there is a second label and no first one"),
        ("unknown_cause", "根因", {"标签": "资费账务", "根因": "流量包自动续定"}, "nearest is 流量包自动续订"),
        (
            "foreign_cause",
            "根因",
            {"标签": "网络质量", "根因": "流量包自动续订"},
            "the cause 流量包自动续订 belongs to 资费账务",
        ),
        ("excel_error", "标签", {"标签": "#N/A"}, "the cell holds the error #N/A"),
        ("no_id", "编号", {"编号": None}, "the row has no id"),
        ("damaged_id", "编号", {"编号": "1.23E+17"}, r"the id '1\.23E\+17' is damaged"),
        ("changed_text", "投诉内容", {"投诉内容": "别的内容"}, "the text is not the exported one"),
        ("several_people", "标注人", {"标注人": "王/李"}, "the labeller '王/李' names several people"),
        ("no_labeller", "标注人", {"标注人": None}, "nobody is named as the labeller"),
        ("damaged_queue", "批次", {"批次": "q-1"}, "the queue 'q-1' is damaged"),
        ("no_label", "标签", {"标签": "长" * 61}, "can be no label: at most 60 characters"),
    ]
    for row, (_, _, values, _) in enumerate(mistakes, start=2):
        filled.fill(row, **values)
    last = len(mistakes) + 2
    filled.sheet.append([cell.value for cell in filled.sheet[last]])
    copy = filled.sheet.max_row
    filled.fill(copy, 标签="other" if filled.cell(last, "标签").value == "资费账务" else "资费账务")
    report = import_labels([filled.save(tmp_path / "错.xlsx")], store, ImportOptions(lang="zh"))
    (one,) = report.files
    told = {mistake.code: mistake for mistake in one.mistakes}
    letters = {header: openpyxl.utils.get_column_letter(place) for header, place in filled.columns.items()}
    for row, (code, header, _, message) in enumerate(mistakes, start=2):
        assert told[code].address == f"错.xlsx, 复核!{letters[header]}{row}"
        assert_like(told[code].what, message)
    assert told["two_answers"].address == f"错.xlsx, 复核!{letters['标签']}{copy}"
    assert_like(
        told["two_answers"].what, f"the same row stands at 错.xlsx, 复核!{letters['标签']}{last} with another answer"
    )
    assert (one.rows, one.mistaken) == (ROWS + 1, len(mistakes) + 1)
    assert one.rows == len(one.answers) + one.empty + one.mistaken
    assert report.added == ROWS - len(mistakes)
    (new,) = one.unknown
    assert (new.written, new.nearest, new.addresses) == ("资费帐务", "资费账务", (f"错.xlsx, 复核!{letters['标签']}2",))


def assert_like(text, pattern):
    assert re.search(pattern, text), text


def test_a_comment_alone_is_told_not_kept(filled, store, tmp_path):
    filled.fill(3, 备注="这条看不懂")
    (one,) = import_labels([filled.save(tmp_path / "q.xlsx")], store).files
    assert [remark.code for remark in one.remarks] == ["unused_comment"]
    assert (one.empty, store.entries()) == (ROWS, [])


def test_a_new_label_is_taken_when_it_is_wanted(filled, store, tmp_path):
    filled.fill(2, 标签="携号转网|billing", 标注人="王")
    path = filled.save(tmp_path / "q.xlsx")
    assert import_labels([path], store).added == 0
    assert import_labels([path], store, ImportOptions(new_labels=("携号转网",))).added == 1
    assert store.entries()[0].labels == ("携号转网", "billing")
    # known from now on, without being named again
    assert import_labels([path], store).known == 1


def test_people_who_disagree_and_somebody_who_settles_it(filled, store, tmp_path):
    rows = range(2, 12)
    mine = filled.accept(rows).save(tmp_path / "王.xlsx")
    filled.accept(rows, who="李")
    for row in (2, 3):
        filled.fill(row, 标签="其他" if filled.cell(row, "建议标签").value != "其他" else "资费账务")
    yours = filled.save(tmp_path / "李.xlsx")
    rehearsed = import_labels([mine, yours], store, ImportOptions(dry_run=True))
    assert (rehearsed.added, store.entries()) == (20, [])
    report = import_labels([mine, yours], store, ImportOptions(clock=at(1)))
    assert (report.texts, report.contested, len(report.conflicts)) == (10, 2, 2)
    assert {who for conflict in report.conflicts for who, _ in conflict.answers} == {"王", "李"}
    (pair,) = report.agreement.pairs
    assert (pair.texts, pair.same) == (10, 8)
    listed = list_labels(store, tmp_path / "labels.csv")
    assert (listed.entries, listed.texts, listed.listed, listed.contested) == (20, 10, 8, 2)
    settled = import_labels([yours], store, ImportOptions(settle=True, clock=at(2)))
    assert (settled.added, settled.contested) == (10, 0)
    assert list_labels(store, tmp_path / "labels.csv").listed == 10


def test_somebody_who_changes_his_mind_is_told_so(filled, store, tmp_path):
    import_labels([filled.accept([2]).save(tmp_path / "1.xlsx")], store, ImportOptions(clock=at(1)))
    other = "其他" if filled.cell(2, "建议标签").value != "其他" else "资费账务"
    filled.fill(2, 标签=other)
    report = import_labels([filled.save(tmp_path / "2.xlsx")], store, ImportOptions(clock=at(2)))
    assert [(change.who, change.before != change.after) for change in report.changed] == [("王", True)]
    assert [entry.revision for entry in store.entries()] == [1, 2]


def test_the_register_as_the_store(filled, tmp_path, dump):
    store = label_store(f"sqlite:///{tmp_path}/genyin.db", who="王工")
    assert isinstance(store, RegisterLabels)
    assert store.entries() == []
    assert not (tmp_path / "genyin.db").exists()
    report = import_labels([filled.accept(range(2, 12)).save(tmp_path / "q.xlsx")], store)
    assert report.added == 10
    with open_register(store.address) as register:
        assert register.labels() == store.entries()
    assert export_queue([dump], tmp_path / "next.xlsx", store, QueueRequest(5)).known == 10


def test_the_list_is_what_training_reads(filled, store, tmp_path):
    from pipeline.workflow.models.labelled_rows import LabelledColumns, read_labelled

    filled.accept(range(2, 22))
    filled.fill(2, 标签="资费账务", 第二标签="attitude", 根因="流量包自动续订")
    import_labels([filled.save(tmp_path / "q.xlsx")], store, ImportOptions(clock=at(1)))
    list_labels(store, tmp_path / "labels.csv")
    examples = read_labelled([tmp_path / "labels.csv"], LabelledColumns()).examples
    assert {hash_of(example.text) for example in examples} == {entry.text_hash for entry in store.entries()}
    by_text = {hash_of(example.text): example for example in examples}
    first = by_text[filled.cell(2, "编号").value]
    assert (first.labels[0], first.cause, first.source, first.labelled_at) == (
        "billing",
        "流量包自动续订",
        "queue",
        "2026-03-01T08:00:00Z",
    )


def test_suspects_go_the_same_way(few_examples, tmp_path, store):
    wrong = {3: "network", 50: "network", 90: "billing", 150: "billing"}
    own = {"billing": "钱的事"}
    labelled = tmp_path / "labels.csv"
    with labelled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for place, example in enumerate(few_examples):
            label = wrong.get(place, example.labels[0])
            writer.writerow([example.text, own.get(label, label)])
        # the same complaint again, under another label
        writer.writerow([few_examples[7].text + "。", "attitude"])
        writer.writerow([few_examples[7].text + "！", own.get(few_examples[7].labels[0], few_examples[7].labels[0])])
        writer.writerows([["师傅态度恶劣骂人", "attitude"]] * 5)
    report = export_suspects([labelled], tmp_path / "suspects.xlsx", rows=20)
    assert (report.rows, report.rejected, report.listed, report.twins) == (len(few_examples) + 7, 0, 20, 1)
    assert report.confident >= 1
    assert not report.few
    filled = Filled(report.path)
    assert filled.cell(2, "现有标签").value != filled.cell(2, "建议标签").value
    assert filled.cell(2, "判断依据").value
    remarks = [filled.cell(row, "提示").value for row in range(2, 22)]
    title = load_taxonomy().title(few_examples[7].labels[0], "zh")
    assert [remark for remark in remarks if remark] == [f"几乎相同的文本标的是 {title}"]
    filled.fill(3, 标签="钱的事", 标注人="王")
    (one,) = import_labels([filled.accept([2]).save(tmp_path / "s.xlsx")], store).files
    assert "钱的事" in {label for entry in one.answers for label in entry.labels}
    assert (one.answers[0].source, one.answers[0].is_control) == ("suspects", False)


def test_a_text_longer_than_a_cell_keeps_its_identity(store, tmp_path):
    long = tmp_path / "long.jsonl"
    text = "宽带断了三天没人修，" * 4000
    long.write_text(json.dumps({"投诉内容": text}, ensure_ascii=False) + "\n", encoding="utf-8")
    export_queue([long], tmp_path / "q.xlsx", store)
    assert import_labels([Filled(tmp_path / "q.xlsx").accept([2]).save(tmp_path / "a.xlsx")], store).added == 1
    assert store.entries()[0].text_hash == hash_of(text)
    with pytest.raises(InputError, match="Every text has a label already"):
        export_queue([long], tmp_path / "q.xlsx", store)


def test_a_store_without_a_row_to_ask_about(exported, dump, tmp_path, filled):
    empty = tmp_path / "empty.csv"
    empty.write_text("投诉内容\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"There is no row in .*empty\.csv\."):
        export_queue([empty], tmp_path / "q.xlsx", LabelFile(tmp_path / "l.jsonl"))
    shutil.copy(exported.path, tmp_path / "q.xlsx")
    one = tmp_path / "one.csv"
    one.write_text(f"投诉内容\n{filled.cell(2, '投诉内容').value.replace(',', '，')}\n", encoding="utf-8")
    store = LabelFile(tmp_path / "l.jsonl")
    import_labels([filled.accept([2]).save(tmp_path / "f.xlsx")], store)
    with pytest.raises(InputError, match=r"Every text has a label already; there is nothing to ask\."):
        export_queue([one], tmp_path / "q.xlsx", store)
