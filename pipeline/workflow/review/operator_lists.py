"""The lists that operators keep their problems in, filled from the register: the 溯源问题清单 and the dispatch sheet.

Headers and their order are the operators' own, so that a sheet can be pasted into theirs. What the register knows is
filled in; what nobody told it stays empty. Both lists come back through ``meeting_answers``, which knows from hidden
columns to which problem a row belongs and what stood in its cells.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.output.folder import result_folder
from pipeline.output.handed_out import refuse_handed_out
from pipeline.output.workbook import Column, Sheet, Workbook
from pipeline.register.fields import FIELDS
from pipeline.register.lifecycle import State
from pipeline.register.queries import ProblemFilter
from pipeline.register.rows import Problem
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.text.files.cells import cell_text
from pipeline.workflow.register.rate_words import rate_words
from pipeline.workflow.register.words import stage_name, states_asked
from pipeline.workflow.review.meeting_sheet import CHECK_WORDS, PRINTS, fingerprints, write_exported

if TYPE_CHECKING:
    from pipeline.register.store import Register

# 溯源分类 as operators have it; home broadband is told from mobile by the words of the cause
_CLASSES = {"network": "移动网络质量", "billing": "营销活动", "installation": "家宽网络质量", "attitude": "服务触点"}
_OTHER_CLASS = "焦点投诉"
_HOME = ("宽带", "光猫", "IPTV", "路由", "WiFi", "装机", "移机")
_OPEN_STATES = {State.CANDIDATE, State.OPEN, State.ANALYSING, State.KNOWN_ERROR, State.FIXING, State.RECTIFYING}


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of an operator's list: its header, the register's field that it brings back (or none), its cell."""

    header: str
    field: str
    cell: Callable[[Problem, Taxonomy], Any]


def _own(header: str, field: str) -> ListColumn:
    """A column that holds a field as it is."""
    return ListColumn(header, field, lambda problem, _: _plain(getattr(problem, field)))


def _made(header: str, cell: Callable[[Problem, Taxonomy], Any], field: str = "") -> ListColumn:
    return ListColumn(header, field, cell)


def _blank(header: str) -> ListColumn:
    """A column for facts that the register does not keep."""
    return ListColumn(header, "", lambda problem, taxonomy: "")


def trace_class(problem: Problem, taxonomy: Taxonomy) -> str:
    """The 溯源分类 of a problem: by its category, home broadband by the words of its cause and name.

    Campaign texts and what has no category are 焦点投诉.
    """
    if problem.category == "network" and any(word in f"{problem.cause}{problem.name}" for word in _HOME):
        return "家宽网络质量"
    return _CLASSES.get(problem.category, _OTHER_CLASS)


def _goal(problem: Problem, taxonomy: Taxonomy) -> str:
    if problem.check_target is None:
        return ""
    return f"{CHECK_WORDS.get(problem.check_by, {}).get('zh', '')}降至{problem.check_target:g}"


def _finished(problem: Problem, taxonomy: Taxonomy) -> str:
    return "未完成" if State(problem.state) in _OPEN_STATES else stage_name(problem.state)


def _last_note(problem: Problem, taxonomy: Taxonomy) -> str:
    return str(problem.notes[-1]["text"]) if problem.notes else ""


_STATEMENT = _made("具体问题点", lambda problem, _: problem.statement or problem.name, "statement")
_SUBCLASS = _made("问题小类", lambda problem, taxonomy: taxonomy.title(problem.cause, "zh") if problem.cause else "")
_TRACED = _made("溯源时间", lambda problem, _: problem.created[:10])
_CLASS = _made("溯源分类", trace_class)

