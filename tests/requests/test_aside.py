"""What stands aside for a planted bug comes back, whatever happened, and only after the world was emptied."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.requests.aside import DEFINITION, Guard, NoSuchGuard, aside
from tests.requests.planted import PLANTED

SERVICES = Path(__file__).parents[2] / "services"
CHECK = Guard("constraint", "dispatch.summons", "asker_does_not_approve")
INDEX = Guard("index", "dispatch.work_order", "one_open_lead")
TRIGGER = Guard("trigger", "dispatch.work_order", "work_order_is_of_one_case")
KEPT_TWICE = [guard for look in PLANTED.values() for guard in look.kept_twice]
DEFINED = {CHECK: "check (true)", INDEX: "create unique index one_open_lead on it", TRIGGER: "create trigger it"}


class Told:
    """A world and its centre in one, which only writes down what it is told."""

    def __init__(self) -> None:
        self.centre = self
        self.story: list[str] = []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run(work)

    def begin(self) -> None:
        self.story.append("emptied")

    def finds_something(self) -> None:
        self.story.append("searched")
        raise KeyError("found")

    async def fetch(self, query: str, table: str, name: str) -> list[tuple[str]]:
        return [
            (text,)
            for guard, text in DEFINED.items()
            if (DEFINITION[guard.kind], guard.table, guard.name) == (query, table, name)
        ]

    async def execute(self, statement: str) -> None:
        self.story.append(statement)


def test_all_of_it_comes_back_after_a_failure_and_the_world_is_emptied_before() -> None:
    world = Told()
    with pytest.raises(KeyError), aside(world, (CHECK, INDEX, TRIGGER)):  # type: ignore[arg-type]
        world.finds_something()
    assert world.story == [
        "alter table dispatch.summons drop constraint asker_does_not_approve",
        "drop index dispatch.one_open_lead",
        "alter table dispatch.work_order disable trigger work_order_is_of_one_case",
        "searched",
        "emptied",
        "alter table dispatch.work_order enable trigger work_order_is_of_one_case",
        "create unique index one_open_lead on it",
        "alter table dispatch.summons add constraint asker_does_not_approve check (true)",
    ]


def test_a_guard_that_is_not_there_is_told_and_the_others_are_back() -> None:
    world = Told()
    with (
        pytest.raises(NoSuchGuard, match=r"dispatch\.summons has no constraint renamed"),
        aside(world, (CHECK, Guard("constraint", "dispatch.summons", "renamed"))),  # type: ignore[arg-type]
    ):
        world.finds_something()
    assert "searched" not in world.story
    assert world.story[-1].startswith("alter table dispatch.summons add constraint asker_does_not_approve")


@pytest.mark.parametrize("guard", KEPT_TWICE, ids=lambda guard: guard.name)
def test_every_one_of_them_is_made_by_a_migration(guard: Guard) -> None:
    migrations = (SERVICES / guard.table.partition(".")[0] / "migrations").glob("*.py")
    assert any(f"{guard.kind} {guard.name}" in file.read_text("utf-8") for file in migrations)
