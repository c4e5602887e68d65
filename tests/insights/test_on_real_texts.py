"""Dumps that have nothing but texts (and times): what can be counted is there, what cannot is named."""

import csv
from itertools import islice

import pandas as pd
import pytest

from pipeline import load_model
from pipeline.insights.cases import Cases, make_cases
from pipeline.insights.chains import chains
from pipeline.insights.churn import churn
from pipeline.insights.exemptions import exemptions
from pipeline.insights.label_quality import label_quality
from pipeline.insights.phenomenon import phenomenon
from pipeline.insights.repeats import repeats
from pipeline.insights.responsibility import responsibility
from pipeline.insights.service_times import service_times
from pipeline.insights.value import value

pytestmark = pytest.mark.real_data
# what every section lacks of a dump of texts and times
LACKING = {
    responsibility: {"at_fault", "department"},
    phenomenon: {"closing_category", "closing_note"},
    label_quality: {"label_path"},
    exemptions: {"satisfaction", "rated", "closed", "id"},
    value: {"tier", "satisfaction", "escalation_threatened"},
    churn: {"fee_change"},
    chains: {"escalated", "channel", "solved"},
    repeats: set(),
    service_times: {"closed", "due", "first_contact", "replied", "solved"},
}


@pytest.fixture(scope="module")
def messages(real_data) -> Cases:
    """Messages of citizens: texts, users and times, nothing else; all kinds of time in one column."""
    with (real_data / "civic_messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(islice(csv.DictReader(file), 300))
    answers = load_model().predict([row["text"] for row in rows])
    return make_cases(
        {
            "text": [row["text"] for row in rows],
            "customer": [row["user"] for row in rows],
            "accepted": pd.to_datetime([row["time"] for row in rows], format="mixed", errors="coerce"),
            "category": [one.category for one in answers],
            "cause": [one.cause for one in answers],
        }
    )


@pytest.mark.parametrize("section", LACKING, ids=lambda section: section.__name__)
def test_a_dump_of_texts_and_times_is_enough(messages, section):
    found = section(messages)
    assert {column for one in found.missing for column in one.needs} == LACKING[section]


def test_what_can_be_counted_is(messages):
    found = responsibility(messages)
    assert found.attributed + found.no_problem + found.unknown == 300
    assert chains(messages).all.repeated.of > 200
    assert [one.complaints.of + one.dropped + one.unusable for one in repeats(messages).rules] == [300] * 5


def test_hotline_transcripts_threaten_nothing_that_they_do_not_say(real_data):
    with (real_data / "telecom_dev.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    # none of them speaks of leaving
    assert churn(make_cases({"text": texts})).leaving.count == 0
