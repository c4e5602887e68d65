"""All insights of a table of complaints: every section in one recipe, with its options."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

from pipeline.insights.billing_cycle import BillingCycle, BillingCycleOptions, billing_cycle
from pipeline.insights.brief import Brief, BriefOptions, brief
from pipeline.insights.bursts import Bursts, BurstsOptions, bursts
from pipeline.insights.calendar import Calendar, Period, span
from pipeline.insights.cases import Cases, Missing
from pipeline.insights.chains import Chains, ChainsOptions, chains
from pipeline.insights.change_calendar import Change, ChangeCalendar, ChangeCalendarOptions, change_calendar
from pipeline.insights.changes import Changes
from pipeline.insights.channels import ChannelOptions, load_channels
from pipeline.insights.churn import Churn, ChurnOptions, churn
from pipeline.insights.counting import Counting, CountingOptions, CountingTables, counted, counting
from pipeline.insights.daily_repeats import DailyRepeats, DailyRepeatsOptions, daily_repeats
from pipeline.insights.drivers import Drivers, DriversOptions, drivers
from pipeline.insights.exemptions import Exemptions, ExemptionsOptions, exemptions
from pipeline.insights.fixed_rules import FixedRules, FixedRulesOptions, fixed_rules
from pipeline.insights.label_quality import LabelQuality, LabelQualityOptions, label_quality
from pipeline.insights.mentions import Mentions, MentionsOptions, mentions
from pipeline.insights.outages import Outages, OutagesOptions, outages
from pipeline.insights.pareto import Pareto, ParetoOptions, pareto
from pipeline.insights.phenomenon import Phenomenon, PhenomenonOptions, phenomenon
from pipeline.insights.places import Places, PlacesOptions, places
from pipeline.insights.priority import Priority, PriorityOptions, priority
from pipeline.insights.regions import RegionOptions
from pipeline.insights.repeats import Repeats, RepeatsOptions, repeats
from pipeline.insights.responsibility import Responsibility, ResponsibilityOptions, responsibility
from pipeline.insights.service_times import ServiceTimes, ServiceTimesOptions, service_times
from pipeline.insights.subscribers import Subscribers
from pipeline.insights.survey import Survey, SurveyOptions, survey
from pipeline.insights.trend import LabelBreak, Trend, TrendOptions, trend
from pipeline.insights.user_rates import UserRates, UserRatesOptions, user_rates
from pipeline.insights.value import Value, ValueOptions, value


@dataclass(frozen=True, slots=True)
class InsightOptions:
    """The options of every section; ``calendar``, ``channels`` and ``regions`` are shared by those that use them."""

    calendar: Calendar = field(default_factory=Calendar)
    channels: ChannelOptions = field(default_factory=ChannelOptions)
    regions: RegionOptions = field(default_factory=RegionOptions)
    counting: CountingOptions = field(default_factory=CountingOptions)
    pareto: ParetoOptions = field(default_factory=ParetoOptions)
    priority: PriorityOptions = field(default_factory=PriorityOptions)
    trend: TrendOptions = field(default_factory=TrendOptions)
    bursts: BurstsOptions = field(default_factory=BurstsOptions)
    outages: OutagesOptions = field(default_factory=OutagesOptions)
    fixed_rules: FixedRulesOptions = field(default_factory=FixedRulesOptions)
    billing_cycle: BillingCycleOptions = field(default_factory=BillingCycleOptions)
    drivers: DriversOptions = field(default_factory=DriversOptions)
    change_calendar: ChangeCalendarOptions = field(default_factory=ChangeCalendarOptions)
    responsibility: ResponsibilityOptions = field(default_factory=ResponsibilityOptions)
    phenomenon: PhenomenonOptions = field(default_factory=PhenomenonOptions)
    label_quality: LabelQualityOptions = field(default_factory=LabelQualityOptions)
    exemptions: ExemptionsOptions = field(default_factory=ExemptionsOptions)
    value: ValueOptions = field(default_factory=ValueOptions)
    churn: ChurnOptions = field(default_factory=ChurnOptions)
    survey: SurveyOptions = field(default_factory=SurveyOptions)
    chains: ChainsOptions = field(default_factory=ChainsOptions)
    repeats: RepeatsOptions = field(default_factory=RepeatsOptions)
    daily_repeats: DailyRepeatsOptions = field(default_factory=DailyRepeatsOptions)
    service_times: ServiceTimesOptions = field(default_factory=ServiceTimesOptions)
    user_rates: UserRatesOptions = field(default_factory=UserRatesOptions)
    mentions: MentionsOptions = field(default_factory=MentionsOptions)
    places: PlacesOptions = field(default_factory=PlacesOptions)
    brief: BriefOptions = field(default_factory=BriefOptions)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the complaints: users to divide by, a calendar of changes, how the last run differs.

    ``breaks`` are the days on which the labels of the model that answered changed their meaning.
    """

    subscribers: Subscribers | None = None
    changes: Sequence[Change] = ()
    since_last_run: Changes | None = None
    breaks: Sequence[LabelBreak] = ()


