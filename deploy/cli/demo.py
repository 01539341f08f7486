"""`muster demo`: a finite, seeded, accelerated day in a centre of its own, and what it came to."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.table import Table

from deploy.broker_users import nats_users
from deploy.cli.doctor import JsonOption
from deploy.cli.serving import until_told_to_stop
from deploy.cli.words import err, fail, out, print_json, run_async
from deploy.demo.plan import plan_day
from deploy.embedded.folders import make_data_dir, write_private
from deploy.embedded.servers import EmbeddedServers
from deploy.packs import default_pack, default_pack_dir
from deploy.rosters import rosters_beside
from shared.infra.logs import configure_logs
from shared.vault import KeyRing

if TYPE_CHECKING:
    from deploy.demo.finite import Outcome

NAMES = {
    "registered": "登记",
    "accepted": "受理",
    "not_accepted": "不予受理",
    "routed": "已派定单位",
    "triage": "转人工分派",
    "designated": "指定承办",
    "work_orders": "工单",
    "supporting": "其中协办",
    "signed_off": "签收",
    "returned": "退单",
    "reported_back": "反馈",
    "verified": "核查",
    "closed": "办结",
    "reopened": "重办",
    "summons.issued": "召集单位次",
    "summons.arrived_in_time": "按时到场",
    "summons.late": "迟到",
    "summons.unanswered": "未到场",
    "summons.awaited": "尚未到场",
    "clocks.armed": "计时",
    "clocks.met": "按时完成",
    "clocks.met_late": "超时完成",
    "clocks.cancelled": "停止计时",
    "clocks.open": "在途",
    "clocks.fired": "发生超时",
    "lost": "丢失",
    "duplicated": "重复",
    "dead_letters": "死信",
}


def demo(
    cases: Annotated[int, typer.Option(min=1, max=20_000, help="cases that enter on the day")] = 300,
    speed: Annotated[float, typer.Option(min=1, max=5_000, help="how much faster than real time")] = 600,
    seed: Annotated[int, typer.Option(help="the same seed brings the same plan")] = 7,
    as_json: JsonOption = False,
    keep: Annotated[bool, typer.Option("--keep", help="keep the data folder")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="lines instead of the live view")] = False,
) -> None:
    """Plays a whole day at the centre with the default pack, in a folder of its own, and balances the books."""
    folder = Path(tempfile.mkdtemp(prefix="muster-demo-"))
    folder.chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
    try:
        outcome = run_async(_until_told(_play(folder / "data", cases, speed, seed, as_json=as_json, plain=plain)))
    finally:
        if keep:
            err.print(f"data kept in {folder / 'data'}", soft_wrap=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if outcome is None:
        fail("stopped before the day was over", code=130)
    tell(outcome, as_json=as_json)


async def _until_told(playing: Coroutine[Any, Any, "Outcome"]) -> "Outcome | None":
    """None where somebody stops it: the servers are stopped then as well."""
    told, task = asyncio.create_task(until_told_to_stop()), asyncio.create_task(playing)
    try:
        await asyncio.wait({told, task}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        told.cancel()
        task.cancel()
        await asyncio.gather(told, task, return_exceptions=True)


async def _play(data: Path, cases: int, speed: float, seed: int, *, as_json: bool, plain: bool) -> "Outcome":
    from deploy.demo.finite import FiniteDemo  # with all services: other commands have no use for them

    pack, rosters = default_pack(), rosters_beside(default_pack_dir())
    plan = plan_day(pack, cases=cases, seed=seed)
    make_data_dir(data)
    configure_logs(file=data / "logs" / "muster.log")
    err.print("starting the servers ...")
    # Always embedded ones: invented cases have no business on servers an operator runs.
    own = EmbeddedServers(data, nats_users())
    try:
        addresses = await asyncio.to_thread(own.start)
        keys = data / "vault.keys"
        write_private(keys, KeyRing.generate())
        one = FiniteDemo(addresses, pack, plan, centre=pack.centre, speed=speed, keys=keys, rosters=rosters)
        return await one.run(err if as_json else out, plain=as_json or plain)
    finally:
        await asyncio.to_thread(own.stop)


def tell(outcome: "Outcome", *, as_json: bool) -> None:
    """The summary; ends with 1 where the books do not balance."""
    if as_json:
        print_json(outcome.as_dict())
    else:
        _print(outcome)
    faults = outcome.summary.faults()
    if faults:
        fail("the books do not balance:\n  " + "\n  ".join(faults))


def _print(outcome: "Outcome") -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_column(style="dim")
    for key, value in _flat(outcome.summary.as_dict()).items():
        table.add_row(str(value), NAMES[key], key)
    out.print(table)
    if outcome.tally.refused:
        told = ", ".join(f"{what} ({number})" for what, number in sorted(outcome.tally.refused.items()))
        out.print(f"refused along the way, as rules have it: {told}", style="dim", markup=False, soft_wrap=True)
    out.print(f"{outcome.simulated_hours:.1f} simulated hours in {outcome.seconds:.0f} s")


def _flat(counts: dict[str, Any]) -> dict[str, int]:
    flat: dict[str, int] = {}
    for key, value in counts.items():
        parts = cast("dict[str, int]", value) if isinstance(value, dict) else {"": int(value)}
        flat |= {f"{key}.{name}".rstrip("."): number for name, number in parts.items()}
    return flat
