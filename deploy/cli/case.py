"""`muster case` and `muster queue`: one case's whole story; what is open, by due time."""

import asyncio
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.mode import head_words
from deploy.cli.words import fail, lines, out, print_json, run_async
from deploy.packs import pack_in_force
from deploy.session import Place, asking
from shared.codes import CodeWrong, parse_case_code
from shared.contracts.actors import OPERATOR
from shared.contracts.common import ReadTimeline, Timeline
from shared.contracts.dispatch import ModeView, ReadMode
from shared.contracts.escalation import Clocks, ClockView, ListClocks
from shared.contracts.intake import MaskedCase, ReadCase
from shared.contracts.subjects import SERVICES
from shared.infra.asking import Asker
from shared.story import STAGES, STATES, Story, limit_words

ALARMING = frozenset({"escalation.clock.overdue", "dispatch.summons.unit_not_arrived", "escalation.arrival.given_up"})


def case(
    code: Annotated[str, typer.Argument(help="the case code, e.g. 26-0000104-5")],
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """The whole timeline of one case, with the why of each step."""
    try:
        canonical = parse_case_code(code)
    except CodeWrong as wrong:
        fail(f"{code!r} is not a case code: {wrong}", code=2)

    async def work() -> None:
        async with asking(Place.here(data, centre)) as asker:
            head, timelines = await _read(asker, canonical)
            pack = await pack_in_force(asker)
        assert pack is not None
        if as_json:
            entries = sorted((e for t in timelines for e in t.entries), key=lambda e: e.at)
            print_json({"case": head.model_dump(mode="json"), "timeline": [e.model_dump(mode="json") for e in entries]})
            return
        _print_case(Story(pack), head, timelines)

    run_async(work())


async def _read(asker: Asker, code: str) -> tuple[MaskedCase, list[Timeline]]:
    head = await asker.ask(ReadCase(actor=OPERATOR, case_code=code), MaskedCase)
    asked = (asker.ask(ReadTimeline(actor=OPERATOR, case_code=code), Timeline, service=service) for service in SERVICES)
    return head, list(await asyncio.gather(*asked))


def _print_case(story: Story, head: MaskedCase, timelines: list[Timeline]) -> None:
    out.print(f"[bold]{head.case_code}[/]  {story.category(head.category)}  {story.place(head.place)}  {head.level} 级")
    out.print(f"状态 {STATES.get(head.state, head.state)} · 首接 {head.owner} · 规则包 {head.pack_version}")
    if head.joined_to is not None:
        out.print(f"并入主案 {head.joined_to}")
    if head.joined:
        out.print(f"主案，随办 {len(head.joined)} 件：{'、'.join(head.joined)}")
    out.print(f"诉求 {head.matter}", markup=False)
    table = lines("时间", "服务", "谁", "经过")
    entries = sorted((entry for timeline in timelines for entry in timeline.entries), key=lambda entry: entry.at)
    for entry in entries:
        style = "red" if entry.type in ALARMING else ""
        who = (entry.actor or "").removeprefix("system:")
        table.add_row(story.at(entry.at), entry.service, who, Text(story.tell(entry), style=style))
    out.print(table)
    if all(timeline.chain_intact for timeline in timelines):
        out.print(f"{len(entries)} 条记录，链条完整")
    else:
        out.print("[red]记录链条不完整：有记录被改动过[/]")


def queue(
    data: DataOption = None,
    centre: CentreOption = None,
    stage: Annotated[str | None, typer.Option(help="only one stage, e.g. sign_off")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 40,
    as_json: JsonOption = False,
) -> None:
    """What is open, by due time: what, by whom, how long."""
    if stage is not None and stage not in STAGES:
        fail(f"there is no stage {stage!r}: {', '.join(STAGES)}", code=2)

    async def work() -> None:
        async with asking(Place.here(data, centre)) as asker:
            request = ListClocks.model_validate({"actor": OPERATOR, "stage": stage, "limit": limit})
            clocks = await asker.ask(request, Clocks)
            pack = await pack_in_force(asker)
            mode = await asker.ask(ReadMode(actor=OPERATOR), ModeView)
        if as_json:
            print_json(clocks.model_dump(mode="json"))
            return
        if pack is not None:
            out.print(head_words(mode, ZoneInfo(pack.timezone)), style="" if mode.mode == "normal" else "bold red")
        if not clocks.clocks or pack is None:
            out.print("当前没有未了事项")
        else:
            _print_queue(Story(pack), clocks)

    run_async(work())


def _limit(story: Story, clock: ClockView) -> str:
    """How long, and what else is promised: a statute's time with the centre's own, a due time still to be settled."""
    beside = ""
    if clock.service_due_at is not None and clock.service_limit is not None:
        beside = f"（法定；{limit_words(clock.service_limit)}内答复诉求人，至 {story.at(clock.service_due_at)}）"
    guess = "（待节假日公布后核定）" if clock.provisional else ""
    return f"{limit_words(clock.limit)}{beside}{guess}"


def _print_queue(story: Story, clocks: Clocks) -> None:
    table = lines("到期", "剩余", "环节", "责任", "案件", "时限")
    for one in clocks.clocks:
        left = one.due_at - clocks.now
        minutes = int(abs(left.total_seconds()) // 60)
        span = f"{minutes // 60}:{minutes % 60:02d}"
        late = one.state == "overdue"
        table.add_row(
            story.at(one.due_at),
            Text(f"超 {span}" if late else span, style="red" if late else ""),
            STAGES[one.stage] + ("（督办）" if one.supervised else ""),
            story.owes(one.owes),
            one.case_code,
            _limit(story, one),
        )
    out.print(table)
    out.print(f"未了 {clocks.total} 项，列出 {len(clocks.clocks)} 项")
