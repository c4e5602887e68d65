"""Column roles and the small frozen values that travel between the rooms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray


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
    DISPATCH_TIME = "dispatch_time"
    CONTACT_TIME = "contact_time"
    REPLY_TIME = "reply_time"
    RATING_TIME = "rating_time"
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


@dataclass(frozen=True, slots=True)
class Predictions:
    """Many predictions by column, one entry per complaint in each: what the columns mean says ``Prediction``.

    ``leaf_margins``: what the model's linear layer says, shape (complaints, leaves).
    """

    category: Sequence[str]
    confidence: Sequence[float]
    categories: Sequence[Sequence[str]]
    cause: Sequence[str]
    cause_confidence: Sequence[float | None]
    needs_review: Sequence[bool]
    reason: Sequence[Sequence[tuple[str, float]]]
    leaf_margins: "NDArray[numpy.floating]"

    def rows(self) -> Iterator[Prediction]:
        """Yield the predictions one by one."""
        columns = (self.category, self.confidence, self.categories, self.cause, self.cause_confidence)
        return map(Prediction, *columns, self.needs_review, self.reason)


@dataclass(frozen=True, slots=True)
class Complaints:
    """What grouping knows of the complaints of a dump; every sequence has one entry per complaint, in one order.

    ``texts`` and ``titles`` are cleaned and masked (a title may be empty); ``customers`` are keyed hashes (empty where
    unknown); ``times`` are ``datetime64[s]`` (``NaT`` where unknown); ``columns`` hold the other roles of the dump as
    text. ``cause_shares[i, k]`` is the model's probability that complaint ``i`` has the cause ``causes[k]`` (no
    columns where the model knows no causes); ``categories`` is the model's category, ``confidences`` and
    ``needs_review`` how sure it is (both empty where nobody knows).
    """

    ids: Sequence[str]
    texts: Sequence[str]
    titles: Sequence[str]
    customers: Sequence[str]
    times: "NDArray[numpy.datetime64]"
    categories: Sequence[str]
    causes: Sequence[str]
    cause_shares: "NDArray[numpy.float32]"
    columns: Mapping[Role, Sequence[str]] = field(default_factory=dict)
    confidences: Sequence[float] = ()
    needs_review: Sequence[bool] = ()

    def __len__(self) -> int:
        return len(self.ids)


class ProblemKind(StrEnum):
    """What makes the complaints of a problem one problem."""

    CAUSE = "cause"  # the same root cause in whatever words
    CONCRETE = "concrete"  # the same named thing and the same trouble
    CONCENTRATION = "concentration"  # a cause that heaps up at one product, place, contractor ...
    INCIDENT = "incident"  # many complaints from one region within hours or days
    CAMPAIGN = "campaign"  # many customers, one text


@dataclass(frozen=True, slots=True)
class Problem:
    """A group of complaints with the same cause, as one run found it.

    ``id`` is valid within the run (the register gives permanent ones); ``parent`` is the id of the cause it is a part
    of, or empty. ``members`` are places of complaints, ascending; ``rows``, ``customers`` and ``texts`` count them,
    their distinct customers (unknown ones count one each) and their distinct texts (near-duplicates count one);
    ``weight`` is what remains of ``rows`` when a complaint that names two problems counts for both in parts. Counts of
    a parent include its children's. ``purity`` is the share of the most frequent category; ``cohesion`` the mean
    similarity of the members to the medoid (0 to 1) and ``quality`` the same in a word (tight, fair, loose).
    ``values`` gives the frequent values of the dump's columns, most frequent first.
    """

    id: str
    parent: str
    kind: ProblemKind
    name: str
    category: str
    cause: str
    members: tuple[int, ...]
    rows: int
    customers: int
    texts: int
    weight: float
    purity: float
    first: datetime | None
    last: datetime | None
    trend: tuple[int, ...]
    cohesion: float
    quality: str
    phrases: tuple[str, ...]
    quotes: tuple[str, ...]
    medoid: int
    where: str = ""
    categories: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[Role, tuple[tuple[str, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grouping:
    """The problems of a run, largest first, and each complaint's place in them.

    ``problem[i]`` is the place in ``problems`` of the most specific problem of complaint ``i``, -1 where it belongs to
    none; ``second`` and ``second_weight`` name a further problem of a complaint that speaks of two (-1 and 0.0 else).
    ``copy_of[i]`` is the first complaint with the same text, near-duplicates included.
    """

    problems: tuple[Problem, ...]
    problem: "NDArray[numpy.int64]"
    second: "NDArray[numpy.int64]"
    second_weight: "NDArray[numpy.float64]"
    copy_of: "NDArray[numpy.int64]"

    @property
    def ungrouped(self) -> int:
        """Number of complaints that belong to no problem."""
        return int((self.problem < 0).sum())
