"""Asks dispatch what the cases of the last days were routed by, page after page."""

from datetime import datetime

from shared.contracts.actors import Actor
from shared.contracts.dispatch import ListRoutedInputs, RoutedInput, RoutedInputs
from shared.infra.asking import Asker

PAGE = 1000
CASES_MAX = 100_000


async def routed_since(asker: Asker, actor: Actor, since: datetime, *, most: int = CASES_MAX) -> list[RoutedInput]:
    """At most `most` of them, from the oldest on. Raises Refused and Unavailable."""
    found: list[RoutedInput] = []
    while len(found) < most:
        request = ListRoutedInputs(actor=actor, since=since, offset=len(found), limit=min(PAGE, most - len(found)))
        page = await asker.ask(request, RoutedInputs)
        found += page.cases
        if not page.cases or len(found) >= page.total:
            break
    return found
