"""How the command line speaks: plain words, one table style, one way to fail."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

import typer
import uvloop
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from deploy.embedded.errors import ServerUnusable
from services.console.errors import PortTaken
from shared.centre.errors import PackFaulty
from shared.errors import Refused, Unavailable
from shared.infra.messaging import ServerTooOld, ServerTooSmall
from shared.links import LinkSecretsWrong
from shared.vault import VaultKeysWrong

T = TypeVar("T")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

REFUSED, FAULTY, UNAVAILABLE = 2, 1, 3


def fail(message: str, *, code: int = FAULTY) -> NoReturn:
    err.print(message, style="red", markup=False)
    raise typer.Exit(code)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Runs one command; whatever it ends with, the user reads words and never a stack trace."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except Refused as refusal:
        where = f" ({refusal.field})" if refusal.field else ""
        fail(f"refused{where}: {refusal.message}", code=REFUSED)
    except Unavailable as away:
        fail(f"not possible right now: {away.message}", code=UNAVAILABLE)
    except PackFaulty as faulty:
        for fault in faulty.faults:
            err.print(str(fault), markup=False)
        fail(f"{faulty.what} has {len(faulty.faults)} fault(s); nothing was changed")
    except PortTaken as taken:
        fail(str(taken), code=UNAVAILABLE)
    except (ServerUnusable, ServerTooOld, ServerTooSmall, VaultKeysWrong, LinkSecretsWrong) as unusable:
        fail(str(unusable), code=UNAVAILABLE)
    except TimeoutError:
        fail("it took too long; nothing was lost, please try again", code=UNAVAILABLE)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as trouble:
        if isinstance(trouble, OSError) and trouble.filename is not None:
            fail(f"{trouble.filename}: {trouble.strerror}")
        from shared.infra.database import as_unavailable  # imported here: most commands need no database library

        away = as_unavailable(trouble)
        if away is None:
            raise
        fail(f"not possible right now: {away.message}", code=UNAVAILABLE)


class PlainTable(Table):
    """Cells are words and never markup: what people and packs wrote may have brackets in it."""

    def add_row(self, *cells: RenderableType | None, **style: Any) -> None:
        super().add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells), **style)


def lines(*titles: str) -> Table:
    """The one table style: no frame, and nothing is ever cut off."""
    table = PlainTable(box=None, pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
