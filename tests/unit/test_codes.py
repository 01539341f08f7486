"""The case code: what it looks like, what it forgives, and that no slip of the tongue passes for another case."""

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.codes import CodeWrong, case_code, parse_case_code, spoken

unhurried = settings(deadline=None)  # a busy machine must not fail a true property
years = st.integers(2000, 2099)
numbers = st.integers(1, 9_999_999)
codes = st.builds(case_code, years, numbers)


def reason(text: str) -> str:
    with pytest.raises(CodeWrong) as wrong:
        parse_case_code(text)
    return wrong.value.reason


def digits_of(code: str) -> str:
    return code.replace("-", "")


def damm_digit(body: str) -> str:
    """The check digit worked out from the published table, apart from the library the code uses."""
    table = (
        "0317598642 7092154863 4206871359 1750983426 6123045978 3674209581 5869720134 8945362017 9438617205 2581436790"
    )
    rows, interim = table.split(), 0
    for digit in body:
        interim = int(rows[interim][int(digit)])
    return str(interim)


@unhurried
@given(years, numbers)
def test_a_code_is_year_number_and_check_digit(year: int, number: int) -> None:
    code = case_code(year, number)
    assert re.fullmatch(r"\d{2}-\d{7}-\d", code)
    body = f"{year % 100:02}{number:07}"
    assert digits_of(code) == body + damm_digit(body)


@unhurried
@given(codes)
def test_round_trip(code: str) -> None:
    assert parse_case_code(code) == code
    assert parse_case_code(digits_of(code)) == code


@unhurried
@given(codes)
def test_every_single_wrong_digit_is_seen(code: str) -> None:
    digits = digits_of(code)
    for place, right in enumerate(digits):
        for wrong in set("0123456789") - {right}:
            assert reason(digits[:place] + wrong + digits[place + 1 :]) == "check_digit"


@unhurried
@given(codes)
def test_every_swap_of_neighbours_is_seen(code: str) -> None:
    digits = digits_of(code)
    for place in range(len(digits) - 1):
        one, other = digits[place : place + 2]
        if one != other:
            assert reason(digits[:place] + other + one + digits[place + 2 :]) == "check_digit"


@unhurried
@given(st.lists(st.tuples(years, numbers), unique=True, min_size=2, max_size=50))
def test_different_cases_have_different_codes(cases: list[tuple[int, int]]) -> None:
    assert len({case_code(year, number) for year, number in cases}) == len(cases)


@unhurried
@given(codes, st.text("-‐‑‒–—―−－﹣ \u3000\t\n", min_size=1, max_size=3), st.integers(0, 10))
def test_spaces_and_dashes_of_any_kind_are_forgiven(code: str, stray: str, place: int) -> None:
    digits = digits_of(code)
    assert parse_case_code(digits[:place] + stray + digits[place:]) == code


@unhurried
@given(codes)
def test_full_width_digits_are_forgiven(code: str) -> None:
    wide = digits_of(code).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert parse_case_code(f"{wide[:2]}－{wide[2:9]}－{wide[9]}") == code


@unhurried
@given(st.text(max_size=30))
def test_any_text_is_either_a_code_or_wrong_in_words(text: str) -> None:
    with suppress(CodeWrong):  # any other exception would be a hole
        assert re.fullmatch(r"[0-9]{2}-[0-9]{7}-[0-9]", parse_case_code(text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "length"),
        ("   ", "length"),
        ("26-0000042", "length"),
        ("26-0000042-75", "length"),
        ("26-000004２-A", "digits"),
        ("二六零零零零零四二七", "digits"),
        ("26-00000四2-7", "digits"),
        ("26-٠000042-7", "digits"),  # digits of other scripts are not ours
        ("①6-0000042-7", "digits"),
    ],
)
def test_what_is_wrong_is_told_apart(text: str, why: str) -> None:
    assert reason(text) == why


def test_the_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(CodeWrong) as wrong:
        parse_case_code("王小明13812345678")
    assert "王" not in str(wrong.value)
    assert "138" not in str(wrong.value)


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, -1), (2026, 10_000_000), (26, 1), (1999, 1), (2100, 1)])
def test_years_and_numbers_that_do_not_fit_are_refused(year: int, number: int) -> None:
    with pytest.raises(ValueError, match=str(abs(year) if not 2000 <= year <= 2099 else number)):
        case_code(year, number)


def test_read_over_a_telephone() -> None:
    code = case_code(2026, 1_120_042)
    assert spoken(code) == f"二六，幺幺二，零零四二，{'零幺二三四五六七八九'[int(code[-1])]}"
    assert spoken(digits_of(code)) == spoken(code)


@unhurried
@given(codes)
def test_what_is_read_out_is_the_code(code: str) -> None:
    back = spoken(code).translate(str.maketrans("零幺二三四五六七八九", "0123456789")).replace("，", "-")
    assert parse_case_code(back) == code


def test_a_wrong_code_is_not_read_out() -> None:
    code = case_code(2026, 42)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(CodeWrong):
        spoken(wrong)
