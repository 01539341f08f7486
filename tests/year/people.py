"""Everybody at the centre: each event gives somebody something to do, in office time; some are late or never do it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from deploy.demo.matters import matters_for
from deploy.demo.office import Office
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Done, Envelope
from shared.contracts.catalogue import REQUESTS
from shared.contracts.intake import CaseReceipt
from tests.year.diary import Diary

Facts = Mapping[str, Any]
MINUTE, HOUR, WORKDAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=7)


class People:
    """`hear` only puts things into the diary: nobody acts while an event is being told."""

    def __init__(self, diary: Diary, seed: int) -> None:
        self._diary, self._dice = diary, Random(f"year/{seed}")
        self._pack = diary.centre.pack
        self._office = Office(self._pack)
        self._matters = matters_for(self._pack)
        self._units = [unit.code for unit in self._pack.units if unit.code != self._pack.triage.unit]
        self._windows: dict[str, str | None] = {}
        self._latest: list[str] = []
        self._handled: set[str] = set()
        self._watch, self._watch_taken = 1, False

    # -- how long things take ------------------------------------------------------------------------------------------

    def _soon(self, low: timedelta, high: timedelta) -> datetime:
        """After so much office time."""
        span = low + (high - low) * self._dice.random()
        return self._office.after(self._diary.now, timedelta(seconds=round(span.total_seconds())))

    def _one_in(self, number: float) -> bool:
        return self._dice.random() < 1 / number

    def _do(self, name: str, actor: Actor, **fields: Any) -> Callable[[], Any]:
        return partial(self._ask, name, actor, fields)

    async def _ask(self, name: str, actor: Actor, fields: Facts, answer: type[BaseModel] = Done) -> Any:
        request = REQUESTS[name]
        keyed = {"idempotency_key": uuid4().hex} if "idempotency_key" in request.model_fields else {}
        return await self._diary.ask(request.model_validate({"actor": actor, **keyed, **fields}), request.ANSWER)

    # -- who they are --------------------------------------------------------------------------------------------------

    def _clerk(self, code: str) -> Actor:
        window = self._windows.get(code)
        return Actor(staff=f"clerk.{window}", role=Role.INTAKE_CLERK, window=window)

    @staticmethod
    def _of(unit: str, post: str = "liaison", role: Role = Role.LIAISON_OFFICER) -> Actor:
        return Actor(staff=f"{unit}.{post}", role=role, unit=unit)

    director = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)
    dispatcher = Actor(staff="dispatcher.1", role=Role.DISPATCHER)
    commander = Actor(staff="commander.1", role=Role.COMMANDER)
    grid = Actor(staff="grid.1", role=Role.GRID_WORKER)
    room = Actor(staff="room.1", role=Role.COMMAND_ROOM)
    oversight = Actor(staff="oversight.1", role=Role.OVERSIGHT_OFFICE)

    # -- what they bring -----------------------------------------------------------------------------------------------

    async def bring(self) -> None:
        """A case; now and then the same matter as the one before, or one that gets a summons."""
        dice = self._dice
        window = dice.choice(self._pack.windows).code
        matter = dice.choices(self._matters, [one.weight for one in self._matters])[0]
        level = dice.choices(("IV", "III", "II", "I"), (900, 60, 30, 10))[0]
        known = dice.random() > 0.05
        clerk = Actor(staff=f"clerk.{window}", role=Role.INTAKE_CLERK, window=window)
        fields = {
            "source": dice.choice(("window", "window", "platform_push", "superior_order")),
            "matter": matter.text,
            "category": matter.category if known else None,
            "place": dice.choice(self._pack.places).code,
            "level": level,
            "requester": {"name": "测试甲", "phone": "13800001234"},
            "accept_as": dice.choices(("forward", "self", None), (80, 10, 10))[0],
        }
        receipt = await self._ask("register_case", clerk, fields)
        assert isinstance(receipt, CaseReceipt)
        self._windows[receipt.case_code] = window
        if self._latest and self._one_in(40):
            joins = {"case_code": receipt.case_code, "leader": self._latest[-1], "reason": "同一事项"}
            await self._ask("join_case", clerk, joins)
        if self._one_in(25):
            self._diary.at(self._soon(10 * MINUTE, 2 * HOUR), partial(self._whistle, receipt.case_code))
        self._latest = [*self._latest[-5:], receipt.case_code]

    async def _whistle(self, code: str) -> None:
        called = self._dice.sample(self._units, self._dice.randint(1, 4))
        fields = {"case_code": code, "ground": "urgent", "units": called, "reason": "需联动处置"}
        await self._ask("ask_summons", self.director, fields)

    # -- what they do about what they hear -----------------------------------------------------------------------------

    def hear(self, envelope: Envelope) -> None:
        react = REACTIONS.get(envelope.type)
        if react is not None:
            react(self, envelope.data)

    def registered(self, told: Facts) -> None:
        """Where it was accepted in the same act, this is refused and counted."""
        code = told["case_code"]
        if code in self._handled:
            return
        act = self._do("accept_case", self._clerk_of(told), case_code=code, handling_mode="forward")
        if self._one_in(12):
            reason = {"reason": "court", "legal_channel": "人民法院"}
            act = self._do("decline_case", self._clerk_of(told), case_code=code, **reason)
        self._diary.at(self._soon(2 * MINUTE, 20 * MINUTE), partial(self._if_still_open, code, act))

    def _clerk_of(self, told: Facts) -> Actor:
        return Actor(staff=told["owner"], role=Role.INTAKE_CLERK, window=told["window"])

    async def _if_still_open(self, code: str, act: Callable[[], Any]) -> None:
        if code not in self._handled:
            await act()

    def accepted(self, told: Facts) -> None:
        self._handled.add(told["case_code"])
        if told["handling_mode"] == "self":
            act = self._do(
                "finish_own_case", self._clerk(told["case_code"]), case_code=told["case_code"], result="已办"
            )
            self._diary.at(self._soon(HOUR, 3 * WORKDAY), act)

    def dispatched(self, told: Facts) -> None:
        unit, on = told["unit"], {"work_order_id": told["work_order_id"]}
        if told["role"] == "lead" and not told["designated"] and self._one_in(18):
            ground = {"reason": "not_our_duty", "ground": "三定方案未列此项职责"}
            self._diary.at(self._soon(HOUR, WORKDAY), self._do("return_work_order", self._of(unit), **on, **ground))
            return
        late = WORKDAY if self._one_in(12) else timedelta(0)
        signs = self._soon(MINUTE * 10 + late, 5 * HOUR + late)
        self._diary.at(signs, self._do("sign_off_work_order", self._of(unit), **on))
        if told["role"] == "lead":
            # In the order of these lines they are due; each is office time from the one before.
            self._diary.at(signs, lambda: self._after_signing(told))
        else:
            self._diary.at(signs, lambda: self._reports(told, HOUR, 2 * WORKDAY))

    async def _after_signing(self, told: Facts) -> None:
        unit, on = told["unit"], {"work_order_id": told["work_order_id"]}
        self._diary.at(
            self._soon(HOUR, 8 * HOUR), self._do("contact_requester", self._of(unit), **on, kind="telephone")
        )
        if self._one_in(15):
            more = {"days": self._dice.randint(2, 10), "reason": "需外地取证"}
            self._diary.at(self._soon(HOUR, WORKDAY), self._do("ask_extension", self._of(unit), **on, **more))
        elif self._one_in(25):
            until = self._office.after(self._diary.now, WORKDAY * self._dice.randint(3, 15))
            more = {"until": until, "reason": "等待鉴定结论"}
            self._diary.at(self._soon(HOUR, WORKDAY), self._do("ask_suspension", self._of(unit), **on, **more))
        late = 5 * WORKDAY if self._one_in(8) else timedelta(0)
        await self._reports(told, WORKDAY + late, 4 * WORKDAY + late)

    async def _reports(self, told: Facts, low: timedelta, high: timedelta) -> None:
        self._diary.at(self._soon(low, high), partial(self._report, told))

    async def _report(self, told: Facts) -> None:
        report = {"outcome": "solved", "result": "已处置", "replied_to_requester": True}
        fields = {"work_order_id": told["work_order_id"], **report}
        before = self._diary.refused["report_back: supporters_owe"]
        await self._ask("report_back", self._of(told["unit"], "handler", Role.HANDLER), fields)
        if self._diary.refused["report_back: supporters_owe"] != before:
            await self._reports(told, 2 * HOUR, WORKDAY)

    def returned(self, told: Facts) -> None:
        soon, code = self._soon(2 * MINUTE, HOUR), told["case_code"]
        if told["role"] == "support":
            on = {"work_order_id": told["work_order_id"], "reason": "职责已明确"}
            self._diary.at(soon, self._do("release_supporter", self.director, **on))
        elif told["goes_to"] == "duty_director":
            ruling = {"case_code": code, "unit": self._dice.choice(self._units), "ground": "三定方案第四条"}
            self._diary.at(soon, self._do("designate_unit", self.director, **ruling))
        else:
            sends = {"case_code": code, "unit": self._dice.choice(self._units), "reason": "按职责改派"}
            self._diary.at(soon, self._do("redispatch_case", self.dispatcher, **sends))

    def routed(self, told: Facts) -> None:
        """What no rule could place waits for a person."""
        if told["by"] == "triage":
            sends = {"case_code": told["case_code"], "unit": self._dice.choice(self._units), "reason": "按职责分派"}
            self._diary.at(self._soon(2 * MINUTE, 25 * MINUTE), self._do("redispatch_case", self.dispatcher, **sends))

    def deferral_asked(self, told: Facts) -> None:
        decides = {"deferral_id": told["deferral_id"], "approve": not self._one_in(6), "reason": "按规定"}
        self._diary.at(self._soon(10 * MINUTE, 5 * HOUR), self._do("decide_deferral", self.director, **decides))

    def resumed(self, told: Facts) -> None:
        self._diary.at(self._soon(HOUR, 2 * WORKDAY), partial(self._report, told))

    def to_verify(self, told: Facts) -> None:
        outcome = self._dice.choices(("solved", "not_solved", "partly", "not_found"), (88, 5, 4, 3))[0]
        found = {"verification_id": told["verification_id"], "outcome": outcome}
        late = 3 * WORKDAY if self._one_in(15) else timedelta(0)
        act = self._do("record_verification", self.grid, **found)
        self._diary.at(self._soon(2 * HOUR + late, 12 * HOUR + late), act)

    def verified(self, told: Facts) -> None:
        if told["goes_to"] == "dispatcher":
            hint = {"verification_id": told["verification_id"], "hint": "从村口向东二百米"}
            self._diary.at(self._soon(HOUR, WORKDAY), self._do("send_verification_again", self.dispatcher, **hint))
        elif told["goes_to"] == "first_receiver":
            self.to_follow_up(told)

    def reopened(self, told: Facts) -> None:
        self._diary.at(self._soon(2 * HOUR, 2 * WORKDAY), partial(self._report, told))

    def to_follow_up(self, told: Facts, *, after: timedelta = HOUR) -> None:
        late = 3 * WORKDAY if self._one_in(20) else timedelta(0)
        self._diary.at(self._soon(after + late, 2 * WORKDAY + late), partial(self._follow_up, told["case_code"]))

    async def _follow_up(self, code: str) -> None:
        clerk = Actor(staff=f"asks.{self._windows[code]}", role=Role.INTAKE_CLERK, window=self._windows[code])
        asked: dict[str, Any] = {"case_code": code, "kind": "visit"}
        if self._one_in(8):
            await self._ask("follow_up_case", clerk, {**asked, "contacted": False, "missed": "no_answer"})
            return
        mood = self._dice.choices(("satisfied", "basically", "dissatisfied"), (75, 15, 10))[0]
        cause = {"cause": self._dice.choice(("unit", "lawful_result"))} if mood == "dissatisfied" else {}
        reached = {"contacted": True, "solved": mood != "dissatisfied", "satisfaction": mood, "responded": True}
        await self._ask("follow_up_case", clerk, {**asked, **reached, **cause})

    def followed_up(self, told: Facts) -> None:
        code, soon = told["case_code"], self._soon(10 * MINUTE, WORKDAY)
        clerk = self._clerk(code)
        if told["leads_to"] == "followed_up":
            self._diary.at(soon, self._do("close_case", clerk, case_code=code))
        elif told["leads_to"] == "to_explain":
            words = {"case_code": code, "explanation": "依法处理完毕", "given_by": "visit"}
            self._diary.at(soon, self._do("explain_case", clerk, **words))
        elif told["leads_to"] is None and told["attempt"] >= 3:
            self._diary.at(soon, self._do("close_case", clerk, case_code=code))
        elif told["leads_to"] is None:
            self.to_follow_up(told, after=WORKDAY)

    def explained(self, told: Facts) -> None:
        close = self._do("close_case", self._clerk(told["case_code"]), case_code=told["case_code"])
        self._diary.at(self._soon(HOUR, WORKDAY), close)

    def raised(self, told: Facts) -> None:
        act = self._do("take_up_raised", self.director, case_code=told["case_code"])
        self._diary.at(self._soon(HOUR, 2 * WORKDAY), act)

    # -- the whistle ---------------------------------------------------------------------------------------------------

    def summons_asked(self, told: Facts) -> None:
        by = {"summons_id": told["summons_id"]}
        act = self._do("approve_summons", self.commander, **by)
        if self._one_in(15):
            act = self._do("refuse_summons", self.commander, **by, reason="暂不需要")
        self._diary.at(self._diary.now + timedelta(minutes=self._dice.randint(1, 6)), act)

    def unit_called(self, told: Facts) -> None:
        """Some acknowledge and come in time, some late, one in fifteen never does anything."""
        if self._one_in(15):
            return
        now, on, unit = self._diary.now, {"summons_id": told["summons_id"]}, told["unit"]
        comes = timedelta(seconds=self._dice.randint(6 * 60, 24 * 60))
        hears = timedelta(seconds=self._dice.randint(30, 300))
        self._diary.at(now + hears, self._do("acknowledge_summons", self._of(unit), **on))
        self._diary.at(now + comes, self._do("check_in_arrival", self.room, **on, unit=unit))

    # -- the centre ----------------------------------------------------------------------------------------------------

    async def hands_the_watch_over(self) -> None:
        """Mondays, in turns of two directors. The first watch of a centre is taken."""
        on_watch = Actor(staff=f"director.{self._watch}", role=Role.DUTY_DIRECTOR)
        if not self._watch_taken:
            self._watch_taken = True
            await self._ask("accept_handover", on_watch, {})
            return
        self._watch = 3 - self._watch
        incoming = Actor(staff=f"director.{self._watch}", role=Role.DUTY_DIRECTOR)
        offered = await self._ask("offer_handover", on_watch, {"incoming": incoming.staff, "note": "详见在办清单"})
        if offered is not None:
            await self._ask("accept_handover", incoming, {"handover_id": offered.handover_id})

    async def switches(self, level: str, lasts: timedelta) -> None:
        ends = self._diary.now + lasts
        await self._ask("switch_mode", self.commander, {"level": level, "reason": "台风防御", "expected_end": ends})

    async def prolongs(self, lasts: timedelta) -> None:
        fields = {"expected_end": self._diary.now + lasts, "reason": "险情未解除"}
        await self._ask("prolong_surge", self.commander, fields)

    async def ends_the_surge(self) -> None:
        await self._ask("end_surge", self.commander, {"reason": "险情解除"})

    # -- accountability ------------------------------------------------------------------------------------------------

    def overdue(self, told: Facts) -> None:
        if told["owes"] in self._units and self._one_in(10):
            appeal = {"clock": told["clock"], "reason": REASONS[0], "words": "因不可抗力"}
            lead = self._of(told["owes"], "lead", Role.UNIT_LEAD)
            self._diary.at(self._soon(HOUR, 3 * WORKDAY), self._do("make_appeal", lead, **appeal))

    def appealed(self, told: Facts) -> None:
        says = {"appeal_id": told["appeal_id"], "support": not self._one_in(3), "words": "情况属实"}
        self._diary.at(self._soon(HOUR, WORKDAY), self._do("propose_on_appeal", self.director, **says))

    def proposed(self, told: Facts) -> None:
        says = {"appeal_id": told["appeal_id"], "grant": told["advice"] == "support", "words": "同意"}
        self._diary.at(self._soon(HOUR, WORKDAY), self._do("decide_appeal", self.commander, **says))

    def supervised(self, told: Facts) -> None:
        if not self._one_in(5):
            lead, by = self._of(told["unit"], "lead", Role.UNIT_LEAD), {"order_id": told["order_id"]}
            self._diary.at(self._soon(HOUR, 4 * WORKDAY), self._do("answer_supervision", lead, **by, answer="正在整改"))

    def supervision_answered(self, told: Facts) -> None:
        judge = self.commander if told["judge"] == "commander" else self.director
        outcome = self._dice.choices(("accepted", "improved", "not_accepted"), (70, 15, 15))[0]
        says = {"order_id": told["order_id"], "outcome": outcome, "words": "已核"}
        self._diary.at(self._soon(HOUR, WORKDAY), self._do("judge_supervision", judge, **says))

    def referral_proposed(self, told: Facts) -> None:
        says = {"referral_id": told["referral_id"], "refer": not self._one_in(3), "reason": "达到问责线"}
        self._diary.at(self._soon(WORKDAY, 12 * WORKDAY), self._do("decide_referral", self.commander, **says))

    def referral_decided(self, told: Facts) -> None:
        if told["referred"]:
            says = {"referral_id": told["referral_id"], "result": RESULTS[0], "words": "已约谈"}
            self._diary.at(self._soon(WORKDAY, 5 * WORKDAY), self._do("answer_referral", self.oversight, **says))

    def referral_answered(self, told: Facts) -> None:
        by = {"referral_id": told["referral_id"]}
        self._diary.at(self._soon(HOUR, 2 * WORKDAY), self._do("close_referral", self.commander, **by))


def _first_of(request: str, field: str) -> list[str]:
    return [str(one.value) for one in REQUESTS[request].model_fields[field].annotation]  # type: ignore[union-attr]


REASONS, RESULTS = _first_of("make_appeal", "reason"), _first_of("answer_referral", "result")
REACTIONS: Mapping[str, Callable[[People, Facts], None]] = {
    "intake.case.registered": People.registered,
    "intake.case.accepted": People.accepted,
    "intake.case.handled": People.to_follow_up,
    "intake.case.leader_solved": People.to_follow_up,
    "intake.case.followed_up": People.followed_up,
    "intake.case.explained": People.explained,
    "intake.case.raised": People.raised,
    "dispatch.case.routed": People.routed,
    "dispatch.work_order.dispatched": People.dispatched,
    "dispatch.work_order.returned": People.returned,
    "dispatch.work_order.reopened": People.reopened,
    "dispatch.deferral.asked": People.deferral_asked,
    "dispatch.deferral.resumed": People.resumed,
    "dispatch.summons.asked": People.summons_asked,
    "dispatch.summons.unit_called": People.unit_called,
    "escalation.clock.overdue": People.overdue,
    "escalation.verification.assigned": People.to_verify,
    "escalation.verification.recorded": People.verified,
    "escalation.appeal.made": People.appealed,
    "escalation.appeal.proposed": People.proposed,
    "escalation.supervision.issued": People.supervised,
    "escalation.supervision.sent_back": People.supervised,
    "escalation.supervision.answered": People.supervision_answered,
    "escalation.referral.proposed": People.referral_proposed,
    "escalation.referral.decided": People.referral_decided,
    "escalation.referral.answered": People.referral_answered,
}