LISTS: Mapping[str, tuple[str, tuple[ListColumn, ...]]] = {
    "tracing": (
        "溯源问题清单",
        (
            _own("编号", "batch"),
            _made("环节进展", lambda problem, _: stage_name(problem.state)),
            _TRACED,
            _CLASS,
            _SUBCLASS,
            _STATEMENT,
            _own("影响范围", "scope"),
            _own("主责部门", "lead_department"),
            _own("问题原因", "root_cause"),
            _made("整改目标", _goal),
            _own("解决进度-未完成具体原因", "not_done_reason"),
            _made("未完成详细描述", _last_note),
            _own("落实责任单位", "charged_unit"),
            _own("落实责任部门", "charged_department"),
            _own("落实责任人", "charged_person"),
            _own("触发投诉量", "trigger_count"),
            _own("触发万投比", "trigger_rate"),
            _blank("触发办理量"),
            _own("验收全量投诉量", "accept_count"),
            _own("验证万投比", "accept_rate"),
            _made("完成情况", _finished),
            _own("完成时间", "fix_date"),
            _own("回头看发起时间", "look_back"),
            _made("ID", lambda problem, _: problem.id),
            _blank("市场三级网格ID"),
            _blank("市场三级网格名称"),
            _made("备注", lambda problem, _: rate_words(problem.rate_facts, "zh")),
        ),
    ),
    "dispatch": (
        "派发表",
        (
            _TRACED,
            _CLASS,
            _SUBCLASS,
            _STATEMENT,
            _own("主责部门", "lead_department"),
            _own("辅责部门", "supporting_department"),
            _own("触发投诉量", "trigger_count"),
            _own("触发万投比", "trigger_rate"),
            _own("问题定位", "root_cause"),
            _own("整改措施", "measure"),
            _own("计划完成时间", "due"),
        ),
    ),
}
# the dispatch sheet has no id of its own: it travels hidden
HIDDEN_ID = "ID"
_WIDE = {"具体问题点", "问题原因", "问题定位", "整改措施", "未完成详细描述", "解决进度-未完成具体原因", "备注"}
_WIDE_WIDTH, _WIDTH = 30, 13


def list_problems(path: Path, shape: str, register: "Register", states: Sequence[str] = (), force: bool = False) -> int:
    """Write the problems of a register, or those in some states, as a list; return how many there are.

    Without ``force`` raises ``GenyinError`` for a ``path`` where a list was filled in.
    """
    refuse_handed_out(path, force)
    problems = register.problems(ProblemFilter(states=states_asked(states)))
    with result_folder(path.parent) as results:
        return write_list(results.path(path.name), shape, problems, load_taxonomy())


def write_list(path: Path, shape: str, problems: Sequence[Problem], taxonomy: Taxonomy) -> int:
    """Write problems as the list of this ``shape`` (a key of :data:`LISTS`); return the number of rows."""
    name, columns = LISTS[shape]
    hidden = [HIDDEN_ID] if all(column.header != HIDDEN_ID for column in columns) else []
    layout = tuple(
        Column(
            one.header,
            _WIDE_WIDTH if one.header in _WIDE else _WIDTH,
            to_fill=bool(one.field),
            hint=FIELDS[one.field].chinese if one.field and FIELDS[one.field].chinese != one.header else "",
            wrap=one.header in _WIDE,
        )
        for one in columns
    )
    hidden_columns = tuple(Column(one, 4, hidden=True) for one in (*hidden, PRINTS))
    with Workbook(path) as book:
        placed = book.sheet(
            Sheet(name, (*layout, *hidden_columns), protection="none"),
            (
                (
                    *(one.cell(problem, taxonomy) for one in columns),
                    *(problem.id for _ in hidden),
                    fingerprints(list_cells(problem)),
                )
                for problem in problems
            ),
        )
        write_exported(book, problems)
    return placed.rows


def list_cells(problem: Problem) -> dict[str, str]:
    """What the lists say of a problem in the fields that they bring back, as text."""
    cells = {name: _plain(getattr(problem, name)) for _, columns in LISTS.values() for name in _fields(columns)}
    cells["statement"] = problem.statement or problem.name
    # as a cell is read back
    return {name: cell_text(value) for name, value in cells.items()}


def _fields(columns: Sequence[ListColumn]) -> list[str]:
    return [column.field for column in columns if column.field]


def _plain(value: Any) -> Any:
    return "" if value is None else value
