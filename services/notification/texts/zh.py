"""中文文本。"""

from collections.abc import Mapping
from datetime import timedelta

from services.notification.texts.language import Language
from services.notification.texts.template import Template

TEXTS: Mapping[str, Template] = {
    # 吹哨报到：给部门
    "summons.called": Template(
        "吹哨：请{who}于{due_time}前到指挥室",
        "{prelude}{centre}吹哨：请{who}于{due}前到指挥室报到（{left}）。\n"
        "{about}\n请立即应答：收到、已出发，或不能到场。",
    ),
    "summons.lead": Template(
        "吹哨：请{who}于{due_time}前到指挥室",
        "{prelude}{centre}吹哨，{who}尚未应答。请督促本单位于{due}前到指挥室报到（{left}）。\n"
        "{about}\n请立即应答：收到、已出发，或不能到场。",
    ),
    "summons.another": Template(
        "吹哨：请{who}另派人员于{due_time}前到指挥室",
        "{centre}吹哨：{who}已告知不能到场。请另派人员于{due}前到指挥室报到（{left}）。\n"
        "{about}\n请立即应答：收到、已出发，或不能到场。",
    ),
    "summons.remind": Template(
        "提醒：请{who}于{due_time}前到指挥室",
        "{prelude}{centre}吹哨：{who}尚未到场，请于{due}前到指挥室报到（{left}）。\n{about}",
    ),
    "summons.late": Template(
        "吹哨超时：请{who}尽快到指挥室",
        "{prelude}{centre}吹哨：{who}应于{due}前到场，{left}，请尽快到指挥室报到。\n{about}",
    ),
    # 吹哨报到：给中心
    "summons.centre": Template(
        "吹哨：{who}尚未应答",
        "{prelude}{who}被吹哨，应于{due}前到指挥室（{left}），尚未应答或到场。\n{about}",
    ),
    "summons.overdue": Template(
        "吹哨超时：{who}未到场",
        "{prelude}{who}应于{due}前到指挥室报到，{left}，仍未到场，已记录。\n{about}",
    ),
    "summons.end": Template(
        "吹哨结束：{who}记为未到场",
        "{prelude}{who}应于{due}前到指挥室报到，至吹哨结束未到场，已记录。\n{about}",
    ),
    "cannot_come": Template(
        "吹哨：{who}告知不能到场",
        "{who}告知不能到指挥室报到，事由见程序内记录。请另行安排。\n{about}",
    ),
    "stood_down": Template(
        "吹哨撤销：{who}无需到场",
        "{centre}的吹哨已撤销，{who}无需到指挥室。\n{about}",
    ),
    # 时限
    "clock": Template(
        "提醒：{code} {stage}（{who}）",
        "{prelude}案件 {code} 的{stage}由{who}负责，时限 {due}（{left}）。请及时办理。",
    ),
    "clock.remind": Template(
        "催办：{code} {stage}（{who}）",
        "{prelude}案件 {code} 的{stage}由{who}负责，时限 {due}，{left}。请督促办理。",
    ),
    "clock.overdue": Template(
        "超时：{code} {stage}（{who}）",
        "{prelude}案件 {code} 的{stage}已超过时限 {due}（{left}），由{who}负责。请立即办理，超时已记录。",
    ),
    "clock.end": Template(
        "催办结束：{code} {stage}（{who}）",
        "{prelude}案件 {code} 的{stage}由{who}负责，时限 {due}，至催办结束仍未办理，已记录。",
    ),
    # 工单
    "work_order": Template(
        "新工单：{code}（{who}{part}）",
        "{centre}派发工单：案件 {code}，类别：{category}，地点：{place}，{level}级。{who}为{part}单位，请及时签收。",
    ),
    "designated": Template(
        "指定工单：{code}（{who}）",
        "轮值主任已指定{who}承办案件 {code}，不得再退。类别：{category}，地点：{place}。请及时签收。",
    ),
    "reopened": Template(
        "重办：{code}（{who}）",
        "案件 {code} 退回{who}重办，原因：{cause}。类别：{category}，地点：{place}，{level}级。\n"
        "时限缩短，请尽快办理并反馈。",
    ),
    # 延期与挂账
    "extension_asked": Template(
        "延期待批：{code}（{who}）", "{who}就案件 {code} 申请延期，原时限 {due}。请在到期前审批。"
    ),
    "suspension_asked": Template(
        "挂账待批：{code}（{who}）", "{who}就案件 {code} 申请挂账，原时限 {due}。请在到期前审批。"
    ),
    "extended": Template("延期已批：{code}（{who}）", "案件 {code} 准予延期，时限由 {due} 延至 {ends}。"),
    "extended.window": Template(
        "延期已批：{code}，请告知来访人",
        "案件 {code}（{who}承办）准予延期，时限由 {due} 延至 {ends}。请首接窗口告知来访人新的时限。",
    ),
    "suspended": Template("挂账已批：{code}（{who}）", "案件 {code} 准予挂账至 {ends}，其间不计时。"),
    "suspended.window": Template(
        "挂账已批：{code}，请告知来访人",
        "案件 {code}（{who}承办）准予挂账至 {ends}。请首接窗口告知来访人。",
    ),
    "resumed": Template("挂账结束：{code}（{who}）", "案件 {code} 挂账结束，恢复计时，时限 {due}。"),
    "resumed.window": Template(
        "挂账结束：{code}，请告知来访人",
        "案件 {code}（{who}承办）挂账结束，恢复计时，时限 {due}。请首接窗口告知来访人。",
    ),
    "deferral_refused": Template("申请未批：{code}（{who}）", "案件 {code} 的延期或挂账申请未获批准，时限仍为 {due}。"),
    "deferral_refused.window": Template(
        "申请未批：{code}", "案件 {code}（{who}承办）的延期或挂账申请未获批准，时限仍为 {due}。"
    ),
    # 督办
    "supervision": Template(
        "{order}：{code}（{who}）",
        "{centre}就案件 {code} 向{who}发出{order}，请于 {due} 前回复（{left}）。督办要求见程序内。",
    ),
    "supervision_again": Template(
        "重新回复{order}：{code}（{who}）",
        "{who}就案件 {code} {order}的回复未通过，请于 {due} 前重新回复（{left}）。审核意见见程序内。",
    ),
    "supervision_answered": Template("请审核：{code} {order}（{who}）", "{who}已回复案件 {code} 的{order}，请审核。"),
    # 超时申诉
    "appeal_made": Template(
        "申诉待提意见：{code}（{who}）", "{who}就案件 {code} 的{stage}超时提出申诉，请提出意见后报指挥长决定。"
    ),
    "appeal_proposed": Template(
        "申诉待决定：{code}（{who}）", "{who}就案件 {code} 的{stage}超时提出申诉，轮值主任已提出意见，请决定。"
    ),
    "appeal_granted": Template(
        "申诉成立：{code}（{who}）", "{who}就案件 {code} 的{stage}超时提出的申诉成立，不计入考核；超时记录保留。"
    ),
    "appeal_refused": Template("申诉不成立：{code}（{who}）", "{who}就案件 {code} 的{stage}超时提出的申诉不成立。"),
    # 问责移送
    "referral_proposed": Template(
        "移送待决定：{code}（{who}）",
        "案件 {code}：{who}（{cause}）已到问责线，建议移送效能办。是否移送请指挥长决定，证据见程序内。",
    ),
    "referred": Template(
        "问责移送：{code}（{who}）", "{centre}就案件 {code} 移送{who}的问责事项（{cause}），证据见程序内。请反馈结果。"
    ),
    # 值班
    "duty_gap": Template(
        "值班空缺：{duty} {starts}起",
        "{duty}（{who}）自 {starts} 至 {ends} 无人值班。请及时排班。",
    ),
    "handover": Template(
        "请接班：在办{open_cases}件，吹哨{summonses}起",
        "{outgoing}提出交接：在办案件 {open_cases} 件，进行中的吹哨 {summonses} 起。交接说明见程序内。请确认接班。",
    ),
    # 平战转换
    "surge_begun": Template(
        "{mode}：预计至 {ends}",
        "{centre}由{mode_before}转为{mode}，预计 {ends} 结束。从此刻起的事项按战时时限办理，值班以战时排班为准。",
    ),
    "surge_over": Template("恢复{mode}", "{centre}由{mode_before}恢复{mode}，时限、排班恢复原状。战时小结见程序内。"),
    "surge_prolonged": Template("{mode}延长至 {ends}", "{centre}的{mode}延长，预计 {ends} 结束。"),
    "surge_ending": Template(
        "{mode}将于 {ends} 到期", "{centre}的{mode}预计 {ends} 结束。不会自动结束：请决定恢复平时或延长。"
    ),
    "surge_late": Template(
        "{mode}已过预计结束时间", "{centre}的{mode}预计 {ends} 结束，现仍在战时。请决定恢复平时或延长。"
    ),
    "situation_report": Template("情况专报：{starts}", "{centre}在{mode}：请报送 {starts} 的情况专报。"),
}


