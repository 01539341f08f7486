"""Rules of the house that no linter knows. Each takes the source of one file and returns what is wrong with it."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath

LINES_MAX = 400
FUNCTION_LINES_MAX = 60
VAGUE_NAMES = re.compile(r"(^|_)(utils?|helpers?|misc|managers?|common_stuff)(_|$)", re.IGNORECASE)
WALL_CLOCK = re.compile(r"datetime\.(now|utcnow)\(|time\.time\(|date\.today\(")
CLOCK_HOLDERS = {"shared/clock.py", "shared/infra/scheduling.py"}
LOCK_SPACES = "shared/infra/lock_spaces.py"
LOCK_SPACE = re.compile(r"advisory\w*\(\s*\d|^LOCK_SPACE = \d|^[A-Z_]+ = 70\d\d\b", re.MULTILINE)
REGISTRY = re.compile("|".join(("py" + "pi\\.org", "python" + "hosted", "registry\\.npm" + "js", "deb\\.debian")))

Rule = Callable[[str, str], Iterator[str]]


@cache
def parsed(source: str) -> ast.Module:
    """Once for all rules."""
    return ast.parse(source)


def not_too_long(path: str, source: str) -> Iterator[str]:
    if source.count("\n") > LINES_MAX:
        yield f"{path} has more than {LINES_MAX} lines: is there a boundary missing?"


def functions_not_too_long(path: str, source: str) -> Iterator[str]:
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                yield f"{path}:{node.lineno} {node.name} has {length} lines"


def says_what_it_is(path: str, source: str) -> Iterator[str]:
    if source.strip() and not ast.get_docstring(parsed(source)):
        yield f"{path} does not say what it is for"


def no_vague_names(path: str, source: str) -> Iterator[str]:
    if VAGUE_NAMES.search(PurePosixPath(path).stem):
        yield f"{path} has a name that says nothing"
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ClassDef) and re.search(r"(Manager|Helper|Utils?)$", node.name):
            yield f"{path}:{node.lineno} class {node.name} has a name that says nothing"


def time_is_an_argument(path: str, source: str) -> Iterator[str]:
    if path.startswith(("services/", "shared/")) and path not in CLOCK_HOLDERS and WALL_CLOCK.search(source):
        yield f"{path} reads the wall clock"


def nothing_is_swallowed(path: str, source: str) -> Iterator[str]:
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ExceptHandler) and all(isinstance(one, ast.Pass) for one in node.body):
            yield f"{path}:{node.lineno} swallows an exception"
    if re.search(r"suppress\((Base)?Exception\)", source):
        yield f"{path} suppresses every exception"


def no_registry_is_named(path: str, source: str) -> Iterator[str]:
    if REGISTRY.search(source):
        yield f"{path} names a package registry"


def locks_are_numbered_in_one_place(path: str, source: str) -> Iterator[str]:
    if path.startswith(("services/", "shared/", "deploy/")) and path != LOCK_SPACES and LOCK_SPACE.search(source):
        yield f"{path} numbers a lock of its own: {LOCK_SPACES} has the numbers"


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        not_too_long,
        functions_not_too_long,
        says_what_it_is,
        no_vague_names,
        time_is_an_argument,
        nothing_is_swallowed,
        no_registry_is_named,
        locks_are_numbered_in_one_place,
    )
}
