"""A platform's file is taken as it is written, or refused in words that say what to do; no cell is ever lost."""

import csv
from pathlib import Path

import pytest

from deploy.importer import reading
from deploy.importer.reading import FileUnreadable, Rows, read_rows

TEXT = "编号,内容\r\nA1,路灯不亮\r\nA2,井盖松动\r\n"
BOTH = [(2, {"编号": "A1", "内容": "路灯不亮"}), (3, {"编号": "A2", "内容": "井盖松动"})]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "push.csv"


def read(file: Path, content: str | bytes) -> Rows:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_rows(file)


def refusal(file: Path, content: str | bytes) -> str:
    with pytest.raises(FileUnreadable) as refused:
        read(file, content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("encoded", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("gbk"), "GBK (GB18030)"),
        (TEXT.encode("gb18030"), "GBK (GB18030)"),
        (TEXT.replace("\r\n", "\n").encode(), "utf-8"),
        (TEXT.replace("\r\n", "\r").encode(), "utf-8"),
    ],
    ids=["utf-8", "with mark", "gbk", "gb18030", "unix lines", "old mac lines"],
)
def test_every_usual_way_of_writing_gives_the_same_rows(file: Path, encoded: bytes, encoding: str) -> None:
    found = read(file, encoded)
    assert (found.columns, found.rows, found.broken) == (["编号", "内容"], BOTH, [])
    assert found.encoding == encoding


def test_rows_are_numbered_as_a_spreadsheet_does(file: Path) -> None:
    found = read(file, '编号,内容\nA1,"两行\n一格"\n\n , \nA2,井盖松动\n')
    assert [number for number, _ in found.rows] == [2, 5]
    assert found.rows[0][1]["内容"] == "两行\n一格"
    assert found.total == 2


def test_quoted_commas_and_quotation_marks_are_content(file: Path) -> None:
    [(_, row)] = read(file, '编号,内容\nA1,"他说""不行"", 就走了"\n').rows
    assert row["内容"] == '他说"不行", 就走了'


def test_what_people_wrote_shows_in_no_trace(file: Path) -> None:
    assert "路灯" not in repr(read(file, TEXT))


def test_a_row_that_ends_early_has_empty_cells(file: Path) -> None:
    [(_, row)] = read(file, "编号,内容,属地\nA1,路灯不亮\n").rows
    assert row == {"编号": "A1", "内容": "路灯不亮", "属地": ""}


def test_a_row_with_more_cells_than_columns_is_reported_and_never_cut(file: Path) -> None:
    found = read(file, "编号,内容\nA1,路灯不亮,请派人\nA2,井盖松动,,\n")
    [(number, reason)] = found.broken
    assert number == 2
    assert "3 cells for 2 columns" in reason
    assert [number for number, _ in found.rows] == [3], "empty cells at the end lose nothing"
    assert found.total == 2


def test_columns_without_a_name_are_left_out(file: Path) -> None:
    found = read(file, "编号,内容,,\nA1,路灯不亮,x,y\n")
    assert found.columns == ["编号", "内容"]
    assert found.rows == [(2, {"编号": "A1", "内容": "路灯不亮"})]


def test_a_header_alone_is_a_file_of_no_rows(file: Path) -> None:
    assert read(file, "编号,内容\n").total == 0


@pytest.mark.parametrize("content", ["", "\n", " , \n", b"\xef\xbb\xbf"], ids=["nothing", "a line", "blanks", "a mark"])
def test_an_empty_file_is_told_so(file: Path, content: str | bytes) -> None:
    assert "is empty: the first line must name the columns" in refusal(file, content)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04\x14\x00\x06\x00", TEXT.encode("utf-16"), b"a,b\n" + b"x" * 9000 + b"\x00"],
    ids=["a workbook", "utf-16", "a zero byte far inside"],
)
def test_what_is_no_text_is_told_how_to_be_saved(file: Path, content: bytes) -> None:
    assert "save it as CSV (UTF-8)" in refusal(file, content)


def test_bytes_of_no_known_writing_are_told_so(file: Path) -> None:
    assert "neither UTF-8 nor GBK" in refusal(file, b"a,b\n\xff\xfe\xff\n")


def test_a_column_named_twice_is_named(file: Path) -> None:
    assert "names a column twice: 编号, 内容, 编号" in refusal(file, "编号,内容, 编号 \nA1,x,A1\n")


@pytest.mark.parametrize(
    ("content", "line"),
    [('编号,内容\nA1,"没有关上\n', 2), ('编号,内容\nA1,x\nA2,"关上了"又开\n', 3)],
    ids=["never closed", "closed too early"],
)
def test_broken_quoting_is_told_with_its_line(file: Path, content: str, line: int) -> None:
    words = refusal(file, content)
    assert f"near line {line}" in words
    assert "quotation mark" in words


def test_a_huge_cell_is_told_with_its_line(file: Path) -> None:
    assert "near line 2" in refusal(file, "编号,内容\nA1," + "长" * (csv.field_size_limit() + 1))


def test_a_huge_file_is_not_even_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FILE_BYTES_MAX", 10)
    assert "split it" in refusal(file, TEXT)


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"cannot read .*push\.csv"):
        read_rows(file)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="cannot read"):
        read_rows(tmp_path)
