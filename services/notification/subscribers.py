"""Events in: each row is decode, one operation."""

from shared.contracts.dispatch import CentrePackApplied
from shared.infra.inbox import on
from shared.infra.pack_arrivals import keep_arrived_pack

HANDLERS = dict(
    [
        on(CentrePackApplied, keep_arrived_pack),
    ]
)
