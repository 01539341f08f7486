"""A case on its way to the units a person or the table names: who gets it, and who is done with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.dispatch.errors.cases import DeskOnlySorts
from services.dispatch.errors.handing import DirectorDecides
from services.dispatch.model.changes import Moment
from services.dispatch.model.work_order import WorkOrder
from services.dispatch.policy.cases import WorkOrderState, known_unit
from shared.centre.pack import Unit
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import RoutedBy, WithdrawnCause


@dataclass(frozen=True, slots=True)
class Handing:
    """Who gets the case, by whose word and why. `field` of the request is named where the case cannot go now.

    The `supporters` are to have a work order. `others_leave`: whoever else supports the case is done with it.
    `confirms`: the proposed route that waits is carried out with this; else it lapses.
    """

    lead: Unit
    supporters: tuple[Unit, ...]
    actor: Actor
    words: str
    by: RoutedBy
    reason: str
    cause: WithdrawnCause
    others_leave: bool = False
    confirms: bool = False
    field: str = "case_code"
    rule: str | None = None
    considered: tuple[dict[str, str | None], ...] = ()

    @property
    def named(self) -> frozenset[str]:
        return frozenset(unit.code for unit in self.supporters)


def returned_and_named(supporters: Sequence[WorkOrder], handing: Handing) -> list[WorkOrder]:
    return [each for each in supporters if each.state == WorkOrderState.RETURNED and each.unit in handing.named]


def who_leaves(
    lead: WorkOrder | None, supporters: Sequence[WorkOrder], handing: Handing
) -> list[tuple[WorkOrder, WithdrawnCause]]:
    """The lead unit until now, and the supporters that do not stay: who is to lead does not support.

    A return that the duty director has to decide on is not got rid of by handing the case on.
    """
    again = returned_and_named(supporters, handing)
    leaving = [
        order
        for order in supporters
        if order in again
        or order.unit == handing.lead.code
        or (handing.others_leave and order.unit not in handing.named)
    ]
    waiting = next((order for order in leaving if order.waits_for_director), None)
    if waiting is not None and handing.actor.role is not Role.DUTY_DIRECTOR:
        raise DirectorDecides(
            f"the duty director decides on the return of {waiting.unit}, which supports this case",
            field=handing.field,
            unit=waiting.unit,
        )
    led = [] if lead is None else [(lead, handing.cause)]
    return [*led, *((order, WithdrawnCause.REPLACED) for order in leaving)]


def known_handler(code: str, moment: Moment, *, field: str) -> Unit:
    """A unit of the centre that handles cases, which the triage desk does not."""
    unit = known_unit(moment.pack, code, field=field)
    if unit.code == moment.pack.triage.unit:
        raise DeskOnlySorts(f"{unit.short} sorts cases; name the unit that is to handle this one", field=field)
    return unit
