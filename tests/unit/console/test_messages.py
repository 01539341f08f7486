"""Every message has its English, and no English is left over."""

from importlib import import_module
from pathlib import Path

import pytest

from services.console.web.refusal_words import SERVICE_REFUSALS
from services.console.web.view import load_messages
from services.console.web.words import REFUSALS
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
    (tmp_path / "x.html").write_text("{{ _('新的') }}{{ _('第 %(n)s 件', n=3) }}", encoding="utf-8")
    said = set(said_in_templates(tmp_path))
    assert missing_and_unused(said, {"旧的"}) == ({"新的", "第 %(n)s 件"}, {"旧的"})


@pytest.mark.parametrize("message", sorted(load_messages("en").items()))
def test_a_translation_keeps_what_is_filled_in(message: tuple[str, str]) -> None:
    chinese, english = message
    assert [c for c in chinese if c in MARKS] == [c for c in english if c in MARKS]
    assert english.strip()


def codes_of_all() -> set[str]:
    """Every refusal any service can give, as soon as its errors are imported."""
    for service in ("console", "dispatch", "escalation", "intake", "notification"):
        import_module(f"services.{service}.errors")
        import_module(f"services.{service}.main")
    found, left = set[str](), [Refused]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if kind.__module__.startswith(("services.", "shared.")) and "code" in vars(kind):
            found.add(kind.code)
    return found


def test_every_refusal_has_words_a_window_understands() -> None:
    told_to_administrators = {"staff_name_taken", "scope_missing", "no_such_staff"}
    worded = set(REFUSALS) | set(SERVICE_REFUSALS) | told_to_administrators
    assert not codes_of_all() - worded, "services/console/web/refusal_words.py"


def test_a_refusal_without_words_would_be_seen() -> None:
    class BrandNew(Refused):
        code = "brand_new"

    BrandNew.__module__ = "services.intake.errors"
    assert "brand_new" in codes_of_all()
    BrandNew.__module__ = __name__
