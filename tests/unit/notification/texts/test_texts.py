"""What is said: the whistle, its ladder, time limits, more time, duty; and several texts as one."""

from datetime import timedelta
from typing import Any

import pytest

from services.notification.channels.base import Rendered
from services.notification.policy.facts import NoticeKind
from services.notification.texts import bundle, render
from tests.unit.notification.texts.given import CODE, NOW, facts, pack

LINKS = (("acknowledge", "http://c/1"), ("on_the_way", "http://c/2"), ("cannot_come", "http://c/3"))


def said(kind: NoticeKind, **more: Any) -> Rendered:
    return render(facts(kind, **more), pack(), now=NOW)


def test_the_whistle_names_centre_time_minutes_left_case_category_and_place() -> None:
    text = render(facts(), pack(), now=NOW, answers=LINKS, link="http://c/case")
    assert text.subject == "吹哨：请资规建交局于09:20前到指挥室"
    for part in ("泉州台商投资区社会治理中心", "11月23日 09:20", "还有19分钟", CODE, pack().grids[0].name):
        assert part in text.body, part
    assert pack().leaf_categories[0].name in text.body
    assert text.links == (("收到", "http://c/1"), ("已出发", "http://c/2"), ("不能到场", "http://c/3"))
    assert text.link == "http://c/case"


def test_the_whistle_in_english() -> None:
    text = render(facts(), pack(), now=NOW, tongue="en", answers=LINKS)
    assert text.subject == "Summons: 资规建交局 by 09:20"
    assert "by 2026-11-23 09:20 (19 min left)" in text.body
    assert [label for label, _ in text.links] == ["Received", "On the way", "Cannot come"]


def test_a_drill_says_so_before_anything_else() -> None:
    drill = facts(drill=True, case_code="drill", category=None, place=None)
    text, english = render(drill, pack(), now=NOW), render(drill, pack(), now=NOW, tongue="en")
    assert text.subject.startswith("【演练】")
    assert text.body.startswith("【演练】")
    assert english.subject.startswith("[DRILL] ")
    assert english.body.startswith("[DRILL] ")
    assert "【演练】" not in said("summons").subject


@pytest.mark.parametrize("kind", ["summons", "cannot_come", "stood_down"])
def test_a_drill_brings_nobody_into_the_room(kind: NoticeKind) -> None:
    drill = facts(kind, drill=True, case_code="drill", category=None, place=None)
    assert "不必实际到场" in render(drill, pack(), now=NOW).body
    assert "nobody has to come" in render(drill, pack(), now=NOW, tongue="en").body
    assert "不必实际到场" not in said(kind).body


def test_the_whistle_is_silent_about_what_is_not_known_instead_of_calling_it_undecided() -> None:
    text = render(facts(place=None), pack(), now=NOW)
    assert f"案件 {CODE}，类别：{pack().leaf_categories[0].name}。" in text.body
    assert "未定" not in text.body
    assert "place" not in render(facts(place=None), pack(), now=NOW, tongue="en").body


@pytest.mark.parametrize(
    ("more", "subject"),
    [
        ({"post": "unit_lead"}, "吹哨：请资规建交局于09:20前到指挥室"),
        ({"action": "remind"}, "提醒：请资规建交局于09:20前到指挥室"),
        ({"due_at": NOW - timedelta(minutes=3)}, "吹哨超时：请资规建交局尽快到指挥室"),
        ({"post": "duty_director"}, "吹哨：资规建交局尚未应答"),
        ({"post": "commander", "action": "overdue"}, "吹哨超时：资规建交局未到场"),
        ({"post": "duty_director", "action": "end"}, "吹哨结束：资规建交局记为未到场"),
    ],
)
def test_every_rung_of_the_arrival_ladder(more: dict[str, Any], subject: str) -> None:
    assert said("summons", **more).subject == subject


