"""Each copy of a case's rows has ids, a code and a year of its own; everything else is as it was written."""

import pytest

from benchmarks.multiplied import copy_of, marked, of_cases

CASE = b"01a223b0-2cf8-7770-8d4f-95be7f3f7e93"
KEY = b"0f" * 16
HASH = b"0a" * 32


def test_ids_that_are_the_same_stay_the_same() -> None:
    rows = copy_of(marked(CASE + b"\t" + CASE + b":clocks\n"), 258)
    assert rows == b"00000102-2cf8-7770-8d4f-95be7f3f7e93\t00000102-2cf8-7770-8d4f-95be7f3f7e93:clocks\n"


def test_two_copies_share_neither_id_nor_key_nor_code() -> None:
    row = marked(CASE + b"\t" + KEY + b"\t26-0000042-5\n")
    first, second = (copy_of(row, number).split(b"\t") for number in (1, 2))
    assert not set(first) & set(second)
    assert first[2] == b"h1-0000042-5\n"


@pytest.mark.parametrize("kept", [b"\\\\x" + HASH, b"13800001234", b"labour.wages.arrears", b"350521104"])
def test_what_is_no_id_stays(kept: bytes) -> None:
    assert copy_of(marked(kept), 7) == kept


def test_the_years_before_are_told_of_and_lengths_stay() -> None:
    at = b"2026-03-02 09:00:00+00"
    assert {copy_of(marked(at), number)[:4] for number in range(3)} == {b"2023", b"2024", b"2025"}
    assert len(copy_of(marked(at), 1)) == len(at)


def test_the_centres_own_rows_are_left_out() -> None:
    rows = marked(CASE + b"\tone\nwatch\t3\n" + CASE + b"\tcentre_pack\n")
    assert of_cases(rows) == marked(CASE + b"\tone\n")
