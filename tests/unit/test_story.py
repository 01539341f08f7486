"""Every event there is can be told as a sentence, from its golden example."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.packs import default_pack
from shared.contracts.base import TimelineEntry
from shared.contracts.catalogue import EVENTS
from shared.story import TELLERS, Story, limit_words
from shared.story.english import SENTENCES
from shared.story.english_whole import WHOLE

GOLDEN = Path(__file__).parents[1] / "contract" / "golden"
TOLD = sorted(set(EVENTS) - {"dispatch.centre_pack.applied"})  # not a case's


@pytest.fixture(scope="module")
def story() -> Story:
    return Story(default_pack())


@pytest.fixture(scope="module")
def english() -> Story:
    return Story(default_pack(), "en")


@pytest.mark.parametrize("event_type", TOLD)
def test_every_event_of_a_case_is_told(story: Story, event_type: str) -> None:
    body = json.loads((GOLDEN / f"{event_type}.json").read_text(encoding="utf-8"))
    entry = TimelineEntry(
        at=datetime.now(UTC),
        service=event_type.split(".")[0],
        type=event_type,
        actor=None,
        sequence=1,
        data=body["data"],
    )
    sentence = story.tell(entry)
    assert sentence
    assert sentence != event_type
    assert "None" not in sentence
    assert "_" not in sentence.replace(str(body["data"].get("pack_version")), ""), f"a code shows through: {sentence}"


@pytest.mark.parametrize("event_type", TOLD)
def test_an_event_recorded_before_its_contract_grew_is_told_too(story: Story, event_type: str) -> None:
    body = json.loads((GOLDEN / f"{event_type}.json").read_text(encoding="utf-8"))
    fields = EVENTS[event_type].model_fields
    before = {name: value for name, value in body["data"].items() if fields[name].is_required()}
    entry = TimelineEntry(at=datetime.now(UTC), service="any", type=event_type, actor=None, sequence=1, data=before)
    assert story.tell(entry) not in {"", event_type}


def test_an_event_that_fits_no_contract_is_told_as_far_as_it_goes(story: Story) -> None:
    facts = {"unit": "police", "later_field": 1, "summons_id": "no id"}
    entry = TimelineEntry(
        at=datetime.now(UTC),
        service="dispatch",
        type="dispatch.summons.unit_arrived",
        actor=None,
        sequence=1,
        data=facts,
    )
    assert story.tell(entry) == "公安分局 到场"


def test_no_teller_is_left_over() -> None:
    assert set(TELLERS) == set(TOLD)


def test_limits_are_said_in_the_words_of_the_trade() -> None:
    assert limit_words("5 working_day") == "5 个工作日"
    assert limit_words("20 minute") == "20 分钟"


def untold(known: set[str]) -> set[str]:
    return set(TOLD) - known


def test_every_event_has_its_english() -> None:
    assert untold({*SENTENCES, *WHOLE}) == set(), "shared/story/english.py"
    assert {*SENTENCES, *WHOLE} <= set(TELLERS), "left over"
    assert not set(SENTENCES) & set(WHOLE)
    assert untold(set(SENTENCES)) == set(WHOLE), "the negative control: a missing one is seen"


@pytest.mark.parametrize("event_type", TOLD)
def test_an_english_sentence_is_whole(story: Story, english: Story, event_type: str) -> None:
    body = json.loads((GOLDEN / f"{event_type}.json").read_text(encoding="utf-8"))
    when = datetime.now(UTC)
    entry = TimelineEntry(at=when, service="any", type=event_type, actor=None, sequence=1, data=body["data"])
    told = english.tell(entry)
    assert told != story.tell(entry), "it fell back to Chinese"
    assert "{" not in told
    assert "None" not in told
    assert "_" not in told.replace(str(body["data"].get("pack_version")), ""), f"a code shows through: {told}"
    assert "None" not in told


def test_what_has_no_english_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.loads((GOLDEN / "intake.case.closed.json").read_text(encoding="utf-8"))
    when = datetime.now(UTC)
    entry = TimelineEntry(at=when, service="any", type="intake.case.closed", actor=None, sequence=1, data=body["data"])
    assert Story(default_pack(), "en").tell(entry).startswith("Closed")
    monkeypatch.delitem(SENTENCES, "intake.case.closed")
    assert Story(default_pack(), "en").tell(entry) == Story(default_pack()).tell(entry)
