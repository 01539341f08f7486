"""English texts. Names of units, categories and places stay as the pack has them."""

from collections.abc import Mapping
from datetime import timedelta

from services.notification.texts.language import Language
from services.notification.texts.template import Template

TEXTS: Mapping[str, Template] = {
    # the whistle, to a unit
    "summons.called": Template(
        "Summons: {who} by {due_time}",
        "{prelude}{centre} summons {who} to the command room by {due} ({left}).\n"
        "{about}\nPlease answer at once: received, on the way, or cannot come.",
    ),
    "summons.lead": Template(
        "Summons: {who} by {due_time}",
        "{prelude}{centre} summoned {who}, which has not answered yet. Please see that your unit is in the command "
        "room by {due} ({left}).\n{about}\nPlease answer at once: received, on the way, or cannot come.",
    ),
    "summons.another": Template(
        "Summons: somebody else of {who} by {due_time}",
        "{centre}: {who} said that it cannot come. Please send somebody else of your unit to the command room by {due} "
        "({left}).\n{about}\nPlease answer at once: received, on the way, or cannot come.",
    ),
    "summons.remind": Template(
        "Reminder: {who} by {due_time}",
        "{prelude}{centre}: {who} has not arrived yet and is due in the command room by {due} ({left}).\n{about}",
    ),
    "summons.late": Template(
        "Summons overdue: {who}",
        "{prelude}{centre}: {who} was due in the command room by {due} ({left}). Please come as soon as possible.\n"
        "{about}",
    ),
    # the whistle, to the centre
    "summons.centre": Template(
        "Summons: no answer from {who}",
        "{prelude}{who} is due in the command room by {due} ({left}) and has not answered or arrived.\n{about}",
    ),
    "summons.overdue": Template(
        "Summons overdue: {who}",
        "{prelude}{who} was due in the command room by {due} ({left}) and is not there. This is on record.\n{about}",
    ),
    "summons.end": Template(
        "Summons ended: {who} did not come",
        "{prelude}{who} was due by {due} and had not come when the summons ended. This is on record.\n{about}",
    ),
    "cannot_come": Template(
        "Summons: {who} cannot come",
        "{who} says that it cannot come to the command room; the reason is in the program. Please arrange.\n{about}",
    ),
    "stood_down": Template("Stood down: {who}", "The summons of {centre} was called off; {who} need not come. {about}"),
    # time limits
    "clock": Template(
        "{code}: {stage} ({who})",
        "{prelude}Case {code}: {stage} is with {who}, due {due} ({left}). Please attend to it.",
    ),
    "clock.remind": Template(
        "Reminder {code}: {stage}",
        "{prelude}Case {code}: {stage} is with {who}, due {due} ({left}). Please press for it.",
    ),
    "clock.overdue": Template(
        "Overdue {code}: {stage}",
        "{prelude}Case {code}: {stage} is overdue since {due} ({left}); it is with {who}. This is on record.",
    ),
    "clock.end": Template(
        "Not done {code}: {stage}",
        "{prelude}Case {code}: {stage} with {who} was due {due} and is still not done. This is on record.",
    ),
    # work orders
    "work_order": Template(
        "Work order {code} ({who})",
        "{centre} sends a work order: case {code}; category: {category}; place: {place}; level {level}. {who} is the "
        "{part} unit. Please sign it off in time.",
    ),
    "designated": Template(
        "Designated {code} ({who})",
        "The duty director designated {who} for case {code}; it cannot be returned. Category: {category}; place: "
        "{place}. Please sign it off in time.",
    ),
    "reopened": Template(
        "Reopened {code} ({who})",
        "Case {code} came back to {who}: {cause}. Category: {category}; place: {place}; level {level}. Its time is "
        "shorter now. Please handle it again and report.",
    ),
    # more time
    "extension_asked": Template(
        "Extension asked: {code}", "{who} asks for more time for case {code}, due {due}. Please decide before then."
    ),
    "suspension_asked": Template(
        "Suspension asked: {code}", "{who} asks to suspend case {code}, due {due}. Please decide before then."
    ),
    "extended": Template("Extended: {code}", "Case {code} is extended: due {ends} instead of {due}."),
    "extended.window": Template(
        "Extended: {code}; tell the requester",
        "Case {code} (with {who}) is extended: due {ends} instead of {due}. Please tell the requester the new time.",
    ),
    "suspended": Template("Suspended: {code}", "Case {code} is suspended until {ends}; its clock stands still."),
    "suspended.window": Template(
        "Suspended: {code}; tell the requester",
        "Case {code} (with {who}) is suspended until {ends}. Please tell the requester.",
    ),
    "resumed": Template("Resumed: {code}", "The suspension of case {code} ended; its clock runs on, due {due}."),
    "resumed.window": Template(
        "Resumed: {code}; tell the requester",
        "The suspension of case {code} (with {who}) ended; it is due {due}. Please tell the requester.",
    ),
    "deferral_refused": Template("Refused: {code}", "What was asked for case {code} was refused; it stays due {due}."),
    "deferral_refused.window": Template(
        "Refused: {code}", "More time for case {code} (with {who}) was refused; it stays due {due}."
    ),
    # supervision
    "supervision": Template(
        "{order}: {code}",
        "{centre} issues a {order} to {who} on case {code}. Please answer by {due} ({left}); what is asked stands in "
        "the program.",
    ),
    "supervision_again": Template(
        "Answer again: {code}",
        "The answer of {who} to the {order} on case {code} was not accepted. Please answer again by {due} ({left}); "
        "what is missing stands in the program.",
    ),
    "supervision_answered": Template("To judge: {code}", "{who} answered the {order} on case {code}. Please judge it."),
    # appeals
    "appeal_made": Template(
        "Appeal: {code}", "{who} appeals against an overdue {stage} of case {code}. Please propose; another decides."
    ),
    "appeal_proposed": Template(
        "Appeal to decide: {code}",
        "{who} appeals against an overdue {stage} of case {code}; the duty director has proposed. Please decide.",
    ),
    "appeal_granted": Template(
        "Appeal granted: {code}",
        "The appeal of {who} against an overdue {stage} of case {code} was granted: it does not count, and stays on "
        "record.",
    ),
    "appeal_refused": Template(
        "Appeal refused: {code}", "The appeal of {who} against an overdue {stage} of case {code} was refused."
    ),
    # referrals
    "referral_proposed": Template(
        "Referral to decide: {code}",
        "Case {code}: {who} crossed a threshold ({cause}). Whether it goes to the oversight office is yours to decide; "
        "the evidence is in the program.",
    ),
    "referred": Template(
        "Referred: {code}",
        "{centre} refers {who} to you on case {code} ({cause}). The evidence is in the program. Please record the "
        "result.",
    ),
    # duty
    "duty_gap": Template(
        "Nobody on duty: {duty}", "{duty} ({who}): nobody is on duty from {starts} to {ends}. Please arrange."
    ),
    "handover": Template(
        "Take over: {open_cases} open, {summonses} running",
        "{outgoing} offers the watch: {open_cases} open cases, {summonses} running summonses. The note is in the "
        "program. Please accept.",
    ),
    # normal and surge mode
    "surge_begun": Template(
        "{mode} begins",
        "{centre} goes from {mode_before} to {mode}, expected to end {ends}. What is owed from now on goes by the "
        "limits of the surge, duty by its rosters.",
    ),
    "surge_over": Template(
        "Back to {mode}",
        "{centre} went back from {mode_before} to {mode}: limits and rosters are as they were. The summary is in the "
        "program.",
    ),
    "surge_prolonged": Template("{mode} prolonged", "{mode} at {centre} is prolonged, expected to end {ends}."),
    "surge_ending": Template(
        "{mode} ends soon",
        "{mode} at {centre} is expected to end {ends}. It does not end by itself: please end or prolong it.",
    ),
    "surge_late": Template(
        "{mode}: past its end",
        "{mode} at {centre} was expected to end {ends} and is still on. Please end or prolong it.",
    ),
    "situation_report": Template("Situation report due", "{centre}, {mode}: the report of {starts} is due."),
}


