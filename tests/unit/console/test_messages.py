"""Every message has its English, and no English is left over."""

from pathlib import Path

import pytest

from services.console.web.view import load_messages
from shared.errors import Refused
from tests.unit.console.messages import every_message, said_in_templates

MARKS = "%{}"


def missing_and_unused(said: set[str], known: set[str]) -> tuple[set[str], set[str]]:
    return said - known, known - said


def test_every_message_has_its_english_and_none_is_left_over() -> None:
    missing, unused = missing_and_unused(every_message(), set(load_messages("en")))
    assert not missing, f"no English yet (services/console/web/locale/en.po): {sorted(missing)}"
    assert not unused, f"nobody says these any more: {sorted(unused)}"


def test_a_missing_and_an_unused_message_are_seen(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("{{ _('新的') }}", encoding="utf-8")
    said = set(said_in_templates(tmp_path))
    assert missing_and_unused(said, {"旧的"}) == ({"新的"}, {"旧的"})


@pytest.mark.parametrize("message", sorted(load_messages("en").items()))
def test_a_translation_keeps_what_is_filled_in(message: tuple[str, str]) -> None:
    chinese, english = message
    assert [c for c in chinese if c in MARKS] == [c for c in english if c in MARKS]
    assert english.strip()


def test_refusals_have_words() -> None:
    """Those the console itself gives; what the other services refuse is told with their own words beneath."""
    import services.console.errors
    from services.console.web import words

    own = {
        one.code
        for one in vars(services.console.errors).values()
        if isinstance(one, type) and issubclass(one, Refused) and one is not Refused
    }
    told_to_administrators = {"staff_name_taken", "scope_missing", "no_such_staff"}
    assert own - told_to_administrators <= set(words.REFUSALS)
