"""Which column is which field: guessed by the names platforms use, said with --map, refused in words."""

import pytest

from deploy.importer.columns import FIELDS, MappingUnknown, guess_mapping, missing_fields, parse_mapping

BOARD = ["message_id", "received_at", "subject", "body", "category"]


@pytest.mark.parametrize(
    ("columns", "guessed"),
    [
        (
            BOARD,
            {
                "reference": ["message_id"],
                "received_at": ["received_at"],
                "matter": ["subject", "body"],
                "category": ["category"],
            },
        ),
        (
            ["工单编号", "诉求内容", "所属区域", "联系电话", "诉求人", "备注"],
            {
                "reference": ["工单编号"],
                "matter": ["诉求内容"],
                "place": ["所属区域"],
                "requester_phone": ["联系电话"],
                "requester_name": ["诉求人"],
            },
        ),
        (["ID", "Text"], {"reference": ["ID"], "matter": ["Text"]}),
        (["编号", "标题"], {"reference": ["编号"], "matter": ["标题"]}),
    ],
    ids=["a message board", "a hotline", "capitals", "a title only"],
)
def test_guessed_by_the_names_platforms_use(columns: list[str], guessed: dict[str, list[str]]) -> None:
    assert guess_mapping(columns, {}) == guessed


def test_what_is_said_beats_what_is_guessed() -> None:
    said = parse_mapping(["matter=body", "place= subject "], BOARD)
    assert guess_mapping(BOARD, said)["matter"] == ["body"]
    assert guess_mapping(BOARD, said)["place"] == ["subject"]


def test_a_field_may_be_made_of_several_columns() -> None:
    assert parse_mapping(["matter=subject + body"], BOARD) == {"matter": ["subject", "body"]}


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (["matter=内容"], "the file has no column '内容'; it has message_id, received_at, subject, body, category"),
        (["matter=subject+"], "the file has no column ''"),
        (["colour=body"], "write FIELD=COLUMN; fields are reference, matter"),
        (["subject=body"], "write FIELD=COLUMN"),
        (["matter"], "write FIELD=COLUMN"),
        (["matter=body", "matter=subject"], "matter was given before"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_in_words(pairs: list[str], words: str) -> None:
    with pytest.raises(MappingUnknown) as refused:
        parse_mapping(pairs, BOARD)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("columns", "missing"),
    [(BOARD, []), (["编号"], ["matter"]), (["内容"], ["reference"]), (["甲", "乙"], ["reference", "matter"])],
)
def test_what_no_case_can_do_without(columns: list[str], missing: list[str]) -> None:
    assert missing_fields(guess_mapping(columns, {})) == missing


def test_every_field_can_be_mapped() -> None:
    assert parse_mapping([f"{field}=body" for field in FIELDS], BOARD).keys() == set(FIELDS)
