"""Every message the console says: in its templates, in its tables of words, and as titles of pages."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from services.console.web import words
from services.console.web.case_acts import ACTS
from services.console.web.pages import PAGES
from services.console.web.pages.accountability import STEPS
from services.console.web.pages.mine import DONE
from services.console.web.pages.mode import WEEKDAYS
from services.console.web.pages.summons import SUMMONS_PAGE_ACTS
from services.console.web.unit_acts import ORDER_ACTS, SUMMONS_ACTS
from services.console.web.unit_inbox import BOXES
from services.console.web.view import HERE


def said_in_templates(folder: Path = HERE / "templates") -> Iterator[str]:
    environment = Environment(loader=FileSystemLoader(folder), extensions=["jinja2.ext.i18n"], autoescape=True)
    for path in sorted(folder.rglob("*.html")):
        for _line, _function, said in environment.extract_translations(path.read_text(encoding="utf-8")):
            message = said[0] if isinstance(said, tuple) else said  # what is filled in stands behind it
            if isinstance(message, str):
                yield message


def every_message() -> set[str]:
    tables = {word for table in words.TABLES for word in table.values()}
    buttons = {act.title for act in (*ACTS, *ORDER_ACTS, *SUMMONS_ACTS, *SUMMONS_PAGE_ACTS.values())}
    buttons |= {step.title for steps in STEPS.values() for step in steps.values()} | set(WEEKDAYS)
    titles = (
        {page.title for page in PAGES if page.title is not None} | buttons | set(BOXES.values()) | set(DONE.values())
    )
    return {*said_in_templates(), *tables, *titles, "超", "天", "暂时无法完成，请稍后再试"}
