"""Column roles and the small frozen values that travel between the rooms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a column of a complaint dump means; ``data/headers.toml`` lists the headers that say so."""

    COMPLAINT_ID = "complaint_id"
    ORDER_ID = "order_id"
    TITLE = "title"
    TEXT = "text"
    CLOSING_NOTE = "closing_note"
    ACCEPT_TIME = "accept_time"
    CLOSE_TIME = "close_time"
    DUE_TIME = "due_time"
    CUSTOMER_NUMBER = "customer_number"
    CONTACT_NUMBER = "contact_number"
    CUSTOMER_NAME = "customer_name"
    STAFF = "staff"
    TIER = "tier"
    ACCOUNT = "account"
    CONTACT_ROLE = "contact_role"
    HOME_REGION = "home_region"
    INCIDENT_REGION = "incident_region"
    PLACE = "place"
    CHANNEL = "channel"
    PRODUCT = "product"
    CAMPAIGN = "campaign"
    HANDLER_GROUP = "handler_group"
    DEPARTMENT = "department"
    CAUSE = "cause"
    AT_FAULT = "at_fault"
    SOLVED = "solved"
    SATISFACTION = "satisfaction"
    DISSATISFACTION_REASON = "dissatisfaction_reason"
    ESCALATION_THREATENED = "escalation_threatened"
    ESCALATED = "escalated"
    TEMPLATE = "template"
    LABEL_PATH = "label_path"
    FEE_CHANGE = "fee_change"
    COMPETITOR = "competitor"
    IS_COMPLAINT = "is_complaint"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be used: where it stands (1 = first line or row of the file or sheet) and why."""

    file: str
    row: int
    reason: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive usable rows of one source, with the rejects that stood among them.

    ``rows`` hold every input cell as text, aligned with ``headers``; ``texts`` is the joined title and text of each
    row (raw: neither cleaned nor masked); ``numbers`` is each row's place in its file (1 = first line or row).
    """

    source: str
    sheet: str
    headers: tuple[str, ...]
    rows: list[list[str]]
    numbers: list[int]
    texts: list[str]
    rejects: list[Reject] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, header: str) -> list[str]:
        """Return one column's cells; ``KeyError`` if the header does not exist."""
        try:
            place = self.headers.index(header)
        except ValueError:
            raise KeyError(header) from None
        return [row[place] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of one complaint.

    ``categories`` are all labels over their threshold, best first; ``reason`` are (feature, weight) pairs, strongest
    first, the weight being the feature's share in the winning label's score.
    """

    category: str
    confidence: float
    categories: Sequence[str]
    cause: str
    cause_confidence: float | None
    needs_review: bool
    reason: Sequence[tuple[str, float]]
