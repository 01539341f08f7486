"""Which column of the file is which field of a case."""

from collections.abc import Mapping, Sequence

# The first names found in a header are taken; a field may be made of several columns.
KNOWN_NAMES: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference", "message_id", "external_id", "工单编号", "工单号", "事件编号", "编号", "留言编号", "id"),
    "matter": ("matter", "诉求内容", "留言详情", "事件描述", "内容", "content", "body", "text"),
    "subject": ("subject", "title", "留言主题", "主题", "标题"),
    "category": ("category", "类别", "一级标签", "事项类别", "分类"),
    "place": ("place", "地点编码", "属地", "所属区域", "乡镇", "地点"),
    "received_at": ("received_at", "留言时间", "受理时间", "提交时间", "来件时间", "时间"),
    "level": ("level", "等级", "级别"),
    "requester_name": ("requester_name", "来访人", "诉求人", "姓名"),
    "requester_phone": ("requester_phone", "联系电话", "电话", "手机号"),
}
FIELDS = tuple(field for field in KNOWN_NAMES if field != "subject")
REQUIRED = ("reference", "matter")


class MappingUnknown(Exception):
    """A field has no column, or a column named does not exist; says which."""


def parse_mapping(pairs: Sequence[str], columns: Sequence[str]) -> dict[str, list[str]]:
    """`matter=subject+body` -> {"matter": ["subject", "body"]}."""
    mapping: dict[str, list[str]] = {}
    for pair in pairs:
        field, equals, names = pair.partition("=")
        if not equals or field not in FIELDS:
            raise MappingUnknown(f"--map {pair}: write FIELD=COLUMN; fields are {', '.join(FIELDS)}")
        if field in mapping:
            raise MappingUnknown(f"--map {pair}: {field} was given before; join columns with +")
        chosen = [name.strip() for name in names.split("+")]
        for name in chosen:
            if name not in columns:
                raise MappingUnknown(f"--map {pair}: the file has no column {name!r}; it has {', '.join(columns)}")
        mapping[field] = chosen
    return mapping


def missing_fields(mapping: Mapping[str, list[str]]) -> list[str]:
    """What no case can do without and no column was found for."""
    return [field for field in REQUIRED if field not in mapping]


def guess_mapping(columns: Sequence[str], given: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What was given, and the rest by the names platforms use. A title is put before the matter it belongs to."""
    lowered = {column.lower(): column for column in columns}
    found = {
        field: next((lowered[name] for name in names if name in lowered), None) for field, names in KNOWN_NAMES.items()
    }
    guessed = {field: [column] for field, column in found.items() if column is not None and field != "subject"}
    if found["subject"] is not None:
        guessed["matter"] = [found["subject"], *guessed.get("matter", [])]
    return guessed | dict(given)
