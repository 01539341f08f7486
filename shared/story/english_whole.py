"""English sentences that depend on what happened: with the reasons, the way not taken, the lateness."""

from collections.abc import Callable, Mapping

from shared.story.teller import GRID, Data, Names

MODES: Mapping[str, str] = {
    "normal": "normal mode",
    **{f"surge.{level}": f"surge level {level}" for level in ("I", "II", "III", "IV")},
}
GOES_TO: Mapping[str | None, str] = {
    "unit": "; back to the unit",
    "dispatcher": "; the dispatcher says better where it is",
}


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _who(names: Names, code: str) -> str:
    """A unit by its name, a post in plain words."""
    if code.startswith(GRID):
        return f"the grid of {names.place(code.removeprefix(GRID))}"
    name = names.unit(code)
    return _plain(code) if name == code else name


def _routed(names: Names, data: Data) -> str:
    rule = f"rule {data['rule']}, " if data["rule"] else ""
    joint = f" with {names.units(data['supporters'])}" if data["supporters"] else ""
    others = [f"{names.unit(one.get('unit'))} ({one.get('why_not')})" for one in data["considered"][:2]]
    beside = f"; not chosen: {', '.join(others)}" if others else ""
    return f"Routed to {names.unit(data['unit'])}{joint}: {rule}{data['reason']} (pack {data['pack_version']}){beside}"


def _followed_up(names: Names, data: Data) -> str:
    begun = f"Follow-up, attempt {data['attempt']} ({data['kind']})"
    if not data["contacted"]:
        return f"{begun}: nobody was reached{': ' + _plain(data['missed']) if data['missed'] else ''}"
    satisfied = {"satisfied": "satisfied", "basically": "basically satisfied", "dissatisfied": "dissatisfied"}
    solved = "solved" if data["solved"] else "not solved"
    silent = "; the unit had not spoken with the requester" if data["responded"] is False else ""
    return f"{begun}: {solved}, {satisfied[data['satisfaction']]}{silent}"


def _offered(names: Names, data: Data) -> str:
    shown = f"Shown as similar: {', '.join(data['offered'])}; " if data["offered"] else ""
    return f"{shown}{'joined to ' + data['taken'] if data['taken'] else 'registered by itself'}"


def _reported_back(names: Names, data: Data) -> str:
    photos = f", {data['photos']} photo(s)" if data["photos"] else ""
    return f"{names.unit(data['unit'])} reported back ({data['role']}): {_plain(data['outcome'])}{photos}"


def _armed(names: Names, data: Data) -> str:
    beside = ""
    if data["service_due_at"]:
        beside = f"; the statute's limit prevails, the requester hears by {names.at(data['service_due_at'])}"
    anew = "runs anew" if data["replaces"] else "runs"
    limit, due = _plain(data["limit"]), names.at(data["due_at"])
    owes = _who(names, data["owes"])
    return f"Clock [{_plain(data['stage'])}] {anew} for {owes}: {limit}, due {due} ({data['limit_source']}{beside})"


def _met(names: Names, data: Data) -> str:
    return f"[{_plain(data['stage'])}] done {'after its time' if data['late'] else 'in time'}"


def _verified(names: Names, data: Data) -> str:
    photos = f", {data['photos']} photo(s)" if data["photos"] else ""
    seen = f", looked at {names.at(data['found_at'])}" if data["found_at"] else ""
    return f"Verified in the field: {_plain(data['outcome'])}{photos}{seen}{GOES_TO.get(data['goes_to'], '')}"


def _called(names: Names, data: Data) -> str:
    who = f"{names.unit(data['owes'])} is overdue with [{_plain(data['stage'])}]"
    if data["action"] == "refer":
        return f"{who}: as late as a referral wants"
    return f"{who}: a {_plain(data['level'] or 'reminder')} is due"


def _issued(names: Names, data: Data) -> str:
    by = "raised from the level below" if data["instead_of"] else "by the ladder" if data["clock"] else "by hand"
    level, unit = _plain(data["level"]), names.unit(data["unit"])
    return f"Supervision: {level} to {unit} ({by}), to be answered by {names.at(data['due_at'])}"


def _ended(names: Names, data: Data) -> str:
    answered = "answered" if data["answered"] else "not answered"
    return f"The {_plain(data['level'])} to {names.unit(data['unit'])} ended with its case, {answered}"


def _proposed(names: Names, data: Data) -> str:
    evidence = len(data["evidence"])
    return (
        f"Proposed: a referral of {names.unit(data['unit'])} ({_plain(data['cause'])}), {evidence} piece(s) of evidence"
    )


def _decided(names: Names, data: Data) -> str:
    ended = "referred to the oversight office" if data["referred"] else "not referred"
    return f"Referral of {names.unit(data['unit'])} ({_plain(data['cause'])}): {ended}"


def _switched(names: Names, data: Data) -> str:
    mode, before = MODES[data["mode"]], MODES[data["before"]]
    if data["mode"] == "normal":
        return f"From {before} back to {mode}"
    measures = f"; measures: {names.measures(data['measures'])}" if data["measures"] else ""
    return f"From {before} to {mode}, expected until {names.at(data['expected_end'])}{measures}"


def _reminded(names: Names, data: Data) -> str:
    late = "that is over, and it was not ended" if data["late"] else "to be ended or prolonged"
    return f"The {MODES[data['mode']]} is expected to end {names.at(data['expected_end'])}: {late}"


def _summarized(names: Names, data: Data) -> str:
    figures, span = data["figures"], f"{names.at(data['began_at'])} to {names.at(data['ended_at'])}"
    return (
        f"Summary of the surge (highest {MODES[data['highest']]}, {span}): {figures['cases_accepted']} cases accepted, "
        f"{figures['cases_closed']} closed, {figures['work_orders']} work orders, {figures['overdue']} overdue, "
        f"{figures['summonses']} summonses, {figures['arrived_in_time']}/{figures['summoned']} arrived in time"
    )


WHOLE: Mapping[str, Callable[[Names, Data], str]] = {
    "intake.case.followed_up": _followed_up,
    "intake.case.similar_offered": _offered,
    "dispatch.case.routed": _routed,
    "dispatch.route.decided": lambda n, d: f"The proposed route was {'taken' if d['confirmed'] else 'not taken'}",
    "dispatch.work_order.reported_back": _reported_back,
    "dispatch.mode.switched": _switched,
    "dispatch.mode.reminded": _reminded,
    "dispatch.mode.summarized": _summarized,
    "escalation.clock.armed": _armed,
    "escalation.clock.met": _met,
    "escalation.verification.recorded": _verified,
    "escalation.ladder.called": _called,
    "escalation.supervision.issued": _issued,
    "escalation.supervision.ended": _ended,
    "escalation.referral.proposed": _proposed,
    "escalation.referral.decided": _decided,
}
