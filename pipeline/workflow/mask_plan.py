"""Which columns of a dump are masked, which become pseudonyms, and which are left as they are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.records import Role
from pipeline.text.files.headers import meaning_of
from pipeline.text.privacy import PERSONAL_ROLES
from pipeline.text.reading import Dump, Source
from pipeline.workflow.rows import PROBLEM_ID

# an id leads whoever has the system it comes from to the customer, but rows have to be told apart by it
_ID_ROLES = frozenset({Role.COMPLAINT_ID, Role.ORDER_ID})
_ID_KINDS = frozenset({"call"})
# neither text nor personal: masking would only damage dates and codes
_PLAIN = frozenset(
    {
        Role.ACCEPT_TIME,
        Role.CLOSE_TIME,
        Role.DUE_TIME,
        Role.DISPATCH_TIME,
        Role.CONTACT_TIME,
        Role.REPLY_TIME,
        Role.RATING_TIME,
        Role.TIER,
        Role.HOME_REGION,
        Role.INCIDENT_REGION,
        Role.CHANNEL,
        Role.LABEL,
        Role.LABEL_PATH,
        Role.SATISFACTION,
        Role.SOLVED,
        Role.ESCALATED,
        Role.IS_COMPLAINT,
    }
)
# a plain number there counts something; alone in a text it could be somebody's number of staff
_COUNTING_KINDS = frozenset(
    {"serial", "other_time", "overdue", "duration", "customer_age", "repeat", "returned", "votes"}
)
_COUNTING_ROLES = frozenset({Role.FEE_CHANGE})
# shorter than any telephone number with its area code
_COUNT = re.compile(r"-?[0-9]{1,8}(?:\.[0-9]+)?")
_NUMBER = re.compile("[0-9]{1,9}")
# headers of what leads to somebody and has no role here
_SAYS_PERSONAL = re.compile(
    r"微信|wechat|(?<![a-z])qq|护照|passport|证件|身份证|紧急联系|法人|法定代表|回访员|受理员|经办人|出生|生日|birth|邮箱|e-?mail"
    r"|房号|门牌|楼栋|经度|纬度|(?<![a-z])(?:ip|mac|imei|imsi|iccid)(?![a-z])|银行卡|车牌",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MaskPlan:
    """What happens to each column of a source: ``masked`` places by pattern, ``hashed`` places as a whole.

    ``names`` are the hashed places that hold people's names, which may stand in the texts of the same row as well;
    ``counting`` the masked ones in which plain numbers stay (``is_count``).
    """

    masked: tuple[int, ...]
    hashed: tuple[int, ...]
    names: tuple[int, ...]
    counting: frozenset[int]


def mask_plans(dump: Dump) -> dict[tuple[str, str], MaskPlan]:
    """Return what happens to the columns of each source, by its file and sheet.

    Columns of people and of ids become pseudonyms, but for ids that are running numbers in the whole dump: 1, 2, 3 …
    say nothing of anybody. Times, regions, labels, our problems and the like stay; all else is a text and masked.
    """
    running = _running_ids(dump.sources)
    return {(source.file, source.sheet): _plan(source, running) for source in dump.sources}


def _plan(source: Source, running: frozenset[str]) -> MaskPlan:
    role_of = {header: role for role, names in source.roles.items() for header in names}
    ids = {header for header in source.headers if _is_id(header, role_of)}
    places = dict(enumerate(source.headers))
    people = {header for header in source.headers if _is_of_people(header, role_of)}
    hashed = [i for i, header in places.items() if header in people | (ids - running)]
    plain = {header for header in source.headers if role_of.get(header) in _PLAIN or header == PROBLEM_ID}
    masked = [i for i, header in places.items() if i not in hashed and header not in plain]
    names = [i for i in hashed if _role_of(places[i], role_of) in (Role.CUSTOMER_NAME, Role.STAFF)]
    # a number that does not belong into a running row (13800001598) is masked as in a text
    counting = frozenset(i for i in masked if places[i] in running & ids or _counts(places[i], role_of))
    return MaskPlan(tuple(masked), tuple(hashed), tuple(names), counting)


def is_count(cell: str) -> bool:
    """Tell whether a cell is a plain number, too short for a telephone.

    >>> is_count("30911"), is_count("25.3"), is_count("13800138000")
    (True, True, False)
    """
    return _COUNT.fullmatch(cell.strip()) is not None


def _counts(header: str, role_of: Mapping[str, Role]) -> bool:
    if header in role_of:
        return role_of[header] in _COUNTING_ROLES
    meaning = meaning_of(header)
    return meaning is not None and meaning.role is None and meaning.kind in _COUNTING_KINDS


def _role_of(header: str, role_of: Mapping[str, Role]) -> Role | None:
    """The role that a column has, or that its header alone gives it: another column may serve in its place."""
    if header in role_of:
        return role_of[header]
    meaning = meaning_of(header)
    return meaning.role if meaning is not None else None


def _is_of_people(header: str, role_of: Mapping[str, Role]) -> bool:
    """Tell a column of what leads to somebody, by its role or, where it has none, by its header."""
    role = _role_of(header, role_of)
    return role in PERSONAL_ROLES or (role is None and _SAYS_PERSONAL.search(header) is not None)


def _is_id(header: str, role_of: Mapping[str, Role]) -> bool:
    """Tell a column of ids, also a second one beside that which serves as the complaint's id."""
    if header in role_of:
        return role_of[header] in _ID_ROLES
    meaning = meaning_of(header)
    return meaning is not None and (meaning.role in _ID_ROLES or meaning.kind in _ID_KINDS)


def _running_ids(sources: Sequence[Source]) -> frozenset[str]:
    """The columns whose numbers count up by one wherever they stand, from 0 or 1 in one of the sources.

    Numbers that count up from elsewhere may be those of a system: only several parts of one list may begin so.
    """
    begins: dict[str, list[int | None]] = {}
    for source in sources:
        for header, cells in zip(source.headers, _first_columns(source), strict=True):
            begins.setdefault(header, []).append(_begin(cells))
    return frozenset(
        header
        for header, found in begins.items()
        if None not in found and min(one for one in found if one is not None) <= 1
    )


def _first_columns(source: Source) -> Iterator[list[str]]:
    """The cells of every column in the first rows of a source."""
    end = source.header.start.number + source.header.start.depth
    table = source.table
    rows = [row.cells for row in table.top if not row.damage and (table.fixed is not None or row.number >= end)]
    return ([row[place].strip() if place < len(row) else "" for row in rows] for place in range(len(source.headers)))


def _begin(cells: Sequence[str]) -> int | None:
    """The number that a column begins with, if it counts up by one from there; None if it does not."""
    if not cells or not all(map(_NUMBER.fullmatch, cells)):
        return None
    first = int(cells[0])
    return first if [int(cell) for cell in cells] == list(range(first, first + len(cells))) else None
