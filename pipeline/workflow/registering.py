"""A run joins the register: known problems are recognised, new ones get an id, fixes are checked, all in one order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pipeline.errors import RegisterError
from pipeline.insights.marks import Mark
from pipeline.register import rows
from pipeline.register.arriving import Arrival, Loaded, arrivals_of
from pipeline.register.lifecycle import State
from pipeline.register.overviews import Days, days, profiles, rehearses, span
from pipeline.register.store import Register
from pipeline.text.privacy import Masker
from pipeline.workflow.checking_fixes import verify_problem
from pipeline.workflow.marking import marks_of
from pipeline.workflow.recognising import Memory, recognise
from pipeline.workflow.remembering import Reader, Together, remember
from pipeline.workflow.terms import Words, unpacked

if TYPE_CHECKING:
    from pipeline.records import Complaints, Grouping
    from pipeline.workflow.problems import Found, ProblemOptions
    from pipeline.workflow.report import RunReport

# how often a run is matched again when other runs are loaded meanwhile
_ATTEMPTS = 5
_CHINESE = {
    "new": "新问题",
    "growing": "上升",
    "fading": "下降",
    "quiet": "沉寂",
    "regressed": "复发",
    "verified": "验证通过",
    "failed": "验证未通过",
    "returned": "重新出现",
    "proposals": "待确认",
    "conflicts": "与人工决定冲突",
    "loaded": "载入投诉",
    "changed": "更新投诉",
    "moved": "移动投诉",
    "unchanged": "没有变化",
}
_SAME = "unchanged"
_SHOWN = (
    "new",
    "growing",
    "fading",
    "quiet",
    "regressed",
    "verified",
    "failed",
    "returned",
    "proposals",
    "conflicts",
)


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """What a run changed in the register; problems by their permanent ids.

    ``run`` is None when it changed nothing. ``rows`` of the dump were ``loaded`` (new), ``known``, ``changed`` (other
    facts than before) or ``repeated``; ``moved`` complaints changed their problem. ``new`` problems; ``growing``,
    ``fading``, ``quiet`` and ``regressed`` are those whose mark turned to that now; ``verified`` and ``failed`` those
    whose fix was checked and decided, ``unchecked`` those being watched that could not be, with the reason.
    ``returned``: dismissed ones that outgrew their limit. ``proposals``: numbers of new ones. ``conflicts`` say where
    decisions and data disagree. ``masked_again``: complaints in which something personal was left and masked at the
    last moment. ``ids``: permanent ids of the run's groups (those of the run and what is remembered together).
    """

    run: int | None
    rows: int
    loaded: int
    known: int
    changed: int
    repeated: int
    moved: int
    new: tuple[str, ...] = ()
    growing: tuple[str, ...] = ()
    fading: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    regressed: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    proposals: tuple[int, ...] = ()
    conflicts: tuple[str, ...] = ()
    masked_again: int = 0
    ids: Mapping[str, str] = field(default_factory=dict)

    def line(self, lang: str = "en") -> str:
        """Say it in one line; what did not happen is not named, and complaints only where nothing else is.

        >>> RegisterChange(1, 9, 9, 0, 0, 0, 9, new=("P-0001", "P-0002"), regressed=("P-0003",)).line()
        'new 2 · regressed 1'
        """
        words = _CHINESE if lang == "zh" else {}
        told = [(name, len(getattr(self, name))) for name in _SHOWN]
        plain = [("loaded", self.loaded), ("changed", self.changed), ("moved", self.moved)]
        parts = [one for one in told if one[1]] or [one for one in plain if one[1]]
        return " · ".join(f"{words.get(name, name)} {count}" for name, count in parts) or words.get(_SAME, _SAME)


def register_run(
    register: Register,
    found: "Found",
    facts: Mapping[str, Any],
    options: "ProblemOptions | None" = None,
    reader: Reader | None = None,
) -> RegisterChange:
    """Load a run into the register and return what changed; the same run again changes nothing.

    The run is grouped together with the register's latest complaints, so that it does not matter whether data come by
    the week or by the month. ``facts`` tell what the run was (JSON values), ``options`` how problems are found;
    ``reader`` asks the model about remembered complaints. Raises ``RegisterError``; then nothing of the run is stored.
    """
    arrivals, masked_again = _without_leaks(arrivals_of(found.complaints))
    together = remember(register, _masked(found.complaints, arrivals), arrivals, reader)
    grouping = _grouping(found, together, options)
    words = Words(together.complaints)
    before, loaded = _load(register, facts, arrivals, together, grouping, words)
    change = _change(loaded, len(arrivals), masked_again)
    proposals = {one.id for one in register.proposals()} - before
    change = replace(change, proposals=tuple(sorted(proposals)))
    known = {one.id: one for one in register.problems()}
    if not rehearses(register):
        change = _check_fixes(register, change, known.values())
        known = {one.id: one for one in register.problems()}
    return _mark(register, change, known, days(register))


def _load(
    register: Register,
    facts: Mapping[str, Any],
    arrivals: Sequence[Arrival],
    together: Together,
    grouping: "Grouping",
    words: Words,
) -> tuple[frozenset[int], Loaded]:
    """Match and load; again, when somebody else loaded a run in between. Return the proposals of before as well."""
    for attempt in range(_ATTEMPTS):
        memory = _memory(register)
        before = frozenset(one.id for one in register.proposals())
        findings, keys = recognise(memory, together, grouping, words)
        try:
            loaded = register.add_run(facts, arrivals, findings)
            return before, replace(loaded, ids={one: loaded.ids[key] for one, key in keys.items() if key in loaded.ids})
        except RegisterError:
            if attempt == _ATTEMPTS - 1 or register.snapshot().event == memory.snapshot.event:
                raise
    raise AssertionError("the loop returns or raises")


def _memory(register: Register) -> Memory:
    merged: dict[str, list[Mapping[str, float]]] = {}
    for one in profiles(register):
        if one.merged_into:
            merged.setdefault(register.problem(one.problem).id, []).append(unpacked(one.profile))
    return Memory(register.snapshot(), register.decisions(), merged)


def _without_leaks(arrivals: Sequence[Arrival]) -> tuple[list[Arrival], int]:
    """Scan all that will be stored for personal data; what is left is masked now, and counted."""
    masker = Masker()
    texts = masker.mask_many([one.text for one in arrivals])
    titles = masker.mask_many([one.title for one in arrivals])
    cells = sorted({cell for one in arrivals for cell in one.roles.values()})
    plain = dict(zip(cells, masker.mask_many(cells), strict=True))
    clean, found = [], 0
    for one, text, title in zip(arrivals, texts, titles, strict=True):
        roles = {role: plain[cell] for role, cell in one.roles.items()}
        found += (text, title, roles) != (one.text, one.title, dict(one.roles))
        clean.append(replace(one, text=text, title=title, roles=roles))
    return clean, found


def _masked(complaints: "Complaints", arrivals: Sequence[Arrival]) -> "Complaints":
    texts, titles = [one.text for one in arrivals], [one.title for one in arrivals]
    columns = {
        role: [one.roles.get(role.value, "") for one in arrivals]
        for role in complaints.columns
        if any(role.value in one.roles for one in arrivals)
    }
    return replace(complaints, texts=texts, titles=titles, columns=columns)


def _grouping(found: "Found", together: Together, options: "ProblemOptions | None") -> "Grouping":
    # the table of problems is written by a run without a register as well, which must not wait for the database
    from pipeline.workflow.problems import group_complaints

    unchanged = not together.remembered and together.complaints.texts == list(found.complaints.texts)
    return found.grouping if unchanged else group_complaints(together.complaints, options)


def _change(loaded: Loaded, count: int, masked_again: int) -> RegisterChange:
    return RegisterChange(
        loaded.run,
        count,
        loaded.new,
        loaded.known,
        loaded.changed,
        loaded.repeated,
        loaded.moved,
        new=loaded.created,
        returned=loaded.returned,
        conflicts=loaded.conflicts,
        masked_again=masked_again,
        ids=loaded.ids,
    )


def run_facts(report: "RunReport") -> dict[str, Any]:
    """What the register keeps of a run: its inputs with their hashes, the model and the settings."""
    inputs = [{name: source[name] for name in ("file", "sheet", "sha256")} for source in report.sources]
    return {"command": report.command, "inputs": inputs, "model": report.model, "settings": report.settings}


def _check_fixes(register: Register, change: RegisterChange, problems: Iterable[rows.Problem]) -> RegisterChange:
    """Check the fixes that are being watched."""
    verified: list[str] = []
    failed: list[str] = []
    unchecked: list[str] = []
    watched = [one for one in problems if one.state == State.WATCHING]
    known = span(register) if watched else None
    for one in watched:
        try:
            checked = verify_problem(register, one.id, known=known)
        except RegisterError as error:
            unchecked.append(f"{one.id}: {error}")
            continue
        if checked.moved:
            (verified if checked.moved == State.CLOSED else failed).append(one.id)
    return replace(change, verified=tuple(verified), failed=tuple(failed), unchecked=tuple(unchecked))


def _mark(
    register: Register, change: RegisterChange, problems: Mapping[str, rows.Problem], found: Days
) -> RegisterChange:
    """Mark the problems whose marks are others now."""
    marks = marks_of(problems.values(), found)
    turned = {one: mark for one, mark in marks.items() if problems[one].marks != (mark.value,)}
    gone = [one.id for one in problems.values() if one.marks and one.id not in marks]
    new = {**{one: [mark.value] for one, mark in turned.items()}, **{one: [] for one in gone}}
    if new:
        register.mark(new)

    def of(mark: Mark) -> tuple[str, ...]:
        return tuple(one for one, given in turned.items() if given is mark)

    return replace(
        change,
        growing=of(Mark.GROWING),
        fading=of(Mark.FADING),
        quiet=of(Mark.QUIET),
        regressed=of(Mark.REGRESSED),
    )
