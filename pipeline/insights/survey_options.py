"""How a survey is counted: which answers mean what, by which units and periods, what counts as weak."""

from dataclasses import dataclass, field

from pipeline.insights.answers import AnswerMap
from pipeline.insights.calendar import Calendar
from pipeline.insights.rates import CONFIDENCE

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
# a column of whole customers or of single persons is no item and no unit
ALLOWED = (
    *("category", "cause", "problem", "product", "campaign", "channel", "region", "home_region"),
    *("handler_group", "department", "operator_cause", "tier", "source"),
)


@dataclass(frozen=True, slots=True)
class SurveyOptions:
    """How a survey is counted; ``ValueError`` for what cannot be.

    ``satisfied`` to ``scheme`` are those of :class:`~pipeline.insights.answers.AnswerMap`. ``units``: columns to count
    by (never persons), ``period``: month, quarter, half_year, year or whole. ``small_base``: answers below which a
    figure is marked and nothing is called weak. ``most_units``: units of one column listed one by one, the largest
    first; the others are one row without a name. ``items``: columns whose values can be weak; ``level``: largest share
    of false ones among those called weak; ``most``: longest list of them. ``target``: the satisfaction that is assessed
    (考核), as a share, 0 = none. ``chain``: the roles that decide at a business customer. ``peers``: the competitor
    column names the operator that the row rates (not one the customer speaks of); ``own``: the own one there, besides
    the empty cell. ``is_survey``: yes, no, or auto = no column tells of handling a complaint. ``most_listed``: longest
    list of verbatims.
    """

    satisfied: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    dissatisfied: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    scheme: str = "words"
    units: tuple[str, ...] = ("region", "channel", "handler_group")
    period: str = "month"
    calendar: Calendar = field(default_factory=Calendar)
    small_base: int = 30
    most_units: int = 100
    items: tuple[str, ...] = ("category", "cause", "problem")
    level: float = 0.05
    most: int = 100
    target: float = 0.0
    chain: tuple[str, ...] = ("决策人", "经办人", "使用人")
    peers: bool = False
    own: str = ""
    is_survey: str = "auto"
    most_listed: int = 50
    confidence: float = CONFIDENCE

    def __post_init__(self) -> None:
        if self.period not in (*MONTHS, "whole"):
            raise ValueError(f"no period {self.period!r}; there are {', '.join(MONTHS)}, whole")
        if self.is_survey not in ("yes", "no", "auto"):
            raise ValueError(f"is_survey is yes, no or auto, not {self.is_survey!r}")
        foreign = [column for column in (*self.items, *self.units) if column not in ALLOWED]
        if foreign:
            raise ValueError(f"{', '.join(foreign)} cannot be an item or a unit; there are {', '.join(ALLOWED)}")
        self.answer_map  # noqa: B018, a wrong map is told now

    @property
    def answer_map(self) -> AnswerMap:
        """What each answer counts as."""
        return AnswerMap(self.satisfied, self.neutral, self.dissatisfied, self.refused, self.unanswered, self.scheme)


USUAL = SurveyOptions()
