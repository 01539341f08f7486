"""`muster supervision`: supervision orders (督办单), from issue to outcome."""

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
from deploy.cli.words import fail, lines, out
from shared.contracts.escalation import (
    AnswerSupervision,
    IssueSupervision,
    JudgeSupervision,
    ListSupervision,
    RaiseSupervision,
    SupervisionOrders,
    SupervisionOrderView,
    WithdrawSupervision,
)
from shared.story.teller import Names
from shared.story.words import SUPERVISION_LEVELS, SUPERVISION_OUTCOMES, SUPERVISION_STATES

app = typer.Typer(no_args_is_help=True, help="Supervision orders (督办单): issued, answered, judged, raised.")
OrderArgument = Annotated[UUID, typer.Argument(help="the order's id, as `muster supervision list` prints it")]
ReasonOption = Annotated[str, typer.Option("--reason", help="in words; told to the centre's staff and the unit only")]


@app.command("list")
def list_(
    case: CaseOption = None,
    unit: Annotated[str | None, typer.Option(help="only of this unit")] = None,
    every: EveryOption = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 40,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Orders under way, by the time their answer is due."""
    facts = {"case_code": case_code(case), "unit": unit, "only_open": not every, "limit": limit}
    found, names = read(ListSupervision, SupervisionOrders, data, centre, facts)
    empty = None if found.orders else "没有督办单" if every else "没有在办的督办单"
    tell(found, lambda: _print(names, found.orders), as_json=as_json, empty=empty)


@app.command()
def show(
    order: OrderArgument, data: DataOption = None, centre: CentreOption = None, as_json: JsonOption = False
) -> None:
    """One order with its answers and what was said of them."""
    found, names = read(ListSupervision, SupervisionOrders, data, centre, {"order_id": order})
    if not found.orders:
        fail(f"there is no supervision order {order}", code=2)
    (one,) = found.orders
    tell(one, lambda: _print_one(names, one), as_json=as_json)


@app.command()
def issue(
    case: Annotated[str, typer.Argument(help="the case code, e.g. 26-0000104-5")],
    unit: Annotated[str, typer.Argument(help="the unit that has to answer")],
    level: Annotated[str, typer.Argument(help="reminder | written_order | listed")],
    reason: ReasonOption,
    as_post: AsOption,
    role: RoleOption = "duty_director",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Issues an order: by the duty director, a commander or a deputy."""
    facts = {"case_code": case_code(case), "unit": unit, "level": level, "reason": reason}
    _done(*act(IssueSupervision, SupervisionOrderView, data, centre, acting(as_post, role), facts))


@app.command()
def answer(
    order: OrderArgument,
    words: Annotated[str, typer.Option("--words", help="the unit's answer")],
    unit: Annotated[str, typer.Option("--unit", help="the unit that answers")],
    as_post: AsOption,
    role: RoleOption = "liaison_officer",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """The unit answers its order."""
    facts = {"order_id": order, "answer": words}
    _done(*act(AnswerSupervision, SupervisionOrderView, data, centre, acting(as_post, role, unit), facts))


@app.command()
def close(
    order: OrderArgument,
    outcome: Annotated[str, typer.Argument(help="accepted | improved close it; not_accepted: it is answered again")],
    as_post: AsOption,
    words: Annotated[str | None, typer.Option("--words", help="needed where it is not accepted")] = None,
    role: RoleOption = "duty_director",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Judges the answer: by the issuer, or another of that rank."""
    facts = {"order_id": order, "outcome": outcome, "words": words}
    _done(*act(JudgeSupervision, SupervisionOrderView, data, centre, acting(as_post, role), facts))


@app.command("raise")
def raise_(
    order: OrderArgument,
    reason: ReasonOption,
    as_post: AsOption,
    role: RoleOption = "duty_director",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Closes the order as not accepted or unanswered, and issues it on the next level."""
    facts = {"order_id": order, "reason": reason}
    _done(*act(RaiseSupervision, SupervisionOrderView, data, centre, acting(as_post, role), facts))


@app.command()
def withdraw(
    order: OrderArgument,
    reason: ReasonOption,
    as_post: AsOption,
    role: RoleOption = "duty_director",
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Takes an order back; it stays on record with the reason."""
    facts = {"order_id": order, "reason": reason}
    _done(*act(WithdrawSupervision, SupervisionOrderView, data, centre, acting(as_post, role), facts))


def _done(order: SupervisionOrderView, names: Names) -> None:
    due = f"，{names.at(order.due_at)} 前回复" if order.state == "open" and order.due_at else ""
    out.print(f"[green]✓[/] {order.order_id} {SUPERVISION_LEVELS[order.level]} {SUPERVISION_STATES[order.state]}{due}")


def _print(names: Names, orders: tuple[SupervisionOrderView, ...]) -> None:
    table = lines("编号", "案件", "单位", "级别", "状态", "回复期限", "结果")
    for one in orders:
        due = "—" if one.due_at is None else names.at(one.due_at) + ("（超时）" if one.late else "")
        outcome = "" if one.outcome is None else SUPERVISION_OUTCOMES[one.outcome]
        level, state = SUPERVISION_LEVELS[one.level], SUPERVISION_STATES[one.state]
        table.add_row(str(one.order_id), one.case_code, names.unit(one.unit), level, state, due, outcome)
    out.print(table)


def _print_one(names: Names, one: SupervisionOrderView) -> None:
    _print(names, (one,))
    out.print(f"{names.at(one.issued_at)} {one.issued_by} 发出：{one.reason or '催办阶梯'}", markup=False)
    if one.end_reason is not None:
        out.print(f"撤回：{one.end_reason}", markup=False)
    for given in one.answers:
        said = f"{names.at(given.answered_at)} 第 {given.round} 次回复（{given.answered_by}）：{given.answer or '—'}"
        out.print(said, markup=False)
        if given.judgement is not None and given.judged_at is not None:
            words = f"：{given.words}" if given.words else ""
            judged = f"{names.at(given.judged_at)} {given.judged_by} {SUPERVISION_OUTCOMES[given.judgement]}{words}"
            out.print(judged, markup=False)
