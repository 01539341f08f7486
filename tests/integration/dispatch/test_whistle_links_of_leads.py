"""A lead's link answers as the lead; and the whistle tells where the case is."""

import pytest

from shared.contracts.dispatch import SummonsUnitAcknowledged, SummonsUnitCalled
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.given_whistle import whistle_blown
from tests.integration.dispatch.test_whistle_links import actors
from tests.unit.dispatch.given_summonses import POLICE, answer_link

pytestmark = pytest.mark.servers


async def test_a_lead_s_link_is_the_lead_s_act(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE)
    link = answer_link(whistle.id).model_copy(update={"role": "unit_lead", "staff": "police.lead"})
    await whistle.opens(link)
    assert (await whistle.row(POLICE)).acknowledged_by == "police.lead"
    assert await actors(bench, whistle.case_code, SummonsUnitAcknowledged.TYPE) == ["unit_lead:police.lead"]


async def test_the_call_of_a_unit_names_the_place_of_the_case(bench: Bench) -> None:
    whistle = await whistle_blown(bench, POLICE)
    async with bench.work.read() as session:
        entries, _ = await bench.work.event_record.timeline(await session.connection(), whistle.case_code)
    (called,) = [entry for entry in entries if entry.type == SummonsUnitCalled.TYPE]
    assert called.data["place"]
