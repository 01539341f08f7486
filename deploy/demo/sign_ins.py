"""Sign-ins for the demo centre: one post for each role, the same posts its simulated people act as."""

from pathlib import Path
from uuid import uuid4

from deploy.demo.staff import COMMAND_ROOM, COMMANDER, DISPATCHER, Staff
from deploy.embedded.folders import write_private
from deploy.packs import general_window
from services.console.policy.passwords import generate_password
from shared.centre.pack import CentrePack
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.console import AddStaff, FirstPassword, ResetPassword
from shared.errors import RemoteRefusal
from shared.infra.asking import Asker

UNIT = "police"


def demo_posts(pack: CentrePack) -> list[tuple[Actor, str]]:
    staff = Staff(pack)
    unit = pack.unit(UNIT) or pack.units[0]
    grid = pack.grids[0].code if pack.grids else pack.townships[0].code
    return [
        (staff.director(0), "轮值主任：看全区在办，派单、召集"),
        (staff.clerk(general_window(pack)), "受理员：窗口登记、回访"),
        (DISPATCHER, "调度员：分派退单与待定事项"),
        (COMMANDER, "指挥长：批准召集"),
        (Actor(staff="deputy-commander", role=Role.DEPUTY_COMMANDER), "副指挥长：批准召集"),
        (staff.liaison(unit.code), f"联络员（{unit.short}）：签收、反馈、到场"),
        (Actor(staff=f"{unit.code}.lead", role=Role.UNIT_LEAD, unit=unit.code), f"分管领导（{unit.short}）"),
        (staff.handler(unit.code), f"承办人（{unit.short}）：办理"),
        (Actor(staff=f"grid.{grid}", role=Role.GRID_WORKER, grid=grid), "网格员：现场核实"),
        (COMMAND_ROOM, "指挥大厅：到场登记"),
        (Actor(staff="oversight-office", role=Role.OVERSIGHT_OFFICE), "效能办：问责移送"),
        (Actor(staff="administrator", role=Role.ADMINISTRATOR), "系统管理员：账号、规则包"),
    ]


async def demo_sign_ins(asker: Asker, pack: CentrePack, address: str, file: Path) -> str:
    """Makes the accounts, or gives those of an earlier demo the new password. The words to print, kept in `file`."""
    password = generate_password()
    posts = demo_posts(pack)
    for actor, title in posts:
        await _ensure(asker, actor, title, password)
    width = max(len(actor.staff) for actor, _ in posts)
    table = "\n".join(f"  {actor.staff:<{width}}  {title}" for actor, title in posts)
    words = (
        f"打开 {address} 登录（演示账号，密码都是 {password}）：\n{table}\n"
        f"先试：用 {posts[0][0].staff} 登录，看队列实时变化；按 J、K 选一件，Enter 看它的全部经过。\n"
    )
    write_private(file, words)
    return words


async def _ensure(asker: Asker, actor: Actor, title: str, password: str) -> None:
    who = {"actor": OPERATOR, "staff": actor.staff, "password": password}
    scope = {"role": actor.role, "unit": actor.unit, "window": actor.window, "grid": actor.grid}
    made = AddStaff.model_validate({**who, **scope, "title": title.partition("：")[0], "idempotency_key": uuid4().hex})
    try:
        await asker.ask(made, FirstPassword)
    except RemoteRefusal as refusal:
        if refusal.remote_code != "staff_name_taken":
            raise
        again = ResetPassword.model_validate({**who, "idempotency_key": uuid4().hex})
        await asker.ask(again, FirstPassword)