def test_a_unit_that_cannot_come_is_asked_for_somebody_else_and_not_called_silent() -> None:
    for post in ("liaison_officer", "unit_lead"):
        text = said("summons", why="cannot_come", post=post)
        assert text.subject == "吹哨：请资规建交局另派人员于09:20前到指挥室"
        assert "已告知不能到场" in text.body
    assert said("summons", why="cannot_come", post="duty_director").subject == "吹哨：资规建交局告知不能到场"
    assert said("summons", why="cannot_come", post="commander", action="overdue").subject.startswith("吹哨超时")
    for post in ("liaison_officer", "unit_lead", "duty_director"):
        assert "尚未应答" not in said("summons", why="cannot_come", post=post).body


def test_why_it_rings_again() -> None:
    assert said("summons", why="rung_again").body.startswith("再次提醒。")
    assert said("summons", why="nobody_reached", post="unit_lead").body.startswith(
        "此前应通知的岗位均未联系上，现通知您。"
    )


@pytest.mark.parametrize(
    ("kind", "more", "subject"),
    [
        ("clock", {}, f"提醒：{CODE} 反馈（资规建交局）"),
        ("clock", {"action": "remind"}, f"催办：{CODE} 反馈（资规建交局）"),
        ("clock", {"action": "overdue"}, f"超时：{CODE} 反馈（资规建交局）"),
        ("clock", {"stage": "accept", "unit": None}, f"提醒：{CODE} 受理（首接窗口）"),
        ("cannot_come", {"post": "duty_director"}, "吹哨：资规建交局告知不能到场"),
        ("work_order", {}, f"新工单：{CODE}（资规建交局协办）"),
        ("work_order", {"role": "lead"}, f"新工单：{CODE}（资规建交局主办）"),
        ("designated", {}, f"指定工单：{CODE}（资规建交局）"),
        ("extended", {}, f"延期已批：{CODE}（资规建交局）"),
        ("extended", {"post": "clerk.letters"}, f"延期已批：{CODE}，请告知来访人"),
        ("suspended", {"post": "clerk.letters"}, f"挂账已批：{CODE}，请告知来访人"),
        ("duty_gap", {}, "值班空缺：轮值主任 11月30日 09:01起"),
        ("handover", {}, "请接班：在办12件，吹哨1起"),
    ],
)
def test_what_each_notice_is_about(kind: NoticeKind, more: dict[str, Any], subject: str) -> None:
    assert said(kind, **more).subject == subject


def test_who_hands_over_is_named_by_the_post_s_title() -> None:
    assert said("handover").body.startswith("公安分局联络员提出交接")
    assert said("handover", outgoing="duty_director").body.startswith("轮值主任提出交接")
    assert said("handover", outgoing="director-2").body.startswith("director-2提出交接")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=19, seconds=59), "还有19分钟"),
        (timedelta(seconds=5), "还有0分钟"),
        (timedelta(minutes=-3), "已超时3分钟"),
        (timedelta(hours=2, minutes=5), "还有2小时5分钟"),
        (timedelta(days=-1, hours=-3), "已超时1天3小时"),
    ],
)
def test_how_much_time_is_left(span: timedelta, words: str) -> None:
    assert words in said("clock", due_at=NOW + span).body


def test_several_texts_become_one_numbered_list_with_their_own_links() -> None:
    texts = [
        Rendered("甲", "正文甲", link="http://c/a"),
        Rendered("乙", "正文乙", links=(("收到", "http://c/b1"),)),
    ]
    one = bundle(texts)
    assert one.subject == "2件事项待处理"
    assert one.body == "1. 甲\n正文甲\n\n2. 乙\n正文乙"
    assert one.links == (("1. 甲", "http://c/a"), ("2. 收到", "http://c/b1"))
    assert bundle(texts, tongue="en").subject == "2 matters for you"
    assert bundle(texts[:1]) is texts[0]


def test_a_list_is_a_drill_only_where_all_of_it_is() -> None:
    real, drill = said("work_order"), said("summons", drill=True)
    assert bundle([drill, drill]).subject == "【演练】2件事项待处理"
    assert bundle([drill, real]).subject == "2件事项待处理"
