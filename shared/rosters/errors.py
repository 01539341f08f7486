"""Refusals about posts in rosters."""

from shared.errors import Refused


class UnknownPost(Refused):
    code = "unknown_post"
    rule = "a roster names posts of the centre's pack, and the centre's own"


class UnitMisfit(Refused):
    code = "unit_misfit"
    rule = "a post serves the unit it belongs to, and a unit's roster holds that unit's posts"
