"""The words of figures: heads of tables, verdicts, what happened. Chinese, which is also the key of their English."""

from collections.abc import Mapping

VERDICTS: Mapping[str, str] = {
    "due": "应办",
    "in_time": "按期",
    "late": "超期",
    "exempt": "超期（不计考核）",
    "void": "不再计时",
    "open": "未到期",
}
CLOSED_AS: Mapping[str, str] = {
    "solved": "已解决",
    "explained": "已解释说明",
    "unreachable": "联系不上",
    "not_accepted": "不予受理",
}
REOPENED_FOR: Mapping[str, str] = {"not_verified": "核实未通过", "dissatisfied": "回访不满意"}
ASKED: Mapping[str, str] = {
    "valid": "有效回访",
    "responded": "已响应",
    "solved": "已解决",
    "satisfied": "满意",
    "basically": "基本满意",
    "dissatisfied": "不满意",
}
LISTS: Mapping[str, str] = {
    "received": "受理件",
    "closed": "办结件",
    "not_accepted": "不予受理",
    "open": "在办",
    "overdue": "超期",
    "promise": "时限",
    "follow_up": "回访",
    "returned": "退单件",
    "reopened": "重办件",
}
TABLES: Mapping[str, str] = {
    "units": "部门",
    "stages": "环节",
    "categories": "类别",
    "places": "地点",
    "trend": "趋势",
}
HEADS: Mapping[str, str] = {
    "unit": "部门",
    "stage": "环节",
    "category": "类别",
    "township": "乡镇",
    "place": "地点",
    "step": "日期",
    "received": "受理件",
    "closed": "办结件",
    "overdue": "超期",
    "open": "在办",
    "open_late": "在办超期",
    "sent": "派出工单",
    "sign_off": "按期签收率",
    "due": "应办",
    "completion": "按期办结率",
    "in_time": "按期",
    "late": "超期",
    "exempt": "不计考核",
    "not_due": "未到期",
    "rate": "按期率",
    "arrival": "到岗率",
    "drill": "演练到岗率",
    "returned": "退单件",
    "reopened": "重办件",
    "response": "响应率",
    "resolution": "解决率",
    "satisfaction": "满意率",
    "code": "编号",
    "level": "等级",
    "due_at": "到期",
    "what": "情况",
    "at": "时间",
}
NOTHING: Mapping[str, str] = {"due": "无应办件", "summoned": "未召集", "asked": "无回访"}
"""What stands in place of a rate that has nothing to divide by."""

OTHERS: Mapping[str, str] = {
    "no_category": "类别未定",
    "no_place": "地点未知",
    "drill": "演练",
    "share": "占比",
    "period": "期间",
    "as_of": "数据截至",
    "rules": "规则版本",
}
STEPS: Mapping[str, str] = {"day": "按日", "week": "按周", "month": "按月"}
PERIODS: Mapping[str, str] = {
    "today": "今天",
    "week": "本周",
    "month": "本月",
    "last_month": "上月",
    "quarter": "近90天",
    "year": "近一年",
}
WALL: Mapping[str, str] = {
    "townships": "今日各乡镇受理",
    "duty_director": "轮值主任",
    "leader": "值班领导",
}
