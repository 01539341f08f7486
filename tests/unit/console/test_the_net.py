"""The last net: a fault nobody expected is words and an error line; a reader who has gone on is neither."""

import logging
from contextlib import suppress
from typing import Any

import httpx
import pytest
from starlette.requests import ClientDisconnect

from services.console.web.app import Net


async def answer(fault: Exception) -> httpx.Response:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise fault

    transport = httpx.ASGITransport(Net(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.get("/board")


@pytest.mark.provokes_errors
async def test_a_fault_is_told_with_a_code_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    told = await answer(RuntimeError("planted"))
    assert told.status_code == 500
    assert "代码" in told.text
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_a_reader_who_has_gone_on_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with suppress(AssertionError):  # nothing was answered: httpx takes that for a broken program
        await answer(ClientDisconnect())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
