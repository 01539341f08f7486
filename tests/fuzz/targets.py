"""Everything that reads what others wrote. Each target is given any bytes and takes them, or says no in words.

`said_no` are the ways of saying it; whatever else a target raises is a crash. Whoever adds a reader adds it here.
"""

import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from pydantic import ValidationError

from deploy.importer.cases import RowUnfit, to_command
from deploy.importer.columns import guess_mapping
from deploy.importer.reading import FileUnreadable, read_rows
from deploy.packs import default_pack, default_pack_dir
from deploy.roster_sheets import read_sheet, write_sheet
from deploy.rosters import FILE as ROSTERS
from deploy.rosters import load_rosters, rosters_beside
from shared.centre.errors import PackFaulty
from shared.centre.load import load_pack
from shared.centre.yaml_source import read_yaml
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Envelope
from shared.contracts.catalogue import EVENTS, REQUESTS
from shared.contracts.intake import Source
from shared.errors import Refused
from shared.infra.asking import refusal_of
from shared.photos import PhotoWrong, clean_photo
from shared.rosters.rows import SheetFaulty, sheet_of
from tests.fuzz.links import NO_LINK, draw_link, read_link
from tests.fuzz.mutating import as_bytes, mutated, mutated_json
from tests.fuzz.texts import DoesNotBelong, draw_code, draw_limit, draw_phrase, read_code, read_limit, read_phrase
from tests.requests.filling import Known, fill
from tests.support.times import MONDAY_MORNING

GOLDEN = Path(__file__).parents[1] / "contract" / "golden"
SECRET = "请勿外传的一句话"
Read = Callable[[bytes], object]
Draw = Callable[[Random], bytes]


@dataclass(frozen=True)
class Target:
    name: str
    read: Read
    draw: Draw
    said_no: tuple[type[Exception], ...]
    weight: int = 1
    """How many of a hundred rounds it gets, more or less."""


class ComesBack(AssertionError):
    """A refusal says what was in the input."""


# -- requests and events -----------------------------------------------------------------------------------------------

NAMES = sorted(REQUESTS)
pack = cache(default_pack)
TYPES = sorted(EVENTS)


def read_request(data: bytes) -> None:
    """The first byte says which; a refusal has words and none of the asker's own."""
    request = REQUESTS[NAMES[data[0] % len(NAMES)]] if data else REQUESTS[NAMES[0]]
    try:
        request.model_validate_json(data[1:])
    except ValidationError as fault:
        said = json.dumps(refusal_of(fault).as_dict(), ensure_ascii=False)
        if SECRET in said:
            raise ComesBack(said) from None
        raise refusal_of(fault) from None


def draw_request(lots: Random) -> bytes:
    place = lots.randrange(len(NAMES))
    name = NAMES[place]
    body = fill(REQUESTS[name], lots, Known(), pack(), MONDAY_MORNING)
    body["actor"] = {"staff": "clerk.1", "role": lots.choice(list(Role)).value}
    return bytes([place]) + as_bytes(_with_secret(mutated_json(body, lots), lots), lots)


def _with_secret(body: Any, lots: Random) -> Any:
    """In a field that fits, in one that does not, or in one nobody knows."""
    if isinstance(body, dict) and lots.random() < 0.6:
        body[lots.choice([*sorted(body), "unknown"])] = lots.choice((SECRET, [SECRET], {SECRET: SECRET}))
    return body


class PassedOver(Exception):
    """What an inbox does with an event of a type it does not know."""


def read_event(data: bytes) -> None:
    """As an inbox does: the envelope, then what it carries."""
    envelope = Envelope.model_validate_json(data)
    event = EVENTS.get(envelope.type)
    if event is None:
        raise PassedOver("nobody here knows an event of this type")
    event.model_validate(envelope.data).model_dump_json()


@cache
def _golden() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(one.read_text(encoding="utf-8")) for one in sorted(GOLDEN.glob("*.json")))


def draw_event(lots: Random) -> bytes:
    envelope = lots.choice(_golden())
    changed = mutated_json(envelope, lots)
    if isinstance(changed, dict) and isinstance(envelope.get("data"), dict) and lots.random() < 0.6:
        changed["data"] = mutated_json(envelope["data"], lots)
    return as_bytes(changed, lots)


# -- files -------------------------------------------------------------------------------------------------------------


def in_a_file(name: str, read: Callable[[Path], object]) -> Read:
    def of_bytes(data: bytes) -> object:
        with tempfile.TemporaryDirectory(prefix="muster-fuzz-") as folder:
            file = Path(folder) / name
            file.write_bytes(data)
            return read(file)

    return of_bytes


CSV = (
    "reference,subject,body,category,place,received_at,level\n"
    'P1,噪声,"夜间施工, 很吵",噪声,洛阳镇,2026-11-20 09:30,IV\nP2,,"多行\n一格",,,2026/11/20,I\n'
).encode()


class NoRowFits(Exception):
    """A file that can be read and brings nothing."""


def read_import(file: Path) -> None:
    """Every row becomes a request, or says which of its cells is wrong."""
    fit = 0
    rows = read_rows(file)
    columns = guess_mapping(rows.columns, {})
    for number, row in rows.rows[:50]:
        try:
            to_command(
                row,
                columns,
                pack(),
                source=Source.PLATFORM_PUSH,
                actor=Actor(staff="desk", role=Role.SYSTEM),
                key=str(number),
            )
            fit += 1
        except (RowUnfit, ValidationError):
            continue  # told as this row's trouble, by the name of its field
    if not fit:
        raise NoRowFits("none of the rows can be registered")


