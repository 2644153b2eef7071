"""Stored records read back equal: every trial, eligibility, finding that the types allow."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.codec import dumps, from_plain, loads, to_plain
from kg.errors import BadInput
from kg.records import Arm, Eligibility, Exposure, Finding, Mention, RecordSource, Rule, Trial, TrialResult

RECORDS = [Trial, Eligibility, Rule, Finding, TrialResult, Exposure]


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_round_trip(cls: type, data: st.DataObject) -> None:
    # JSON has no lone surrogates; nor has any text file that a record is read from
    st.register_type_strategy(str, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
    st.register_type_strategy(int, st.integers(-(2**53), 2**53))
    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
    record = data.draw(st.from_type(cls))
    assert loads(cls, dumps(record)) == record


def test_defaults_are_left_out_and_come_back() -> None:
    trial = Trial("NCT00000001", "A trial", RecordSource("a.json", "v2-json", "00"), arms=(Arm("A"),), enrollment=0)
    plain = to_plain(trial)
    assert plain == {
        "nct": "NCT00000001",
        "brief_title": "A trial",
        "source": {"name": "a.json", "format": "v2-json", "checksum": "00"},
        "arms": [{"label": "A"}],
        "enrollment": 0,
    }
    assert from_plain(Trial, plain) == trial


def test_a_record_that_was_stored_before_a_field_was_added_still_opens() -> None:
    assert loads(Mention, '{"start":0,"end":4,"kind":"drug","key":"x","text":"drug"}') == Mention(0, 4, "drug", "x", "drug")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"label": 3}', "3 is not a str"),
        ('{"label": "A", "colour": "red"}', "no field 'colour'"),
        ("{}", "label"),
        ('["A"]', "JSON object"),
        ('{"label": "A", "interventions": "x"}', "not a list"),
        ("{", "not JSON"),
    ],
)
def test_what_is_not_a_record_is_said_plainly(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        loads(Arm, text)
