"""From the cells of a dump to the typed columns of ``insights.cases``.

What a cell means is looked up once per distinct cell. Columns come part by part and are held as categories from the
first part on, so that a million rows stay small.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from pipeline.records import Role
from pipeline.text.files.values import parse_flag, parse_tier, parse_time
from pipeline.text.privacy import pseudonym

Cells = pd.Series  # of text

_AS_IT_STANDS = {
    Role.CHANNEL: "channel",
    Role.PRODUCT: "product",
    Role.CAMPAIGN: "campaign",
    Role.HANDLER_GROUP: "handler_group",
    Role.DEPARTMENT: "department",
    Role.CAUSE: "operator_cause",
    Role.LABEL_PATH: "label_path",
    Role.CONTACT_ROLE: "contact_role",
    Role.SOLVED: "solved",
    Role.SATISFACTION: "satisfaction",
    Role.DISSATISFACTION_REASON: "dissatisfaction_reason",
    Role.FEE_CHANGE: "fee_change",
    Role.COMPETITOR: "competitor",
    Role.HOME_REGION: "home_region",
    Role.INCIDENT_REGION: "region",
    Role.TIER: "tier",
}
_FLAGS = {
    Role.AT_FAULT: "at_fault",
    Role.IS_COMPLAINT: "is_complaint",
    Role.TEMPLATE: "template",
    Role.ESCALATION_THREATENED: "escalation_threatened",
    Role.ESCALATED: "escalated",
}
_HASHED = {Role.CUSTOMER_NUMBER: "customer", Role.CONTACT_NUMBER: "contact", Role.ACCOUNT: "account"}
_TIMES = {
    Role.ACCEPT_TIME: "accepted",
    Role.CLOSE_TIME: "closed",
    Role.DUE_TIME: "due",
    Role.DISPATCH_TIME: "dispatched",
    Role.CONTACT_TIME: "first_contact",
    Role.REPLY_TIME: "replied",
    Role.RATING_TIME: "rated",
}
# cells of several columns of these roles are joined; of the others the first that is filled counts
_JOINED = {Role.LABEL_PATH: " > ", Role.CAUSE: " > ", Role.CLOSING_NOTE: "\n", Role.TEXT: "\n"}
_STATES = ("处理类型", "工单状态", "状态", "status", "申诉状态")
_RETURNED = {"是否退单": "退单"}
_LEVEL = re.compile(r"\s*(?:→|>>|->|—>|＞|»|>)\s*")
_TIME_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d")
_NO_COMPLAINT = ("非投诉", "咨询", "查询", "表扬", "建议")
_COMPLAINT = ("投诉", "申诉")


class Columns:
    """The columns of one source, growing part by part; texts are not among them."""

    def __init__(self, roles: Mapping[Role, Sequence[str]], headers: Sequence[str], key: bytes) -> None:
        self._roles, self._key = roles, key
        self._states = [one for one in headers if one in _STATES or one in _RETURNED]
        self._parts: dict[str, list[pd.Categorical]] = {}
        self._ids: list[NDArray[np.object_]] = []
        self._times: dict[str, list[NDArray[np.datetime64]]] = {}
        self._orders: list[NDArray[np.bool_]] = []
        self.rows = 0

    @property
    def headers(self) -> list[str]:
        """The headers that are needed."""
        known = (*_AS_IT_STANDS, *_FLAGS, *_HASHED, *_TIMES, Role.COMPLAINT_ID, Role.ORDER_ID)
        found = [header for role in known for header in self._roles.get(role, ())]
        return list(dict.fromkeys([*found, *self._states]))

    def add(self, part: pd.DataFrame) -> None:
        """Take the cells of more rows."""
        self.rows += len(part)
        for role, name in {**_AS_IT_STANDS, **_FLAGS}.items():
            if role in self._roles:
                self._hold(name, joined(part, role, self._roles[role]))
        # the number to call back is most often the customer's own
        hashed = cache(lambda cell: pseudonym(cell, self._key) if cell.strip() else "")
        for role, name in _HASHED.items():
            if role in self._roles:
                self._hold(name, renamed(joined(part, role, self._roles[role]).astype("category"), hashed))
        for role, name in _TIMES.items():
            if role in self._roles:
                self._times.setdefault(name, []).append(times_of(joined(part, role, self._roles[role])))
        if self._states:
            self._hold("order_state", _state(part, self._states))
        self._add_ids(part)

    def _add_ids(self, part: pd.DataFrame) -> None:
        if Role.COMPLAINT_ID in self._roles:
            cells = joined(part, Role.COMPLAINT_ID, self._roles[Role.COMPLAINT_ID])
            self._ids.append(cells.str.strip().to_numpy(object))
        if Role.ORDER_ID in self._roles:
            orders = joined(part, Role.ORDER_ID, self._roles[Role.ORDER_ID])
            self._orders.append((orders.str.strip() != "").to_numpy(bool))

    def hold(self, name: str, cells: Cells) -> None:
        """Take a part of one more column of categories."""
        self._hold(name, cells)

    def finished(self) -> dict[str, pd.Series]:
        """Return the typed columns; those that the source does not have are left out."""
        found = {name: pd.Series(union_categoricals(parts)) for name, parts in self._parts.items()}
        for role, name in _FLAGS.items():
            if name in found:
                found[name] = _flag(self._roles[role][0], role, found[name])
        found.update({name: pd.Series(np.concatenate(parts)) for name, parts in self._times.items()})
        if "tier" in found:
            found["tier"] = looked_up(found["tier"], lambda cell: parse_tier(cell) if cell else None, "Int8")
        if "label_path" in found:
            found["label_path"] = renamed(found["label_path"], lambda cell: _LEVEL.sub(" > ", cell))
        if self._ids:
            found["id"] = pd.Series(np.concatenate(self._ids), dtype=object)
        if self._orders:
            found["has_order"] = pd.Series(np.concatenate(self._orders)).astype("boolean")
        return found

    def _hold(self, name: str, cells: Cells) -> None:
        held = cells if isinstance(cells.dtype, pd.CategoricalDtype) else cells.astype("category")
        self._parts.setdefault(name, []).append(renamed(held, str.strip).array)  # type: ignore[arg-type]


def joined(part: pd.DataFrame, role: Role, headers: Sequence[str]) -> Any:
    """Return one text cell per row of a role that several columns may have."""
    found = part[headers[0]]
    for header in headers[1:]:
        more, glue = part[header], _JOINED.get(role)
        both = found if glue is None else found + glue + more
        found = both.where((found != "") & (more != ""), found.where(found != "", more))
    return found


def renamed(cells: pd.Series, rule: Callable[[str], str]) -> pd.Series:
    """Return a column of categories with every category renamed; those that become equal become one."""
    names = [rule(str(one)) for one in cells.cat.categories]
    distinct = list(dict.fromkeys(names))
    place = {name: number for number, name in enumerate(distinct)}
    codes = np.array([*(place[name] for name in names), -1])[cells.cat.codes.to_numpy()]
    # one type of categories everywhere, or parts could not be put together
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype=object)), index=cells.index)


def looked_up(cells: pd.Series, rule: Callable[[str], object], kind: str) -> pd.Series:
    """Return a column of another type, what each category means being asked once."""
    meanings: list[Any] = [*(rule(str(one)) for one in cells.cat.categories), None]
    found: Any = pd.Series(meanings, dtype=kind).array
    return pd.Series(found[cells.cat.codes.to_numpy()])


def times_of(cells: Cells) -> NDArray[np.datetime64]:
    """Return the times that cells state (``NaT`` where none): the usual forms at once, the others one by one."""
    times = np.full(len(cells), "NaT", "datetime64[s]")
    left = np.array(cells != "", bool)
    for form in _TIME_FORMS:
        if not left.any():
            return times
        found = pd.to_datetime(cells[left], format=form, errors="coerce").to_numpy("datetime64[s]")
        places = np.flatnonzero(left)[~np.isnat(found)]
        times[places] = found[~np.isnat(found)]
        left[places] = False
    rest = cells[left].astype("category")
    meanings = [parse_time(str(one)) for one in rest.cat.categories]
    times[left] = np.array([*meanings, None], "datetime64[s]")[rest.cat.codes.to_numpy()]
    return times


def _flag(header: str, role: Role, cells: pd.Series) -> pd.Series:
    values = [str(one) for one in cells.cat.categories]
    flag = parse_flag(header, values)
    if flag.clear:
        return looked_up(cells, flag.read, "boolean")
    if role is Role.IS_COMPLAINT:
        return looked_up(cells, _is_complaint, "boolean")
    # a column that counts, e.g. 升级投诉次数
    if "次数" in header and all(not one or one.isdecimal() for one in values):
        return looked_up(cells, lambda cell: int(cell) > 0 if cell else None, "boolean")
    return looked_up(cells, lambda cell: None, "boolean")


def _is_complaint(cell: str) -> bool | None:
    """What a kind of order says in words; 0 and 1 say nothing, as operators use both for yes."""
    if any(word in cell for word in _NO_COMPLAINT):
        return False
    return True if any(word in cell for word in _COMPLAINT) else None


def _state(part: pd.DataFrame, headers: Sequence[str]) -> Cells:
    found: Cells | None = None
    for header in headers:
        cells = part[header].astype("category")
        if header in _RETURNED:
            flag = parse_flag(header, map(str, cells.cat.categories))
            cells = renamed(cells, partial(_when, flag.read, _RETURNED[header]))
        plain = pd.Series(cells.astype(object).to_numpy(), index=part.index)
        found = plain if found is None else _both(found, plain)
    assert found is not None
    return found


def _when(read: Callable[[str], bool | None], word: str, cell: str) -> str:
    return word if read(cell) else ""


def _both(one: Cells, other: Cells) -> Cells:
    return (one + " " + other).where((one != "") & (other != ""), one.where(one != "", other))