def about(code: str, category: str | None, place: str | None) -> str:
    known = (f"案件 {code}", category and f"类别：{category}", place and f"地点：{place}")
    return "，".join(part for part in known if part) + "。"


def left(span: timedelta) -> str:
    late = span < timedelta(0)
    minutes = int(abs(span).total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    amount = f"{days}天{hours}小时" if days else f"{hours}小时{minutes % 60}分钟" if hours else f"{minutes}分钟"
    return f"已超时{amount}" if late else f"还有{amount}"


LANGUAGE = Language(
    texts=TEXTS,
    drill="【演练】",
    drill_code="（演练，无案件）",
    drill_about="本次为演练，没有案件；只看应答，不必实际到场。",
    about=about,
    stages={
        "accept": "受理",
        "dispatch": "派单",
        "contact": "联系诉求人",
        "sign_off": "签收",
        "return": "退单",
        "handle": "办理",
        "report_back": "反馈",
        "verify": "核查",
        "follow_up": "回访",
        "arrival": "到场",
        "deferral": "延期审批",
        "supervision": "督办回复",
    },
    desks={
        "accept": "首接窗口",
        "follow_up": "首接窗口",
        "dispatch": "指挥中心",
        "deferral": "指挥中心",
        "verify": "网格",
    },
    duties={"duty_director": "轮值主任", "presence": "在厅轮驻", "liaison": "联络员", "leader": "值班领导"},
    causes={
        "not_verified": "核查未通过",
        "dissatisfied": "回访不满意",
        "overdue": "严重超时",
        "unanswered": "督办不答",
        "absent": "吹哨未到",
        "reopened": "多次重办",
    },
    orders={"reminder": "督办提醒", "written_order": "督办单", "listed": "挂牌督办"},
    parts={"lead": "主办", "support": "协办"},
    posts={
        "duty_director": "轮值主任",
        "commander": "指挥长",
        "deputy_commander": "副指挥长",
        "dispatcher": "调度席",
    },
    modes={
        "normal": "平时",
        "surge.I": "战时一级",
        "surge.II": "战时二级",
        "surge.III": "战时三级",
        "surge.IV": "战时四级",
    },
    preludes={"rung_again": "再次提醒。", "nobody_reached": "此前应通知的岗位均未联系上，现通知您。"},
    answers={"acknowledge": "收到", "on_the_way": "已出发", "cannot_come": "不能到场"},
    unknown="未定",
    day_and_time="{0.month}月{0.day}日 {0:%H:%M}",
    time="{0:%H:%M}",
    left=left,
    several=lambda count: f"{count}件事项待处理",
)
