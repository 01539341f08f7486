"""Figures as tables: each number with the address of its list, the same cells for the page and for a file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from services.console.policy.figures.rates import Promises, Rate, all_follow_ups, all_promises
from services.console.queries.figures import Figures, OfUnit
from services.console.web.board_lines import leaf_of, short_of
from services.console.web.figure_filters import Filters
from services.console.web.sheets import Sheet, Value
from shared.centre.pack import CentrePack
from shared.contracts.escalation import Stage
from shared.story import Story

LIST = "/figures/list"
STAGES_SHOWN: tuple[Stage, ...] = (
    *("accept", "dispatch", "sign_off", "contact", "handle", "report_back", "verify", "follow_up", "arrival"),
    *("deferral", "supervision"),
)
LOW_PERCENT = 90.0
"""Below it a rate stands out."""

Word = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` is what a file gets, `shown` what the page says; `tone`: late or low, to stand out."""

    value: Value
    shown: str
    href: str | None = None
    small: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`head` and each row begin with what the row is about. `inner`: how deep a row stands in the one above it."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    inner: tuple[int, ...] = ()

    def sheet(self, notes: tuple[str, ...]) -> Sheet:
        return Sheet(self.name, self.head, tuple(tuple(cell.value for cell in row) for row in self.rows), notes)


