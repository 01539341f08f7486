"""An invented centre of the largest promised size: 60 categories, 4 townships of 100 grids, rules of every kind."""

from datetime import date, time
from typing import Any

from shared.centre.modes import ModeTerms
from shared.centre.nouns import Category, Fallback, Flag, Grid, Post, Rule, Township, Unit
from shared.centre.pack import CentrePack

ROOTS, LEAVES_EACH = 10, 6
TOWNSHIPS, GRIDS_EACH = 4, 100
DEPARTMENTS = 30
SOURCE = "样例：生成的规则"


def large_pack(model: CentrePack) -> CentrePack:
    """Units, places, categories and rules in large; limits, ladders and hours are the model's."""
    leaves = [f"c{root}.l{leaf}" for root in range(ROOTS) for leaf in range(LEAVES_EACH)]
    roots = [Category(code=f"c{root}", name=f"大类{root}") for root in range(ROOTS)]
    large: dict[str, Any] = {
        "name": "large",
        "directors": ("u0", "u1"),
        "townships": tuple(Township(code=f"t{nth}", name=f"第{nth}镇") for nth in range(TOWNSHIPS)),
        "grids": tuple(_grid(nth, each) for nth in range(TOWNSHIPS) for each in range(GRIDS_EACH)),
        "units": (*(_unit(f"u{nth}") for nth in range(DEPARTMENTS)), *(_office(nth) for nth in range(TOWNSHIPS))),
        "windows": tuple(window.model_copy(update={"unit": "u0"}) for window in model.windows),
        "categories": (
            *roots,
            *(Category(code=code, name=f"事项{code}", parent=code.split(".")[0]) for code in leaves),
        ),
        "flags": (Flag(code="f0", name="标记零"), Flag(code="f1", name="标记一")),
        "rules": tuple(rule for nth, code in enumerate(leaves) for rule in _rules(nth, code)),
        "fallbacks": (Fallback(places=("*",), unit="territory", reason="属地兜底"),),
        "triage": model.triage.model_copy(update={"unit": "u0"}),
        "response_plans": (),
        "modes": ModeTerms(),
        "limits": tuple(limit for limit in model.limits if not limit.categories),
    }
    return model.model_copy(update=large)


def _rules(nth: int, category: str) -> tuple[Rule, ...]:
    """What a real table has, for one category: a grid's own rule, each kind of condition, and who answers else."""
    lead, other = f"u{nth % DEPARTMENTS}", f"u{(nth + 7) % DEPARTMENTS}"
    grids = tuple(f"t{nth % TOWNSHIPS}.g{each}" for each in range(nth, nth + 3))
    night = {"opens": time(17, 30), "closes": time(8)}
    conditions: tuple[dict[str, Any], ...] = (
        {"places": grids},
        {"flags": ("f0", "f1"), "supporters": (other, "territory")},
        {"levels": ("I", "II"), "flags": ("f0",), "supporters": (other,)},
        {"days": "workdays", **night},
        {"days": "days_off"},
        {"sources": ("superior_order",), "valid_from": date(2026, 1, 1), "valid_until": date(2027, 12, 31)},
        {"places": (f"t{nth % TOWNSHIPS}",), "unit": "territory"},
        {},
    )
    return tuple(_rule(f"{category}.r{each}", category, lead, more) for each, more in enumerate(conditions))


def _rule(code: str, category: str, lead: str, more: dict[str, Any]) -> Rule:
    return Rule.model_validate({"id": code, "categories": (category,), "unit": lead, "source": SOURCE} | more)


def _grid(township: int, nth: int) -> Grid:
    code = f"t{township}"
    return Grid(code=f"{code}.g{nth}", name=f"第{township}镇{nth}号网格", kind="micro", township=code, sample=True)


def _unit(code: str, **more: Any) -> Unit:
    posts = {post: Post(code=f"{code}.{post}", title=post, contact=f"{post}.{code}@example.invalid") for post in POSTS}
    named = {"code": code, "name": f"单位{code}", "short": f"单位{code}", "kind": "department", "presence": "on_call"}
    return Unit.model_validate(named | posts | more)


def _office(township: int) -> Unit:
    return _unit(f"o{township}", kind="township", territory=f"t{township}")


POSTS = ("liaison", "lead")
