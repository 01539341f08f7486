"""The tables of requests and events leave nothing of the contract unanswered."""

import inspect
from typing import cast

from services.dispatch.api import endpoints
from services.dispatch.api.links import link_endpoints
from services.dispatch.api.work_orders import report_endpoints
from services.dispatch.operations.links import LinkAnswers
from services.dispatch.operations.reports import Reporting
from services.dispatch.subscribers import HANDLERS
from shared.contracts import dispatch
from shared.contracts.base import Command, Query
from shared.contracts.escalation import ArrivalGivenUp, VerificationRecorded
from shared.contracts.intake import (
    CaseAccepted,
    CaseClosed,
    CaseCorrected,
    CaseJoined,
    CaseReopened,
    CaseSplit,
    RequesterErased,
)
from shared.contracts.notification import NoticeHandedOver
from shared.contracts.rights import RIGHTS
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing
from tests.unit.dispatch.given_summonses import SIGNER


def test_every_request_of_the_contract_has_an_operation_and_somebody_who_may_ask() -> None:
    asked = {
        name
        for _, kind in inspect.getmembers(dispatch, inspect.isclass)
        if issubclass(kind, Command | Query) and (name := getattr(kind, "NAME", None)) is not None
    }
    sealing = report_endpoints(Reporting(KeyRing.from_text(KeyRing.generate())))
    by_link = link_endpoints(LinkAnswers(SIGNER))
    answered = {endpoint.request.NAME for endpoint in (*endpoints(cast("UnitOfWork", None)), *sealing, *by_link)}
    assert asked == answered
    assert all(RIGHTS[name] for name in answered)


def test_the_events_that_move_a_case_are_heard() -> None:
    heard = (
        CaseAccepted,
        CaseCorrected,
        CaseReopened,
        CaseClosed,
        CaseJoined,
        CaseSplit,
        RequesterErased,
        VerificationRecorded,
        ArrivalGivenUp,
        NoticeHandedOver,
    )
    assert set(HANDLERS) == {event.TYPE for event in heard}
