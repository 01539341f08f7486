"""Who a link may answer as: a unit's liaison or its lead, nobody of the centre."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import ValidationError

from shared.links import AnswerLink, LinkSigner, LinkUnsigned

SIGNER = LinkSigner(("s" * 40,), centre="qz")
LINK = AnswerLink(
    link_id=uuid4(),
    centre="qz",
    purpose="acknowledge",
    summons_id=uuid4(),
    unit="police",
    staff="police.lead",
    expires_at=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
)


def test_the_role_comes_back_as_it_was_signed() -> None:
    assert SIGNER.opened(SIGNER.sign(LINK)).role == "liaison_officer"
    assert SIGNER.opened(SIGNER.sign(LINK.model_copy(update={"role": "unit_lead"}))).role == "unit_lead"


@pytest.mark.parametrize("role", ["commander", "duty_director", "administrator", "", "system"])
def test_no_other_role_answers_by_link(role: str) -> None:
    with pytest.raises(ValidationError):
        AnswerLink.model_validate({**LINK.model_dump(), "role": role})
    with pytest.raises(LinkUnsigned):
        SIGNER.opened(SIGNER.sign(LINK.model_copy(update={"role": role})))
