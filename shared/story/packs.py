"""规则包: what became of its drafts."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller


def _drafted(names: Names, data: Data) -> str:
    since = f"，自 {names.at(data['effective_at'])} 起生效" if data["effective_at"] else "，批准后即生效"
    return f"规则包草案 {data['version']} 已提交{since}，待另一人批准"


TELLERS: Mapping[str, Teller] = {
    "dispatch.pack_draft.drafted": _drafted,
    "dispatch.pack_draft.approved": lambda n, d: (
        f"规则包草案 {d['version']} 已批准，自 {n.at(d['effective_at'])} 起生效"
    ),
    "dispatch.pack_draft.withdrawn": lambda n, d: (
        f"规则包草案 {d['version']} 已撤回{'（原已批准）' if d['was_approved'] else ''}"
    ),
    "dispatch.pack_draft.overtaken": lambda n, d: (
        f"规则包草案 {d['version']} 未启用：依据的版本 {d['based_on']} 已被 {d['in_force']} 取代"
    ),
}
