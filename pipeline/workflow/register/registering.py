"""A run joins the register: known problems are recognised, new ones get an id, fixes are checked, all in one order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pipeline.errors import RegisterError
from pipeline.insights.marks import Mark
from pipeline.register import rows
from pipeline.register.arriving import Arrival, Loaded, arrivals_of
from pipeline.register.lifecycle import State
from pipeline.register.overviews import Days, complaints_by_region, days, places_of, profiles
from pipeline.register.store import Register
from pipeline.text.privacy import Masker
from pipeline.workflow.register.change import RegisterChange
from pipeline.workflow.register.checking_fixes import verify_problem
from pipeline.workflow.register.earlier_runs import EarlierRun, as_asked, earlier_run
from pipeline.workflow.register.kept_groups import KeptPlaces, as_kept
from pipeline.workflow.register.marking import marks_of
from pipeline.workflow.register.recognising import Memory, recognise
from pipeline.workflow.register.remembering import Reader, Together, remember
from pipeline.workflow.register.terms import Words, unpacked

if TYPE_CHECKING:
    from pipeline.problems.keeping import Kept
    from pipeline.records import Complaints, Grouping
    from pipeline.workflow.problems import ProblemOptions, ProblemRun
    from pipeline.workflow.report import RunReport

# how often a run is matched again when other runs are loaded meanwhile
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to be kept: its complaints and what it was (``facts``, JSON values).

    ``known[i]``: the problem that complaint ``i`` keeps, of the register or of an earlier run without one (see
    ``group``); () where none does. ``kept`` says what the latter were. ``grouping``: its problems, where they were
    found already.
    """

    complaints: "Complaints"
    facts: Mapping[str, Any] = field(default_factory=dict)
    known: Sequence[str | None] = ()
    grouping: "Grouping | None" = None
    kept: Mapping[str, "Kept"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run in the register: what it changed there, and its problems as the register has them now."""

    change: RegisterChange
    grouping: "Grouping"


def register_run(
    register: Register,
    found: "ProblemRun",
    facts: Mapping[str, Any],
    options: "ProblemOptions | None" = None,
    reader: Reader | None = None,
) -> RegisterChange:
    """Load a run of which the problems were found into the register and return what changed; see :func:`keep_run`."""
    return keep_run(register, NewRun(found.complaints, facts, grouping=found.grouping), options, reader).change


def keep_run(
    register: Register,
    run: NewRun,
    options: "ProblemOptions | None" = None,
    reader: Reader | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> KeptRun:
    """Load a run into the register, check the fixes being watched and mark the problems, all in one transaction.

    The same run again changes nothing. The run is grouped together with the register's latest complaints, so that it
    does not matter whether data come by the week or by the month. ``options`` tell how problems are found; ``reader``
    asks the model about remembered complaints. Raises ``RegisterError``; then nothing of the run is stored.
    """
    arrivals, masked_again = _without_leaks(arrivals_of(run.complaints))
    complaints = _masked(run.complaints, arrivals)
    together = remember(register, complaints, arrivals, reader)
    earlier = earlier_run(register, together.identities, run.known, run.kept)
    grouping = _grouping(run, together, options, progress, earlier)
    words = Words(together.complaints)
    for attempt in range(_ATTEMPTS):
        memory = _memory(register)
        findings, keys = recognise(memory, together, grouping, words)
        findings = as_asked(findings, earlier, together.identities, memory)
        try:
            with register.together() as one:
                loaded = one.add_run(run.facts, arrivals, findings)
                ids = {group: loaded.ids[key] for group, key in keys.items() if key in loaded.ids}
                change = _change(replace(loaded, ids=ids), len(arrivals), masked_again)
                change = _followed(one, change, memory)
                kept = _kept(one, arrivals)
        except RegisterError:
            # somebody else loaded a run in between: match again
            if attempt == _ATTEMPTS - 1 or register.snapshot().event == memory.snapshot.event:
                raise
        else:
            return KeptRun(change, as_kept(complaints, grouping, ids, kept))
    raise AssertionError("the loop returns or raises")


def _followed(register: Register, change: RegisterChange, memory: Memory) -> RegisterChange:
    """What follows from a load: proposals, checks of fixes, marks."""
    proposals = {one.id for one in register.proposals()} - memory.proposals
    change = replace(change, proposals=tuple(sorted(proposals)))
    change = _check_fixes(register, change, register.problems())
    return _mark(register, change, {one.id: one for one in register.problems()}, days(register))


def _kept(register: Register, arrivals: Sequence[Arrival]) -> KeptPlaces:
    identities = [one.identity for one in arrivals]
    problems = {one.id: one for one in register.problems()}
    return KeptPlaces(identities, places_of(register, identities), problems)


def _memory(register: Register) -> Memory:
    merged: dict[str, list[Mapping[str, float]]] = {}
    for one in profiles(register):
        if one.merged_into:
            merged.setdefault(register.problem(one.problem).id, []).append(unpacked(one.profile))
    proposals = register.proposals()
    undecided = frozenset(one.problem for one in proposals if one.kind in ("same", "split"))
    numbers = frozenset(one.id for one in proposals)
    return Memory(register.snapshot(), register.decisions(), merged, numbers, undecided)


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


def _grouping(
    run: NewRun,
    together: Together,
    options: "ProblemOptions | None",
    progress: Callable[[float], None],
    earlier: EarlierRun | None,
) -> "Grouping":
    # the table of problems is written by a run without a register as well, which must not wait for the database
    from pipeline.workflow.problems import group_complaints

    unchanged = not together.remembered and together.complaints.texts == list(run.complaints.texts)
    if unchanged and run.grouping is not None:
        return run.grouping
    if earlier is None:
        return group_complaints(together.complaints, options, progress=progress)
    return group_complaints(together.complaints, options, earlier.known, progress, earlier.kept)


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
    scale = register.transactions.options.scale
    by_region = complaints_by_region(register, scale.region_name) if watched else None
    for one in watched:
        try:
            checked = verify_problem(register, one.id, by_region=by_region)
        except RegisterError as error:
            # most of them begin with the problem
            unchecked.append(str(error) if str(error).startswith(f"{one.id} ") else f"{one.id}: {error}")
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