class Tables:
    """`word`: code and table to a word in the reader's language."""

    def __init__(self, figures: Figures, filters: Filters, pack: CentrePack, word: Word) -> None:
        self._figures, self._filters, self._pack, self._word = figures, filters, pack, word
        self._story = Story(pack)

    def named(self, name: str) -> Table:
        """KeyError for a table there is none of."""
        made: Mapping[str, Callable[[], Table]] = {
            "units": self.units,
            "stages": self.stages,
            "categories": self.categories,
            "places": self.places,
            "trend": self.trend,
        }
        return made[name]()

    # -- sums ----------------------------------------------------------------------------------------------------------

    def units_with(self, stage: str) -> set[str]:
        """Whoever owed such a thing, drills apart."""
        return {unit for one, unit, drill in self._figures.promises if one == stage and not drill and unit}

    def kept(self, stage: str, unit: str | None = None, *, drill: bool = False) -> Promises:
        """Of one unit, or of all of them."""
        return all_promises(
            each
            for (one, whose, of_drill), each in self._figures.promises.items()
            if one == stage and of_drill is drill and unit in {None, whose}
        )

    def kept_by(self, unit: str) -> Promises:
        """All that a unit owed, drills apart."""
        return all_promises(
            each for (_, whose, drill), each in self._figures.promises.items() if whose == unit and not drill
        )

    def open_now(self, *, unit: str | None = None, lamp: str | None = None, stage: str | None = None) -> int:
        return sum(
            number
            for (at, light, whose), number in self._figures.open_now.items()
            if unit in {None, whose} and lamp in {None, light} and stage in {None, at}
        )

    def of_all(self) -> OfUnit:
        every = self._figures.units.values()
        return OfUnit(
            all_follow_ups(one.follow_ups for one in every),
            sum(one.returned for one in every),
            sum(one.reopened for one in every),
        )

    # -- cells ---------------------------------------------------------------------------------------------------------

    def address(self, of: str, *, unit: str | None = None, **more: str | None) -> str:
        fields = {**({"unit": unit} if unit is not None else {}), **more}
        return self._filters.address(LIST, of=of, **fields)

    def number(self, value: int, of: str, *, tone: str = "", unit: str | None = None, **more: str | None) -> Cell:
        """Nought has no list: there is nothing in it."""
        if value == 0:
            return Cell(0, "0", tone="zero")
        return Cell(value, f"{value:,}", self.address(of, unit=unit, **more), tone=tone)

    def rate(self, rate: Rate, nothing: str, of: str, *, unit: str | None = None, **more: str | None) -> Cell:
        percent = rate.percent
        if percent is None:
            word = self._word(nothing, "FIGURE_NOTHING")
            return Cell(word, word, tone="nothing")
        tone = "low" if percent < LOW_PERCENT else ""
        small = f"{rate.good:g}/{rate.of}"
        return Cell(percent, f"{percent:g}%", self.address(of, unit=unit, **more), small, tone)

    def head(self, *names: str) -> tuple[str, ...]:
        return tuple(self._word(name, "FIGURE_HEADS") for name in names)

    def table(
        self, name: str, head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], inner: Iterable[int] = ()
    ) -> Table:
        return Table(self._word(name, "FIGURE_TABLES"), head, tuple(rows), tuple(inner))

    # -- tables --------------------------------------------------------------------------------------------------------

    def units(self) -> Table:
        """Every unit of the pack, whoever failed most first; those with nothing at all stand last and say so."""
        head = self.head(
            *("unit", "open", "open_late", "sent", "sign_off", "due", "completion", "late", "exempt"),
            *("arrival", "drill", "returned", "reopened", "response", "resolution", "satisfaction"),
        )
        chosen = [one.code for one in self._pack.units if self._filters.unit in {None, one.code}]
        order = {code: number for number, code in enumerate(chosen)}
        failed = {code: self.kept_by(code).late for code in chosen}
        busy = {code: self._is_busy(code) for code in chosen}
        chosen.sort(key=lambda code: (not busy[code], -failed[code], order[code]))
        return self.table("units", head, (self._unit(code) for code in chosen))

    def _is_busy(self, unit: str) -> bool:
        return (
            unit in self._figures.units
            or any(whose == unit for _, whose, _ in self._figures.promises)
            or self.open_now(unit=unit) > 0
        )

    def _unit(self, unit: str) -> tuple[Cell, ...]:
        acts = self._figures.units.get(unit, OfUnit())
        signed, done, came = self.kept("sign_off", unit), self.kept("report_back", unit), self.kept("arrival", unit)
        trained, asked = self.kept("arrival", unit, drill=True), acts.follow_ups
        name = short_of(self._pack, unit)
        whole = self.kept_by(unit)
        return (
            Cell(self._story.unit(unit), name, self.address("open", unit=unit) if self.open_now(unit=unit) else None),
            self.number(self.open_now(unit=unit), "open", unit=unit),
            self.number(self.open_now(unit=unit, lamp="late"), "open", unit=unit, lamp="late", tone="late"),
            self.number(signed.all, "promise", unit=unit, stage="sign_off"),
            self.rate(signed.rate, "due", "promise", unit=unit, stage="sign_off", verdict="due"),
            self.number(done.due, "promise", unit=unit, stage="report_back", verdict="due"),
            self.rate(done.rate, "due", "promise", unit=unit, stage="report_back", verdict="due"),
            self.number(whole.late, "promise", unit=unit, verdict="late", tone="late"),
            self.number(whole.exempt, "promise", unit=unit, verdict="exempt"),
            self.rate(came.rate, "summoned", "promise", unit=unit, stage="arrival", verdict="due"),
            self.rate(trained.rate, "summoned", "promise", unit=unit, stage="arrival", verdict="due", drill="yes"),
            self.number(acts.returned, "returned", unit=unit),
            self.number(acts.reopened, "reopened", unit=unit),
            self.rate(asked.response, "asked", "follow_up", unit=unit, outcome="valid"),
            self.rate(asked.resolution, "asked", "follow_up", unit=unit, outcome="valid"),
            self.rate(asked.satisfaction, "asked", "follow_up", unit=unit, outcome="valid"),
        )

    def stages(self) -> Table:
        head = self.head("stage", "due", "in_time", "late", "exempt", "not_due", "rate")
        return self.table("stages", head, (self._stage(stage) for stage in STAGES_SHOWN))

    def _stage(self, stage: Stage) -> tuple[Cell, ...]:
        kept = self.kept(stage)
        name = self._word(stage, "STAGES")
        return (
            Cell(name, name),
            self.number(kept.due, "promise", stage=stage, verdict="due"),
            self.number(kept.in_time, "promise", stage=stage, verdict="in_time"),
            self.number(kept.late, "promise", stage=stage, verdict="late", tone="late"),
            self.number(kept.exempt, "promise", stage=stage, verdict="exempt"),
            self.number(kept.open, "promise", stage=stage, verdict="open"),
            self.rate(kept.rate, "due", "promise", stage=stage, verdict="due"),
        )

    def categories(self) -> Table:
        """Root categories with what is below them; the rows below a root are its own parts."""
        counts = self._figures.by_category
        roots: dict[str | None, dict[str | None, int]] = {}
        for code, number in counts.items():
            chain = self._pack.category_chain(code) if code else ()
            roots.setdefault(chain[-1] if chain else None, {})[code] = number
        rows, inner = list[tuple[Cell, ...]](), list[int]()
        for root, parts in sorted(roots.items(), key=lambda pair: -sum(pair[1].values())):
            rows.append(self._part("category", root, self._category(root), sum(parts.values())))
            inner.append(0)
            for code, number in sorted(parts.items(), key=lambda pair: -pair[1]):
                if code != root:
                    rows.append(self._part("category", code, self._category(code), number))
                    inner.append(1)
        return self.table(
            "categories", (*self.head("category", "received"), self._word("share", "FIGURE_OTHERS")), rows, inner
        )

    def places(self) -> Table:
        """Townships with their grids; what lies in a township and in no grid is told in the township's row only."""
        counts = self._figures.by_place
        towns: dict[str | None, dict[str | None, int]] = {one.code: {} for one in self._pack.townships}
        if self._filters.township is not None:
            towns = {}
        for code, number in counts.items():
            place = self._pack.place(code) if code else None
            towns.setdefault(place.chain[-1] if place else None, {})[code] = number
        rows, inner = list[tuple[Cell, ...]](), list[int]()
        for town, grids in sorted(towns.items(), key=lambda pair: -sum(pair[1].values())):
            rows.append(self._part("township", town, self._place(town), sum(grids.values())))
            inner.append(0)
            for code, number in sorted(grids.items(), key=lambda pair: -pair[1]):
                if code != town:
                    rows.append(self._part("township", code, self._place(code), number))
                    inner.append(1)
        return self.table(
            "places", (*self.head("township", "received"), self._word("share", "FIGURE_OTHERS")), rows, inner
        )

    def _part(self, filtered: str, code: str | None, name: str, number: int) -> tuple[Cell, ...]:
        whole = self._figures.received
        share = round(100 * number / whole, 1) if whole else 0.0
        known = {filtered: code} if code is not None else {}
        listed = self._filters.address(LIST, **{"of": "received", **known}) if number and code is not None else None
        return (Cell(name, name), Cell(number, f"{number:,}", listed), Cell(share, f"{share:g}%"))

    def _category(self, code: str | None) -> str:
        return leaf_of(self._pack, code, self._story) if code else self._word("no_category", "FIGURE_OTHERS")

    def _place(self, code: str | None) -> str:
        return self._story.place(code) if code else self._word("no_place", "FIGURE_OTHERS")

    def trend(self) -> Table:
        figures = self._figures
        rows: list[tuple[Cell, ...]] = []
        lens_steps = sorted({*figures.received_by_step, *figures.closed_by_step, *figures.overdue_by_step})
        for day in lens_steps:
            counts = (figures.received_by_step, figures.closed_by_step, figures.overdue_by_step)
            numbers = [by_step.get(day, 0) for by_step in counts]
            rows.append((Cell(day.isoformat(), day.isoformat()), *(Cell(one, f"{one:,}") for one in numbers)))
        return self.table("trend", self.head("step", "received", "closed", "overdue"), rows)
