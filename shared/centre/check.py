"""Proves a pack complete and free of contradictions before anything runs on it."""

from shared.centre.check_codes import ambiguous_names, broken_categories, double_codes, private_contacts
from shared.centre.check_conditions import broken_conditions, broken_handing, broken_joint_rules, broken_plans
from shared.centre.check_modes import broken_modes
from shared.centre.check_reach import unreachable_rules
from shared.centre.check_references import unknown_references
from shared.centre.check_rules import missing_territories, unowned_matters
from shared.centre.check_supervision import broken_supervision
from shared.centre.check_times import broken_days, broken_ladders, broken_limits, stages_without_clock
from shared.centre.errors import Fault
from shared.centre.locations import Locations
from shared.centre.pack import CentrePack

CHECKS = (
    double_codes,
    ambiguous_names,
    broken_categories,
    private_contacts,
    unknown_references,
    missing_territories,
    unowned_matters,
    broken_conditions,
    broken_joint_rules,
    unreachable_rules,
    broken_plans,
    broken_handing,
    broken_limits,
    stages_without_clock,
    broken_ladders,
    broken_supervision,
    broken_days,
    broken_modes,
)


def check_pack(pack: CentrePack, locations: Locations | None = None) -> tuple[Fault, ...]:
    """Every fault of the pack, by file and line; none means the pack may be applied.

    Without `locations` (a pack that did not come from files) the faults say what, but not where.
    """
    where = Locations() if locations is None else locations
    return tuple(sorted(fault for check in CHECKS for fault in check(pack, where)))
