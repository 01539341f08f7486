"""What a requester said is read in the clear only by those who handle the case, and every reading is on record."""

import pytest

from shared.contracts.intake import RevealedRequester, RevealRequester
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest, key

pytestmark = pytest.mark.servers


async def test_a_unit_reads_only_what_is_in_its_hands(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)

    async def reveal(unit: str) -> RevealedRequester:
        asked = RevealRequester(
            actor=centre.liaison(unit), idempotency_key=key(), case_code=code, reason="与来访人核对事实"
        )
        return await centre.ask(asked, RevealedRequester)

    assert (await reveal(order.unit)).requester.name == "测试甲"
    with pytest.raises(RemoteRefusal) as refused:
        await reveal("police")
    assert refused.value.as_dict()["code"] == "not_your_case"

    await centre.unit_returns(order)
    with pytest.raises(RemoteRefusal):
        await reveal(order.unit)
    assert (await centre.events(code)).count("intake.requester.revealed") == 1


async def test_supporters_neither_take_nor_forget_the_leads_right_to_read(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    lead = await centre.open_order(code)

    async def reveal(unit: str) -> str:
        asked = RevealRequester(
            actor=centre.liaison(unit), idempotency_key=key(), case_code=code, reason="与来访人核对事实"
        )
        try:
            await centre.ask(asked, RevealedRequester)
        except RemoteRefusal as refused:
            return refused.as_dict()["code"]
        return "told"

    await centre.supporter_joins(code, "police")
    assert [await reveal(lead.unit), await reveal("police")] == ["told", "not_your_case"]
    await centre.unit_returns((await centre.orders(code))["police"])
    assert [await reveal(lead.unit), await reveal("police")] == ["told", "not_your_case"]