def about(code: str, category: str | None, place: str | None) -> str:
    known = (f"Case {code}", category and f"category: {category}", place and f"place: {place}")
    return "; ".join(part for part in known if part) + "."


def left(span: timedelta) -> str:
    late = span < timedelta(0)
    minutes = int(abs(span).total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    amount = f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
    return f"{amount} late" if late else f"{amount} left"


LANGUAGE = Language(
    texts=TEXTS,
    drill="[DRILL] ",
    drill_code="(drill, no case)",
    drill_about="This is a drill, of no case: only the answer counts, nobody has to come.",
    about=about,
    stages={
        "accept": "acceptance",
        "dispatch": "dispatch",
        "contact": "first contact with the requester",
        "sign_off": "sign-off",
        "return": "return",
        "handle": "handling",
        "report_back": "report",
        "verify": "verification",
        "follow_up": "follow-up",
        "arrival": "arrival",
        "deferral": "decision on more time",
        "supervision": "answer to the supervision order",
    },
    desks={
        "accept": "the first window",
        "follow_up": "the first window",
        "dispatch": "the command centre",
        "deferral": "the command centre",
        "verify": "the grid",
    },
    duties={
        "duty_director": "duty director",
        "presence": "presence in the hall",
        "liaison": "liaison",
        "leader": "leader",
    },
    causes={
        "not_verified": "verification did not confirm the result",
        "dissatisfied": "the requester is dissatisfied",
        "overdue": "long overdue",
        "unanswered": "a supervision order was not answered",
        "absent": "absent from a summons",
        "reopened": "reopened again and again",
    },
    orders={"reminder": "reminder", "written_order": "supervision order", "listed": "listed supervision"},
    parts={"lead": "lead", "support": "supporting"},
    posts={
        "duty_director": "the duty director",
        "commander": "the commander",
        "deputy_commander": "the deputy commander",
        "dispatcher": "the dispatcher",
    },
    modes={
        "normal": "normal mode",
        "surge.I": "surge level I",
        "surge.II": "surge level II",
        "surge.III": "surge level III",
        "surge.IV": "surge level IV",
    },
    preludes={"rung_again": "Rung again. ", "nobody_reached": "Nobody could be reached before you. "},
    answers={"acknowledge": "Received", "on_the_way": "On the way", "cannot_come": "Cannot come"},
    unknown="not known",
    day_and_time="{0:%Y-%m-%d %H:%M}",
    time="{0:%H:%M}",
    left=left,
    several=lambda count: f"{count} matters for you",
)
