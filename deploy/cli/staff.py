"""`muster staff`: who may sign in to the console."""

from typing import Annotated

import typer

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.operator_asking import ask
from deploy.cli.words import lines, out, print_json
from shared.contracts.actors import Role
from shared.contracts.base import Done
from shared.contracts.console import (
    AddStaff,
    DisableStaff,
    FirstPassword,
    ListStaff,
    ResetPassword,
    StaffAccounts,
)

app = typer.Typer(help="Who may sign in to the console, as what.", no_args_is_help=True)
StaffArgument = Annotated[str, typer.Argument(help="the account: a code such as police.liaison, never a person's name")]
AskOption = Annotated[bool, typer.Option("--ask-password", help="type a password instead of having one generated")]


@app.command("add")
def add(
    staff: StaffArgument,
    role: Annotated[Role, typer.Option(help="what it may do")],
    title: Annotated[str, typer.Option(help="what the screens call it")],
    unit: Annotated[str | None, typer.Option(help="the unit it acts for")] = None,
    window: Annotated[str | None, typer.Option(help="the window it sits at")] = None,
    grid: Annotated[str | None, typer.Option(help="the grid or township it works in")] = None,
    language: Annotated[str, typer.Option(help="zh or en")] = "zh",
    ask_password: AskOption = False,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Makes an account; its first password is printed once."""
    password = typed_password() if ask_password else None
    fields = {"staff": staff, "role": role, "title": title, "unit": unit, "window": window, "grid": grid}
    _tell(ask(AddStaff, {**fields, "language": language, "password": password}, FirstPassword, data, centre))


@app.command("list")
def list_accounts(
    disabled: Annotated[bool, typer.Option("--disabled", help="with those that were disabled")] = False,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every account: role, scope, when it last signed in."""
    found: StaffAccounts = ask(ListStaff, {"include_disabled": disabled}, StaffAccounts, data, centre)
    if as_json:
        print_json(found.model_dump(mode="json")["accounts"])
        return
    if not found.accounts:
        out.print("还没有账号：muster staff add NAME --role administrator --title 系统管理员")
        return
    table = lines("账号", "岗位", "角色", "范围", "状态", "上次登录")
    for one in found.accounts:
        scope = one.unit or one.window or one.grid or "全中心"
        last = f"{one.signed_in_at:%Y-%m-%d %H:%M}" if one.signed_in_at else "—"
        table.add_row(one.staff, one.title, one.role, scope, "停用" if one.state == "disabled" else "启用", last)
    out.print(table)


@app.command("disable")
def disable(staff: StaffArgument, data: DataOption = None, centre: CentreOption = None) -> None:
    """Signs the account out everywhere and lets nobody in by it; what it did stays on record."""
    ask(DisableStaff, {"staff": staff}, Done, data, centre)
    out.print(f"{staff} 已停用")


@app.command("reset-password")
def reset_password(
    staff: StaffArgument, ask_password: AskOption = False, data: DataOption = None, centre: CentreOption = None
) -> None:
    """A new password, signed out everywhere; a lost second factor is taken off, too."""
    password = typed_password() if ask_password else None
    _tell(ask(ResetPassword, {"staff": staff, "password": password}, FirstPassword, data, centre))


def typed_password() -> str:
    word: str = typer.prompt("password", hide_input=True, confirmation_prompt=True)
    return word


def _tell(made: FirstPassword) -> None:
    if made.password is None:
        out.print(f"{made.staff}：密码已设")
    else:
        out.print(f"{made.staff}：密码 {made.password}（只显示这一次，请交本人登录后修改）", soft_wrap=True)