@dataclass(frozen=True, slots=True)
class Insights:
    """Every section; ``period`` are the reporting days of the complaints, ``None`` where no time is known.

    ``daily_repeats`` are those of the last reporting day; ``since_last_run`` is ``None`` where there is no last run to
    compare with.
    """

    period: Period | None
    counting: Counting
    pareto: Pareto
    priority: Priority
    trend: Trend
    bursts: Bursts
    outages: Outages
    fixed_rules: FixedRules
    billing_cycle: BillingCycle
    drivers: Drivers
    change_calendar: ChangeCalendar
    responsibility: Responsibility
    phenomenon: Phenomenon
    label_quality: LabelQuality
    exemptions: Exemptions
    value: Value
    churn: Churn
    survey: Survey
    chains: Chains
    repeats: Repeats
    daily_repeats: DailyRepeats | None
    service_times: ServiceTimes
    user_rates: UserRates
    mentions: Mentions
    places: Places
    brief: Brief
    since_last_run: Changes | None = None

    @property
    def missing(self) -> tuple[tuple[str, Missing], ...]:
        """Every figure that could not be made, with the section it belongs to."""
        return tuple(_missing(self))


# takes what makes the working function, and names of sections; gives each name with what the function made of it
Spread = Callable[[Callable[[], Callable[[str], Any]], Sequence[str]], Iterable[tuple[str, Any]]]


def one_by_one(make: Callable[[], Callable[[str], Any]], names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Make one section after the other."""
    work = make()
    return ((name, work(name)) for name in names)


def make_insights(
    cases: Cases,
    options: InsightOptions = InsightOptions(),
    beside: Beside = Beside(),
    progress: Callable[[str, float], None] = lambda section, share: None,
    spread: Spread = one_by_one,
) -> Insights:
    """Make every section from the complaints that count.

    ``progress`` is told the section made and the share done; ``spread`` may make several sections at once.
    """
    kept = counted(cases, options.counting, options.channels)
    tables = CountingTables(options.channels, options.regions)
    made: dict[str, Any] = {"counting": counting(cases, options.counting, tables)}
    recipe = _recipe(options, beside)

    def section() -> Callable[[str], Any]:
        return lambda name: recipe[name](kept, getattr(options, name))

    for number, (name, result) in enumerate(spread(section, list(recipe)), 1):
        made[name] = result
        progress(name, number / len(recipe))
    found = made["bursts"].bursts
    made["change_calendar"] = change_calendar(kept, options.change_calendar, changes=beside.changes, found=found)
    made["brief"] = brief(kept, made["bursts"], made["outages"], options.brief)
    return Insights(span(kept, options.calendar), **made, since_last_run=beside.since_last_run)


def _recipe(options: InsightOptions, beside: Beside) -> Mapping[str, Callable[[Cases, Any], Any]]:
    """The sections that need nothing of each other; each is called with the complaints and its options."""
    channels, answers = load_channels(options.channels), options.survey.answer_map
    return {
        "pareto": pareto,
        "priority": priority,
        "trend": partial(trend, breaks=beside.breaks),
        "bursts": bursts,
        "outages": outages,
        "fixed_rules": fixed_rules,
        "billing_cycle": billing_cycle,
        "drivers": drivers,
        "responsibility": responsibility,
        "phenomenon": phenomenon,
        "label_quality": label_quality,
        "exemptions": partial(exemptions, answers=answers),
        "value": partial(value, answers=answers, channels=channels),
        "churn": churn,
        "survey": survey,
        "chains": partial(chains, channels=channels),
        "repeats": repeats,
        "daily_repeats": _last_day,
        "service_times": service_times,
        "user_rates": partial(user_rates, subscribers=beside.subscribers),
        "mentions": mentions,
        "places": places,
    }


def _last_day(cases: Cases, options: DailyRepeatsOptions) -> DailyRepeats | None:
    """The daily sheet of the last reporting day of the data."""
    found = span(cases, Calendar(options.day_cut))
    return daily_repeats(cases, found.end, options) if found else None


def _missing(insights: Insights) -> Iterator[tuple[str, Missing]]:
    for one in fields(Insights):
        for missing in getattr(getattr(insights, one.name), "missing", ()):
            yield one.name, missing
