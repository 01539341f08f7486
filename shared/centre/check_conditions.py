"""Checks of what a rule asks beside matter and place, of joint handling, of plans and of how a case is handed on."""

from collections.abc import Iterator, Sequence

from shared.centre.errors import Fault
from shared.centre.locations import Locations, PackPath
from shared.centre.pack import CentrePack


def broken_conditions(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """A rule holds at some time at all."""
    for index, rule in enumerate(pack.rules):
        if rule.valid_from is not None and rule.valid_until is not None and rule.valid_from > rule.valid_until:
            what = f"the rule '{rule.id}' is valid from {rule.valid_from} only until {rule.valid_until}"
            yield where.fault("rules", index, "valid_until", what=what, advice="Write the earlier day as valid_from")
        if rule.opens is not None and rule.opens == rule.closes:
            what = f"the rule '{rule.id}' opens and closes at {rule.opens:%H:%M}, so it never holds"
            advice = "Write two different times, or neither for the whole day"
            yield where.fault("rules", index, "closes", what=what, advice=advice)


def broken_joint_rules(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Whoever leads does not support as well, and nobody supports twice."""
    for index, rule in enumerate(pack.rules):
        for nth, supporter in enumerate(rule.supporters):
            if supporter == rule.unit:
                what = f"'{supporter}' both leads and supports by the rule '{rule.id}'"
                advice = "Leave it out of supporters: the unit leads"
                yield where.fault("rules", index, "supporters", nth, what=what, advice=advice)
        yield from _named_twice(("rules", index, "supporters"), rule.supporters, f"the rule '{rule.id}'", where)


def broken_plans(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """A response plan calls each unit once."""
    for index, plan in enumerate(pack.response_plans):
        path = ("response_plans", index, "units")
        yield from _named_twice(path, plan.units, f"the response plan '{plan.id}'", where)


def broken_handing(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """The duty director decides before a case may be handed on no more."""
    handing = pack.handing
    if handing.hops_max < handing.returns_to_director:
        what = (
            f"a case may go to {handing.hops_max} units, but the duty director decides only after "
            f"{handing.returns_to_director} returns"
        )
        advice = "Make hops_max at least as large as returns_to_director"
        yield where.fault("handing", "hops_max", what=what, advice=advice)


def _named_twice(path: PackPath, codes: Sequence[str], by: str, where: Locations) -> Iterator[Fault]:
    for nth, code in enumerate(codes):
        if code in codes[:nth]:
            yield where.fault(*path, nth, what=f"{by} names '{code}' twice", advice="Delete one of the two")
