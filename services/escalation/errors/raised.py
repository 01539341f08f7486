"""Refusals about cases raised to the duty director."""

from shared.errors import Refused


class NothingRaised(Refused):
    code = "nothing_raised"
    rule = "the duty director takes up a case that came back as often as the pack allows"
