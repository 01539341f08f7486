"""Events in: each is projected onto the board."""

from services.console.operations.project import projecting
from shared.contracts.dispatch import CentrePackApplied
from shared.infra.inbox import on
from shared.infra.pack_arrivals import keep_arrived_pack

HANDLERS = {**projecting(), **dict([on(CentrePackApplied, keep_arrived_pack)])}
