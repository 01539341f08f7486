"""How the commands about supervision, appeals and referrals ask: as a post with a role, in the pack's words."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel

from deploy.cli.duty_asking import centre_pack, do, post
from deploy.cli.words import fail, out, print_json, run_async
from deploy.session import Place, asking
from shared.codes import CodeWrong, parse_case_code
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.base import Command, Query
from shared.story.teller import Names

A = TypeVar("A", bound=BaseModel)

AsOption = Annotated[str, typer.Option("--as", help="the acting post, e.g. police.director")]
RoleOption = Annotated[str, typer.Option("--role", help="the post's role, e.g. duty_director, commander")]
CaseOption = Annotated[str | None, typer.Option("--case", help="only of this case, e.g. 26-0000104-5")]
EveryOption = Annotated[bool, typer.Option("--all", help="also what is over")]


def read(
    query: type[Query[A]], answer: type[A], data: Path | None, centre: str | None, facts: Mapping[str, Any]
) -> tuple[A, Names]:
    """One question, as the operator."""

    async def work() -> tuple[A, Names]:
        async with asking(Place.here(data, centre)) as asker:
            request = query.model_validate({"actor": OPERATOR, **facts})
            return await asker.ask(request, answer), Names(await centre_pack(asker))

    return run_async(work())


def acting(staff: str, role: str, unit: str | None = None) -> Actor:
    if role not in {one.value for one in Role}:
        fail(f"{role!r} is no role: {', '.join(one.value for one in Role)}", code=2)
    return post(staff, role=role, unit=unit)


def act(
    command: type[Command[A]],
    answer: type[A],
    data: Path | None,
    centre: str | None,
    by: Actor,
    facts: Mapping[str, Any],
) -> tuple[A, Names]:
    """One act, as the post named."""

    async def work() -> tuple[A, Names]:
        async with asking(Place.here(data, centre)) as asker:
            return await do(asker, command, answer, by=by, **facts), Names(await centre_pack(asker))

    return run_async(work())


def case_code(text: str | None) -> str | None:
    try:
        return None if text is None else parse_case_code(text)
    except CodeWrong as wrong:
        fail(f"{text!r} is not a case code: {wrong}", code=2)


def tell(found: BaseModel, show: Callable[[], None], *, as_json: bool, empty: str | None = None) -> None:
    """`empty`: said instead where there is nothing."""
    if as_json:
        print_json(found.model_dump(mode="json"))
    elif empty is not None:
        out.print(empty)
    else:
        show()
