"""A pack is proved, kept and told whole; a faulty one is refused in words and changes nothing."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.dispatch.errors.packs import CentrePackFaulty, CentrePackTooLarge
from services.dispatch.operations.packs import PACK_BYTES_MAX, apply_centre_pack
from services.dispatch.queries.packs import read_centre_pack
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import ApplyCentrePack, CentrePackApplied, PackApplied, ReadCentrePack
from shared.infra.packs import NoCentrePack
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import quanzhou

pytestmark = pytest.mark.servers
OPERATOR = Actor(staff="operator", role=Role.ADMINISTRATOR)


async def apply(bench: Bench, pack: dict[str, Any]) -> PackApplied:
    command = ApplyCentrePack(actor=OPERATOR, idempotency_key=uuid4().hex, pack=pack)
    return await apply_centre_pack(bench.work, command, now=bench.now)


def content() -> dict[str, Any]:
    return quanzhou().model_dump(mode="json")


def renamed() -> CentrePack:
    return quanzhou().model_copy(update={"title": "改名后的中心"})


async def in_force(bench: Bench) -> str:
    return (await read_centre_pack(bench.work, ReadCentrePack(actor=OPERATOR), now=bench.now)).version


async def told(bench: Bench) -> list[str]:
    entries = await bench.event_data("centre_pack", CentrePackApplied)
    assert all(CentrePack.model_validate(entry["pack"]).version == entry["version"] for entry in entries)
    return [entry["version"] for entry in entries]


async def test_before_any_pack_there_is_none_to_read(bare_bench: Bench) -> None:
    with pytest.raises(NoCentrePack):
        await in_force(bare_bench)


async def test_a_pack_is_put_in_force_and_told_whole(bare_bench: Bench) -> None:
    applied = await apply(bare_bench, content())
    assert applied == PackApplied(name=quanzhou().name, version=quanzhou().version, changed=True)
    assert await in_force(bare_bench) == quanzhou().version
    assert await told(bare_bench) == [quanzhou().version]


async def test_the_same_version_again_changes_nothing_and_is_not_told(bench: Bench) -> None:
    assert (await apply(bench, content())).changed is False
    assert await told(bench) == [quanzhou().version]


async def test_going_back_to_an_older_version_is_an_act_of_its_own(bench: Bench) -> None:
    assert (await apply(bench, renamed().model_dump(mode="json"))).changed is True
    assert (await apply(bench, content())).changed is True
    assert await told(bench) == [quanzhou().version, renamed().version, quanzhou().version]
    assert await in_force(bench) == quanzhou().version


async def test_two_at_once_put_one_in_force_after_the_other(bare_bench: Bench) -> None:
    first, second = content(), renamed().model_dump(mode="json")
    applied = await asyncio.gather(*(apply(bare_bench, pack) for pack in (first, second, first, second)))
    versions = await told(bare_bench)
    assert len(versions) == sum(one.changed for one in applied) >= 2
    assert await in_force(bare_bench) == versions[-1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"directors": ["nobody"]}, "the unit 'nobody' is not known"),
        ({"fallbacks": []}, "nobody owns the category"),
        ({"units": []}, "units: it is empty"),
        ({"surprise": 1}, "the field 'surprise' is not known"),
        ({"timezone": "Mars/Olympus"}, "no time zone is called"),
    ],
)
async def test_a_faulty_pack_is_refused_in_words(bench: Bench, change: dict[str, Any], says: str) -> None:
    with pytest.raises(CentrePackFaulty) as refused:
        await apply(bench, {**content(), **change})
    assert says in " ".join(refused.value.facts["faults"])
    assert refused.value.field == "pack"
    assert await in_force(bench) == quanzhou().version
    assert await told(bench) == [quanzhou().version]


async def test_a_pack_without_its_general_limits_is_refused(bench: Bench) -> None:
    pack = content()
    pack["limits"] = [limit for limit in pack["limits"] if limit["id"] != "return"]
    with pytest.raises(CentrePackFaulty, match="return"):
        await apply(bench, pack)


async def test_a_pack_that_fits_into_no_message_is_refused(bench: Bench) -> None:
    pack = content()
    pack["categories"][0]["keywords"] = [f"关键词{number:06}" for number in range(PACK_BYTES_MAX // 15)]
    with pytest.raises(CentrePackTooLarge) as refused:
        await apply(bench, pack)
    assert refused.value.facts["bytes"] > PACK_BYTES_MAX


async def test_the_line_numbers_of_its_files_make_no_new_version(bench: Bench) -> None:
    pack = content()
    for rule in pack["rules"]:
        rule["line"] += 7
    assert (await apply(bench, pack)).changed is False
    async with bench.work.read() as session:
        assert await session.scalar(sa.text("select count(*) from dispatch.centre_pack")) == 1
