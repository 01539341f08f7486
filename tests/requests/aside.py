"""What the database forbids as well stands aside for a planted bug, so that it is the rule that has to see it."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tests.requests.machine import World

Kind = Literal["constraint", "index", "trigger"]
DEFINITION: Mapping[Kind, str] = {
    "constraint": "select pg_get_constraintdef(oid) from pg_constraint"
    " where conrelid = to_regclass($1) and conname = $2",
    "index": "select indexdef from pg_indexes where schemaname || '.' || tablename = $1 and indexname = $2",
    "trigger": "select pg_get_triggerdef(oid) from pg_trigger where tgrelid = to_regclass($1) and tgname = $2",
}


@dataclass(frozen=True)
class Guard:
    """`table` with its schema."""

    kind: Kind
    table: str
    name: str

    def steps(self, definition: str) -> tuple[str, str]:
        """Away and back again."""
        match self.kind:
            case "constraint":
                alter = f"alter table {self.table}"
                return f"{alter} drop constraint {self.name}", f"{alter} add constraint {self.name} {definition}"
            case "index":
                return f"drop index {self.table.partition('.')[0]}.{self.name}", definition
            case "trigger":
                alter = f"alter table {self.table}"
                return f"{alter} disable trigger {self.name}", f"{alter} enable trigger {self.name}"


class NoSuchGuard(LookupError):
    """The plant names what the database does not have: it was renamed, or is kept once only by now."""


@contextmanager
def aside(world: World, guards: tuple[Guard, ...]) -> Iterator[None]:
    """They are back before the next test, and what they would not have let in is gone."""
    with ExitStack() as afterwards:
        for guard in guards:
            found = world.run(world.centre.fetch(DEFINITION[guard.kind], guard.table, guard.name))
            if not found:
                raise NoSuchGuard(f"{guard.table} has no {guard.kind} {guard.name}")
            away, back = guard.steps(found[0][0])
            world.run(world.centre.execute(away))
            afterwards.callback(partial(_run, world, back))
        afterwards.callback(world.begin)  # called first: what is there now may break what comes back
        yield


def _run(world: World, statement: str) -> None:
    world.run(world.centre.execute(statement))
