"""Refusals about the centre pack."""

from shared.errors import Refused


class CentrePackFaulty(Refused):
    code = "pack_faulty"
    rule = "a centre pack is complete and free of contradictions, or it is not taken"


class CentrePackTooLarge(Refused):
    code = "pack_too_large"
    rule = "a centre pack fits into one message"
