"""One row becomes one request, or is refused by the name of its field."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from deploy.importer.cases import RowUnfit, to_command
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import HandlingMode, RegisterCase, Source

ACTOR = Actor(staff="desk.general", role=Role.SYSTEM)
COLUMNS = {
    field: [field]
    for field in (
        "reference",
        "matter",
        "category",
        "place",
        "received_at",
        "level",
        "requester_name",
        "requester_phone",
    )
} | {"matter": ["subject", "body"]}
LOCAL = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def pack() -> CentrePack:
    return load_pack(Path(__file__).parents[2] / "packs" / "lettered-places")


def command(pack: CentrePack, **row: str) -> RegisterCase:
    whole = {"reference": "P1", "body": "夜间施工噪声", **row}
    return to_command(whole, COLUMNS, pack, source=Source.PLATFORM_PUSH, actor=ACTOR, key="k")


def test_a_full_row(pack: CentrePack) -> None:
    made = command(
        pack,
        subject="噪声",
        category="城乡建设",
        place="A3区",
        received_at="2026-11-20 09:30:00",
        level="II",
        requester_name="测试甲",
        requester_phone="13800001234",
    )
    assert made.matter == "噪声\n夜间施工噪声"
    assert (made.category, made.place, made.level) == ("urban", "a3-qu", "II")
    assert made.received_at == datetime(2026, 11, 20, 9, 30, tzinfo=LOCAL)
    assert made.requester is not None
    assert (made.requester.name, made.requester.phone) == ("测试甲", "13800001234")
    assert (made.external_reference, made.accept_as) == ("P1", HandlingMode.FORWARD)


def test_the_least_a_row_needs(pack: CentrePack) -> None:
    made = command(pack)
    assert (made.category, made.place, made.level) == (None, None, "IV")
    assert (made.requester, made.received_at) == (None, None)


def test_the_place_is_looked_for_in_the_matter_where_no_column_tells(pack: CentrePack) -> None:
    assert command(pack, body="A3区某小区门口路灯不亮").place == "a3-qu"
    assert command(pack, body="A3区某小区门口路灯不亮", place="A7县").place == "a7-xian"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-20 09:30:00", (9, 30)),
        ("2026-11-20T09:30", (9, 30)),
        ("2026/11/20 9:30", (9, 30)),
        ("2026/11/20 9:05:00", (9, 5)),
        ("2026年11月20日 9:30", (9, 30)),
        ("2026.11.20", (0, 0)),
        ("2026-11-20T01:30:00Z", (9, 30)),
    ],
)
def test_times_as_platforms_and_spreadsheets_write_them(pack: CentrePack, written: str, meant: tuple[int, int]) -> None:
    assert command(pack, received_at=written).received_at == datetime(2026, 11, 20, *meant, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ({"reference": ""}, "reference", "no number of its own"),
        ({"category": "天文"}, "category", "'天文' is not a category of this centre"),
        ({"place": "火星"}, "place", "'火星' is not a place of this centre"),
        ({"received_at": "昨天"}, "received_at", "'昨天' is not a time; write 2026-11-22 09:30:00"),
        ({"received_at": "2026-02-30"}, "received_at", "is not a time"),
        ({"received_at": "46346.4"}, "received_at", "is not a time"),
    ],
)
def test_an_unfit_row_names_its_field(pack: CentrePack, row: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(RowUnfit) as unfit:
        command(pack, **row)
    assert unfit.value.field == field
    assert words in str(unfit.value)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"level": "特急"}, "level"),
        ({"body": " "}, "matter"),
        ({"body": "长" * 8_001}, "matter"),
        ({"reference": "9" * 201}, "external_reference"),
    ],
)
def test_what_does_not_fit_the_request_names_its_field(pack: CentrePack, row: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as fault:
        command(pack, **row)
    assert fault.value.errors()[0]["loc"] == (field,)


def test_a_column_taken_for_another_shows_little_of_a_persons_words(pack: CentrePack) -> None:
    words = "我叫测试甲，" + "住在某小区，" * 40
    with pytest.raises(RowUnfit) as unfit:
        command(pack, category=words)
    assert len(str(unfit.value)) < 90
