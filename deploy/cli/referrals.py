"""`muster referrals`: referrals to the oversight office (问责移送)."""

from typing import Annotated
from uuid import UUID

import typer

from deploy.cli.accountability_asking import (
    AsOption,
    CaseOption,
    EveryOption,
    RoleOption,
    act,
    acting,
    case_code,
    read,
    tell,
)
from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import lines, out
from shared.contracts.escalation import (
    AnswerReferral,
    CloseReferral,
    DecideReferral,
    ListReferrals,
    Referrals,
    ReferralView,
)
from shared.story.teller import Names
from shared.story.words import REFERRAL_CAUSES, REFERRAL_RESULTS, REFERRAL_STATES

app = typer.Typer(no_args_is_help=True, help="Referrals (问责移送): proposed by rules, decided by a person.")
ReferralArgument = Annotated[UUID, typer.Argument(help="the referral's id, as `muster referrals list` prints it")]


@app.command("list")
def list_(
    case: CaseOption = None,
    every: EveryOption = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 40,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Referrals under way, oldest first."""
    facts = {"case_code": case_code(case), "only_open": not every, "limit": limit}
    found, names = read(ListReferrals, Referrals, data, centre, facts)
    empty = None if found.referrals else "没有问责移送" if every else "没有在办的问责移送"
    tell(found, lambda: _print(names, found.referrals), as_json=as_json, empty=empty)


@app.command()
def decide(
    referral: ReferralArgument,
    as_post: AsOption,
    refer: Annotated[bool, typer.Option("--refer/--not", help="to the oversight office, or not")],
    reason: Annotated[str, typer.Option("--reason", help="needed either way")],
    role: RoleOption = "commander",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """A commander or deputy decides, once."""
    facts = {"referral_id": referral, "refer": refer, "reason": reason}
    _done(*act(DecideReferral, ReferralView, data, centre, acting(as_post, role), facts))


@app.command()
def answer(
    referral: ReferralArgument,
    result: Annotated[str, typer.Argument(help=" | ".join(REFERRAL_RESULTS))],
    as_post: AsOption,
    words: Annotated[str, typer.Option("--words", help="what the office found")],
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The oversight office records the result."""
    facts = {"referral_id": referral, "result": result, "words": words}
    _done(*act(AnswerReferral, ReferralView, data, centre, acting(as_post, "oversight_office"), facts))


@app.command()
def close(
    referral: ReferralArgument,
    as_post: AsOption,
    role: RoleOption = "commander",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The centre has taken note."""
    _done(*act(CloseReferral, ReferralView, data, centre, acting(as_post, role), {"referral_id": referral}))


def _done(referral: ReferralView, _names: Names) -> None:
    out.print(f"[green]✓[/] {referral.referral_id} {REFERRAL_STATES[referral.state]}")


def _print(names: Names, referrals: tuple[ReferralView, ...]) -> None:
    table = lines("编号", "案件", "单位", "缘由", "状态", "提出", "证据")
    for one in referrals:
        state = "申诉未决，暂缓决定" if one.waits_for_appeal else REFERRAL_STATES[one.state]
        proofs = "；".join(f"{proof.kind} {proof.ref}" for proof in one.evidence)
        about = names.unit(one.unit), REFERRAL_CAUSES[one.cause]
        table.add_row(str(one.referral_id), one.case_code, *about, state, names.at(one.proposed_at), proofs)
    out.print(table)
