"""What came of a day, counted from the databases and the streams alone: nobody's word is taken for it.

Counts are of cases and of recorded events:

- `registered`, `accepted`, `not_accepted`, `closed`: cases; `routed`: cases a rule, a fallback or a person placed;
  `triage`: cases no rule could place (a person may have placed them since, then they are in both).
- `designated`: rulings of the duty director. `work_orders`, `signed_off`, `returned`: work orders sent, signed off,
  returned; `supporting` of them went to supporters (协办); `reported_back`: results reported, one for each round;
  `verified`: results looked at in the field, whatever was found; `reopened`: handled once more.
- `summons`: summoned units. Units of a summons that was refused or stood down are not counted: nobody waited for them.
  A unit is late when it arrived after its clock was due, unanswered when it was recorded as not arrived; `awaited`
  is neither yet: it may come still, or was called to a drill, to which nobody has to come.
- `clocks`: `fired` are those whose due time passed unmet, whatever became of them later.
- `lost`: answered registrations without a case, accepted cases for a unit without a route, recorded events that their
  stream does not have, units given up on that are awaited still. `duplicated`: cases the table placed more than once,
  cases with two open lead orders, messages that stand in a stream twice. `dead_letters`: events given up on
  and not tried again yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client

from deploy.demo.counting import EventCounts, StateCounts, count_events, count_states, duplicates_in, losses_in
from deploy.demo.ledger import Ledger, read_ledger

ACCEPTED_STATES = ("handling", "to_follow_up", "to_explain", "followed_up", "closed")
PLAIN = (
    "registered",
    "accepted",
    "not_accepted",
    "routed",
    "triage",
    "designated",
    "work_orders",
    "supporting",
    "signed_off",
    "returned",
    "reported_back",
    "verified",
    "closed",
    "reopened",
)


async def summarise(database_url: str, client: Client, centre: str) -> "Summary":
    """`client` is the broker administrator's. To be asked when everything recorded is published and applied."""
    return summary_of(await read_ledger(database_url, client, centre))


def summary_of(ledger: Ledger) -> "Summary":
    return Summary(
        told=count_events(ledger),
        state=count_states(ledger),
        losses=losses_in(ledger),
        duplicates=duplicates_in(ledger),
        dead_letters=ledger.dead_letters,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    told: EventCounts
    state: StateCounts
    losses: Mapping[str, int]
    duplicates: Mapping[str, int]
    dead_letters: int

    @property
    def lost(self) -> int:
        return sum(self.losses.values())

    @property
    def duplicated(self) -> int:
        return sum(self.duplicates.values())

    def as_dict(self) -> dict[str, Any]:
        """The one JSON object of `muster demo --json`."""
        told = self.told
        return {
            **{name: getattr(told, name) for name in PLAIN},
            "summons": {
                "issued": told.summons_issued,
                "arrived_in_time": told.arrived_in_time,
                "late": told.arrived_late,
                "unanswered": told.unanswered,
                "awaited": self.state.awaited_units,
            },
            "clocks": {
                "armed": told.clocks_armed,
                "met": told.clocks_met,
                "met_late": told.clocks_met_late,
                "cancelled": told.clocks_cancelled,
                "open": self.state.open_clocks,
                "fired": told.clocks_fired,
            },
            "lost": self.lost,
            "duplicated": self.duplicated,
            "dead_letters": self.dead_letters,
        }

    def faults(self) -> tuple[str, ...]:
        """Every balance that does not hold, in words; none in a sound centre."""
        unequal = (
            f"{left_name} = {left}, but {right_name} = {right}"
            for left_name, left, right_name, right in self._balances()
            if left != right
        )
        unwanted = {**self.losses, **self.duplicates, "dead letters": self.dead_letters}
        return (*unequal, *(f"{name}: {number}" for name, number in unwanted.items() if number))

    def _balances(self) -> Iterator[tuple[str, int, str, int]]:
        """What must be equal: two countings of the same thing, by different ways."""
        yield from self._balances_of_cases()
        yield from self._balances_of_work()
        yield from self._balances_of_time()

    def _balances_of_cases(self) -> Iterator[tuple[str, int, str, int]]:
        told, cases = self.told, self.state.cases
        still = cases.get("registered", 0)
        parts = told.accepted + told.not_accepted + still
        accepted = sum(cases.get(state, 0) for state in ACCEPTED_STATES)
        yield "registered", told.registered, "accepted + not accepted + still to be decided", parts
        yield "registered", told.registered, "cases in the table", sum(cases.values())
        yield "accepted", told.accepted, "cases in handling, follow-up or closed", accepted
        yield "not accepted", told.not_accepted, "cases not accepted in the table", cases.get("not_accepted", 0)
        yield "closed", told.closed, "closed cases in the table", cases.get("closed", 0)

    def _balances_of_work(self) -> Iterator[tuple[str, int, str, int]]:
        told, state = self.told, self.state
        orders, verifications = state.work_orders, sum(state.verifications.values())
        again = told.work_orders_reopened_for_requester
        every = sum(orders.values()) + sum(state.support_orders.values())
        yield "work orders", told.work_orders, "work orders in the table", every
        yield "lead work orders", told.lead_orders, "placements by the table or a person", told.placements
        yield "signed off", told.signed_off, "work orders with a signature", state.signed_off
        yield "returned", told.returned, "work orders with a return in the table", state.returned
        yield "reported back", told.reported_back, "reports in the table", state.reports
        yield "reported back by leads", told.reported_by_leads, "verifications asked for", verifications
        yield "verified", told.verified, "verifications recorded", state.verifications.get("recorded", 0)
        yield "reopened for the requester", told.reopened_for_requester, "work orders reopened for it", again

    def _balances_of_time(self) -> Iterator[tuple[str, int, str, int]]:
        told, clocks, awaited = self.told, self.state.clocks, self.state.awaited_units
        ended = told.clocks_met + told.clocks_met_late + told.clocks_cancelled
        answered = told.arrived_in_time + told.arrived_late + told.unanswered
        yield "summons issued", told.summons_issued, "in time + late + unanswered + awaited", answered + awaited
        yield "clocks armed", told.clocks_armed, "met + met late + cancelled + open", ended + self.state.open_clocks
        yield "clocks met", told.clocks_met, "met clocks in the table", clocks.get("met", 0)
        yield "clocks met late", told.clocks_met_late, "late clocks in the table", clocks.get("met_late", 0)
        yield "clocks cancelled", told.clocks_cancelled, "cancelled clocks in the table", clocks.get("cancelled", 0)
        yield "clocks fired", told.clocks_fired, "fired clocks in the table", self.state.clocks_fired
