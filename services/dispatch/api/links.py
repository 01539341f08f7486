"""The whistle answered by link. Apart from the other requests, because only this one needs the centre's secrets."""

from collections.abc import Sequence

from services.dispatch.operations.links import LinkAnswers
from shared.contracts.dispatch import AnswerByLink
from shared.infra.requests import Endpoint, serve


def link_endpoints(answers: LinkAnswers) -> Sequence[Endpoint]:
    return (serve(AnswerByLink, answers.answer_by_link),)
