"""Every shape of a changed row can be rendered for whoever looks: the stream has nobody to show a fault to."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from deploy.packs import default_pack
from services.console.policy.board import LiveRow, Row
from services.console.web.assets import Assets
from services.console.web.live import Frame
from services.console.web.view import LANGUAGES, SHAPES, View
from shared.contracts.actors import Actor, Role
from tests.unit.console.given import upto

PACK = default_pack()
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
CLERK = Actor(staff="clerk.1", role=Role.INTAKE_CLERK, window="desk.general")
POLICE = Actor(staff="police.liaison", role=Role.LIAISON_OFFICER, unit="police")
ROWS = [upto(2, 4, 3, 0), upto(2, 9, 6, 0), upto(2, 13, 8, 2), upto(4, 13, 8, 2)]
VIEWS = {language: View(language, Assets()) for language in LANGUAGES}


def fragment(shape: str, row: Row, whose: Actor, *, language: str = "zh", gone: bool = False) -> str:
    frame = Frame(7, LiveRow(id=UUID(int=1), version=5, row=row))
    return VIEWS[language].fragment(frame, shape, PACK, NOW, gone=gone, whose=whose).decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_it_is_rendered(shape: str, language: str) -> None:
    for row in ROWS:
        for whose in (CLERK, POLICE):
            for gone in (False, True):
                html = fragment(shape, row, whose, language=language, gone=gone)
                assert "data-key=" in html
                assert "\n" not in html
                assert ("data-gone" in html) or not gone


def test_each_sees_its_own() -> None:
    other = Actor(staff="clerk.2", role=Role.INTAKE_CLERK, window="desk.legal")
    asked = ROWS[2]
    assert 'data-slot="due"' in fragment("mine", asked, CLERK)
    assert "data-slot" not in fragment("mine", asked, other)
    handled = asked.model_copy(update={"hands": ("clerk.1",)})
    assert 'data-slot="due"' not in fragment("mine", handled, CLERK)
    assert 'data-slot="reported"' in fragment("unit", asked, POLICE)
    assert 'data-slot="reported"' not in fragment("unit", asked, POLICE.model_copy(update={"unit": "court"}))