def read_roster_sheet(file: Path) -> None:
    sheet_of(read_sheet(file))


@cache
def _sheet(kind: str) -> bytes:
    """The rosters of the default pack, as they are written for people."""
    with tempfile.TemporaryDirectory(prefix="muster-fuzz-") as folder:
        file = Path(folder) / f"sheet.{kind}"
        write_sheet(file, rosters_beside(default_pack_dir()), now=MONDAY_MORNING)
        return file.read_bytes()


def draw_workbook(lots: Random) -> bytes:
    """The packed file itself is hurt, or one of the parts in a file that is packed as it should be."""
    if lots.random() < 0.4:
        return mutated(_sheet("xlsx"), lots, (_sheet("csv"),))
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(_sheet("xlsx"))) as sound, zipfile.ZipFile(kept, "w") as hurt:
        parts = sound.namelist()
        broken = lots.choice(parts)
        for name in parts:
            content = sound.read(name)
            hurt.writestr(name, mutated(content, lots, (content,)) if name == broken else content)
    return kept.getvalue()


def draw_from(*seeds: bytes) -> Draw:
    return lambda lots: mutated(lots.choice(seeds), lots, seeds)


@cache
def _pack_files() -> tuple[tuple[str, bytes], ...]:
    return tuple((file.name, file.read_bytes()) for file in sorted(default_pack_dir().glob("*.yaml")))


def read_pack(data: bytes) -> None:
    """The first byte says which file of an otherwise sound pack it stands in."""
    files = _pack_files()
    broken = data[0] % len(files) if data else 0
    with tempfile.TemporaryDirectory(prefix="muster-fuzz-") as folder:
        for place, (name, content) in enumerate(files):
            (Path(folder) / name).write_bytes(data[1:] if place == broken else content)
        load_pack(Path(folder))


BOMB = b"a: &a [x,x,x,x]\n" + b"".join(
    b"%c: &%c [*%c,*%c,*%c,*%c]\n" % (c, c, c - 1, c - 1, c - 1, c - 1) for c in range(ord("b"), ord("m"))
)
CIRCLE = b"units: &u\n  - *u\n"
HUGE = b"limits:\n  - {id: accept, stage: accept, amount: " + b"9" * 400 + b", unit: working_day, source: x}\n"


def draw_pack(lots: Random) -> bytes:
    files = _pack_files()
    place = lots.randrange(len(files))
    seed = lots.choice((files[place][1], files[place][1], files[place][1], BOMB, CIRCLE, HUGE))
    return bytes([place]) + mutated(seed, lots, tuple(content for _, content in files))


def draw_rosters(lots: Random) -> bytes:
    """The text is hurt, or what it says: JSON is YAML, too."""
    if lots.random() < 0.5:
        return as_bytes(mutated_json(_rosters(), lots), lots)
    return mutated(lots.choice((dict(_pack_files())[ROSTERS], BOMB, CIRCLE)), lots)


@cache
def _rosters() -> dict[str, Any]:
    return read_yaml(default_pack_dir() / ROSTERS).data


# -- pictures ----------------------------------------------------------------------------------------------------------


@cache
def _pictures() -> tuple[bytes, ...]:
    made: list[bytes] = []
    for kind in ("JPEG", "PNG", "WEBP"):
        kept = BytesIO()
        Image.new("RGB", (40, 30), "red").save(kept, kind)
        made.append(kept.getvalue())
    return tuple(made)


def read_photo(data: bytes) -> None:
    clean_photo(data, bytes_max=1_400_000)


TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        Target("requests", read_request, draw_request, (Refused,), weight=30),
        Target("events", read_event, draw_event, (ValidationError, PassedOver), weight=20),
        Target("import", in_a_file("cases.csv", read_import), draw_from(CSV), (FileUnreadable, NoRowFits), weight=10),
        Target(
            "sheet_csv",
            in_a_file("sheet.csv", read_roster_sheet),
            lambda lots: mutated(_sheet("csv"), lots, (CSV,)),
            (FileUnreadable, SheetFaulty),
            weight=8,
        ),
        Target(
            "sheet_xlsx",
            in_a_file("sheet.xlsx", read_roster_sheet),
            draw_workbook,
            (FileUnreadable, SheetFaulty),
            weight=6,
        ),
        Target("pack", read_pack, draw_pack, (PackFaulty,)),
        Target(
            "rosters",
            in_a_file("rosters.yaml", load_rosters),
            draw_rosters,
            (PackFaulty,),
            weight=3,
        ),
        Target("links", read_link, draw_link, NO_LINK, weight=5),
        Target("phrase", read_phrase, draw_phrase, (DoesNotBelong,), weight=5),
        Target("code", read_code, draw_code, (ValueError,), weight=5),
        Target("limit", read_limit, draw_limit, (ValueError,), weight=5),
        Target(
            "photo", read_photo, lambda lots: mutated(lots.choice(_pictures()), lots, _pictures()), (PhotoWrong,), 8
        ),
    )
}
