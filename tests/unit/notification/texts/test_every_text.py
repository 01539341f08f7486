"""Every kind of notice has a text in every language, and no text can say what it must not."""

from datetime import timedelta
from itertools import product

import pytest

from services.notification.policy.facts import NoticeFacts
from services.notification.texts import LANGUAGES, FactNotAllowed, Tongue, key_of, render
from services.notification.texts.said import require_impersonal
from services.notification.texts.template import FIELDS, SUBJECT_CHARACTERS_MAX, Template
from shared.contracts.escalation import Stage
from tests.unit.notification.texts.given import CODE, KINDS, NOW, bare, every_kind, facts, pack

TONGUES: tuple[Tongue, ...] = ("zh", "en")


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_kind_renders_for_every_post_action_and_reason(tongue: Tongue) -> None:
    for each in every_kind():
        text = render(each, pack(), now=NOW, tongue=tongue)
        assert text.subject
        assert text.body
        assert "{" not in text.subject + text.body
        assert "None" not in text.subject + text.body
        assert len(text.subject) <= SUBJECT_CHARACTERS_MAX


def test_both_languages_tell_the_same_things() -> None:
    assert set(LANGUAGES["zh"].texts) == set(LANGUAGES["en"].texts)
    for name in ("stages", "desks", "duties", "parts", "causes", "orders", "posts", "modes", "preludes", "answers"):
        assert set(getattr(LANGUAGES["zh"], name)) == set(getattr(LANGUAGES["en"], name)), name


def test_no_text_of_the_tables_is_never_used() -> None:
    used = {key_of(each, now=NOW) for each in every_kind()}
    assert used == set(LANGUAGES["zh"].texts)


def test_every_stage_has_a_name_in_every_language() -> None:
    stages = set(Stage.__args__)
    assert all(set(language.stages) == stages for language in LANGUAGES.values())


@pytest.mark.parametrize("tongue", TONGUES)
def test_no_subject_of_the_real_centre_has_to_be_cut(tongue: Tongue) -> None:
    for kind, unit, drill in product(KINDS, pack().units, (False, True)):
        text = render(facts(kind, unit=unit.code, drill=drill), pack(), now=NOW, tongue=tongue)
        assert not text.subject.endswith("…"), text.subject


def test_a_subject_that_would_be_too_long_is_cut_with_a_mark() -> None:
    subject, _ = Template("{who}" * 10, "x").fill(dict.fromkeys(FIELDS, "很长的名字"))
    assert len(subject) == SUBJECT_CHARACTERS_MAX
    assert subject.endswith("…")


@pytest.mark.parametrize(
    "planted",
    ["{matter}", "{requester}", "{phone}", "{}", "{0}", "{who.__class__}", "{who[0]}", "{who!r}", "{due:%Y}", "{note}"],
)
def test_a_text_that_names_another_field_cannot_even_be_made(planted: str) -> None:
    with pytest.raises(ValueError, match="a text may not say"):
        Template(f"subject {planted}", "body")
    with pytest.raises(ValueError, match="a text may not say"):
        Template("subject", f"body {planted}")


MOBILES = ("13900000000", "call-13900000000-now")
IDENTITIES = ("350521199001011234", "35052119900101123X")
LANDLINES = ("0595-22222222", "02022222222")
WORDS = (
    "post",
    "unit",
    "category",
    "place",
    "stage",
    "action",
    "outcome",
    "first_receiver",
    "roster",
    "outgoing",
    "mode",
)


@pytest.mark.parametrize("number", [*MOBILES, *IDENTITIES, *LANDLINES])
@pytest.mark.parametrize("field", WORDS)
def test_a_fact_that_looks_like_somebody_s_number_is_refused_and_not_quoted(field: str, number: str) -> None:
    with pytest.raises(FactNotAllowed) as refused:
        render(facts(**{field: number}), pack(), now=NOW)
    assert refused.value.field == field
    assert number not in refused.value.message


@pytest.mark.parametrize("code", ["13900000000", "张三", "26-0000104-6", "drill2"])
def test_a_case_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(FactNotAllowed) as refused:
        render(facts(case_code=code), pack(), now=NOW)
    assert refused.value.field == "case_code"
    assert code not in refused.value.message


def test_real_codes_and_versions_are_no_numbers_of_persons() -> None:
    every = [unit.code for unit in pack().units] + [place.code for place in pack().places]
    for code in every:
        require_impersonal(facts(unit=code, place=code))
    require_impersonal(facts(pack_version="139000000001"))
    require_impersonal(facts(case_code=CODE))


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_code_the_pack_does_not_know_is_not_shown(tongue: Tongue) -> None:
    unknown = "zhang-san-lives-here"
    each = facts(unit=unknown, category=unknown, place=unknown, stage=unknown, roster=unknown, roster_kind=unknown)
    for kind in KINDS:
        text = render(each.model_copy(update={"kind": kind}), pack(), now=NOW, tongue=tongue)
        assert unknown not in text.subject + text.body


def test_words_that_are_no_post_are_not_shown() -> None:
    text = render(bare("handover", outgoing="张三，住洛阳镇"), pack(), now=NOW)
    assert "张三" not in text.body


def test_facts_have_no_room_for_anything_else() -> None:
    assert not {"matter", "requester", "name", "phone", "address", "reason", "note"} & set(NoticeFacts.model_fields)


def test_every_instant_is_local_time_of_the_centre() -> None:
    night = facts("summons", due_at=NOW + timedelta(hours=15, minutes=10))
    text = render(night, pack(), now=NOW)
    assert "11月24日 00:11" in text.body
    assert "请资规建交局于00:11前到指挥室" in text.subject
