"""Dates, doses and windows: what an interval decides, and what it does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.checks.dates import When, add_days, add_months
from kg.checks.doses import read_dose
from kg.checks.windows import Side, answer
from kg.knowledge import Evidence, HalfLife, Moiety
from kg.records import Window

AS_OF = date(2026, 11, 21)
LONG = HalfLife(40, 60, (Moiety("active metabolite", 80, 110, Evidence()),), ())
SHORT = HalfLife(2, 6, (), ())


def days_ago(days: int) -> When:
    return When.on(AS_OF - timedelta(days))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("2024-11-20", "2024-11-20", "2024-11-20"), ("2024-02", "2024-02-01", "2024-02-29"), ("2023", "2023-01-01", "2023-12-31")],
)
def test_a_partial_date_is_an_interval(text: str, low: str, high: str) -> None:
    when = When.read(text)
    assert (when.low.isoformat(), when.high.isoformat()) == (low, high)


@pytest.mark.parametrize("text", ["21/11/2026", "2024-13", "2024-02-30", "yesterday", "2024-1-1", "", "20241120", "0000"])
def test_what_is_no_date_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="write 2024-11-20"):
        When.read(text)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-08-31", 6, "2027-02-28"), ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-11-21", 14, "2028-01-21")],
)
def test_months_are_calendar_months(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months).isoformat() == end


def test_dates_past_the_calendar_do_not_break() -> None:
    assert add_days(date(9999, 12, 30), 5) == date.max == add_months(date(9999, 12, 30), 5)


@pytest.mark.parametrize(
    ("window", "days", "side", "free"),
    [
        # "at least N since": allowed from last dose + N
        (Window(days=28, within=False), 27, Side.INSIDE, 1),
        (Window(days=28, within=False), 28, Side.OUTSIDE, 0),
        # "within N": allowed from last dose + N + 1
        (Window(days=28), 28, Side.INSIDE, 1),
        (Window(days=28), 29, Side.OUTSIDE, 0),
    ],
)
def test_the_two_readings_of_a_window(window: Window, days: int, side: Side, free: int) -> None:
    said = answer(window, days_ago(days), AS_OF)
    assert said.side is side
    assert said.free_from == AS_OF + timedelta(free)


@pytest.mark.parametrize(
    ("last", "side"),
    [
        ("2026", Side.NO_DATE),  # January would be over, November not
        ("2025", Side.OUTSIDE),  # either end is over
        ("2026-11", Side.INSIDE),  # either end is inside: the month has only begun to pass
        ("2026-10", Side.NO_DATE),
        (None, Side.NO_DATE),
    ],
)
def test_a_partial_date_decides_only_if_both_ends_agree(last: str | None, side: Side) -> None:
    assert answer(Window(days=28), When.read(last) if last else None, AS_OF).side is side


def test_an_undecided_date_gives_the_day_that_is_surely_over() -> None:
    assert answer(Window(days=21, within=False), When.read("2026"), AS_OF).free_from == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("window", "half_life", "days", "side"),
    [
        # 5 half-lives of 40-60 h, metabolite up to 110 h: 9 to 23 days
        (Window(half_lives=5), LONG, 8, Side.INSIDE),
        (Window(half_lives=5), LONG, 18, Side.UNSETTLED),
        (Window(half_lives=5), LONG, 30, Side.OUTSIDE),
        (Window(days=28, half_lives=5, combine="shorter"), LONG, 18, Side.UNSETTLED),
        (Window(days=14, half_lives=5, combine="shorter"), LONG, 18, Side.OUTSIDE),
        (Window(days=28, half_lives=5, combine="longer"), LONG, 18, Side.INSIDE),
        (Window(days=14, half_lives=5, combine="longer"), LONG, 18, Side.UNSETTLED),
        (Window(days=28, half_lives=5, combine="shorter"), SHORT, 10, Side.OUTSIDE),
        (Window(days=28, half_lives=5, combine="longer"), SHORT, 10, Side.INSIDE),
        # a half-life that is not known
        (Window(days=28, half_lives=5, combine="longer"), None, 10, Side.INSIDE),
        (Window(days=28, half_lives=5, combine="longer"), None, 300, Side.UNSETTLED),
        (Window(days=28, half_lives=5, combine="shorter"), None, 10, Side.UNSETTLED),
        (Window(days=28, half_lives=5, combine="shorter"), None, 300, Side.OUTSIDE),
        # which of the two holds is not said
        (Window(days=28, half_lives=5), SHORT, 10, Side.INSIDE),
        (Window(days=28, half_lives=5), SHORT, 40, Side.OUTSIDE),
        (Window(cycles=2), SHORT, 100, Side.UNSETTLED),
        (Window(cycles=2), SHORT, 400, Side.OUTSIDE),  # two cycles never take a year
        (Window(), SHORT, 200, Side.UNSETTLED),
        (Window(), SHORT, 400, Side.OUTSIDE),  # a wash-out of unstated length is shorter than a year
    ],
)
def test_half_lives_and_combinations(window: Window, half_life: HalfLife | None, days: int, side: Side) -> None:
    assert answer(window, days_ago(days), AS_OF, half_life).side is side


@pytest.mark.parametrize(
    ("window", "days", "side"),
    [
        (Window(days=28, half_lives=5, combine="longer"), 10, Side.INSIDE),
        (Window(days=28, half_lives=5, combine="longer"), 100, Side.UNSETTLED),
        (Window(days=28, half_lives=5, combine="longer"), 400, Side.OUTSIDE),
        (Window(half_lives=5), 10, Side.UNSETTLED),
        (Window(days=28, half_lives=5, combine="half-life"), 40, Side.OUTSIDE),  # the days hold where the half-life is not known
    ],
)
def test_an_antibody_of_unknown_half_life_lasts_no_longer_than_any_known(window: Window, days: int, side: Side) -> None:
    longest = HalfLife(40 * 24, 60 * 24, (), ())  # 300 days
    said = answer(window, days_ago(days), AS_OF, None, longest)
    assert said.side is side and ("at most 60 days" in said.why) is (side is Side.OUTSIDE and days > 300)


WINDOWS = st.builds(
    Window,
    days=st.none() | st.integers(0, 400),
    months=st.none() | st.integers(0, 30),
    half_lives=st.none() | st.integers(1, 10),
    combine=st.sampled_from(["", "shorter", "longer"]),
    within=st.booleans(),
)
LASTS = st.none() | st.one_of(
    st.dates(date(2015, 1, 1), AS_OF).map(lambda d: d.isoformat()),
    st.dates(date(2015, 1, 1), AS_OF).map(lambda d: d.isoformat()[:7]),
    st.dates(date(2015, 1, 1), AS_OF).map(lambda d: d.isoformat()[:4]),
)


@given(window=WINDOWS, last=LASTS, later=st.integers(0, 2000), half_life=st.sampled_from([None, LONG, SHORT]))
def test_once_allowed_stays_allowed(window: Window, last: str | None, later: int, half_life: HalfLife | None) -> None:
    when = When.read(last) if last else None
    before, after = (answer(window, when, day, half_life) for day in (AS_OF, AS_OF + timedelta(later)))
    if last is not None and before.side is Side.OUTSIDE:
        assert after.side is Side.OUTSIDE
    if after.side is Side.INSIDE:
        assert before.side is Side.INSIDE


@given(window=WINDOWS, last=LASTS.filter(lambda text: text is not None), half_life=st.sampled_from([None, LONG, SHORT]))
def test_on_the_day_given_the_window_is_over_and_not_the_day_before(window: Window, last: str, half_life: HalfLife | None) -> None:
    when = When.read(last).until(AS_OF)
    said = answer(window, when, AS_OF, half_life)
    if said.free_from is not None:
        assert answer(window, when, said.free_from, half_life).side is Side.OUTSIDE
        if said.side is Side.INSIDE:
            assert answer(window, when, said.free_from - timedelta(1), half_life).side is not Side.OUTSIDE


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("20 mg/day", 20),
        ("0.5 g twice daily", 1000),
        ("200 mg BID", 400),
        ("10 mg every other day", 5),
        ("50 mcg daily", 0.05),
        ("100 mg q8h", 300),
        ("15 mg weekly", 15 / 7),
        ("1,000 mg/day", 1000),
        ("0,5 mg/day", 0.5),
        ("20 mg", 20),
        ("75 mg/m2 every 3 weeks", None),
        ("1 mg/kg/day", None),
        ("5000 IU daily", None),
        ("two tablets", None),
        ("7.5 mg 2 times a day", 15),
        ("7.5 mg 2x/day", 15),
        ("10 mg every 4 hours", 60),
        ("BID 5 mg", 10),
        ("20 mg/24 h", 20),
        ("5 mg three times a week", 15 / 7),
        ("5 mg morning and evening", 10),
        ("5 mg twice daily, morning and evening", 10),
        ("20 mg (Take 1 tablet twice daily)", 40),
        ("20 mg tds", 60),
        ("20 mg daily since 2024-05", 20),
        ("20 mg (take 2 tablets daily)", None),
        ("5 mg in the morning and 10 mg at night", None),
        ("10 mg daily, 5 mg every other day", None),
        ("20 mg, then 10 mg", None),
        ("20 mg 5 days a week", None),
        ("10 mg 1-0-1", None),
        ("5 mg as needed", None),
    ],
)
def test_doses_in_mg_a_day(text: str, mg: float | None) -> None:
    said = read_dose(text)
    assert said.mg_a_day == (pytest.approx(mg) if mg else None)
    assert said.note or mg


@pytest.mark.parametrize(
    "text", ["0 mg/day", "-5 mg", "200 g/day", "900000 mg daily", "60 g 2 times a day", "500 kg/m2", "5000 tablets/day"]
)
def test_absurd_doses_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="dose"):
        read_dose(text)
