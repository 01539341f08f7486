"""Refusals about what units report beside their results."""

from shared.errors import Refused


class DelayOutOfBounds(Refused):
    code = "delay_out_of_bounds"
    rule = "the lead unit says for a work order in hand when it will be done: ahead, and not too far or too often"
