"""What a post is called: its title in the pack, or its unit and its duty."""

from services.console.web.roster_words import POST_WORDS
from shared.centre.pack import CentrePack


def post_name(pack: CentrePack, code: str) -> str:
    """What a post is called: as the pack says, else by its unit and its duty; a code nobody knows as it stands."""
    for unit in pack.units:
        for post_of in (unit.liaison, unit.lead):
            if post_of.code == code:
                return post_of.title
    owner, _, duty = code.partition(".")
    unit = pack.unit(owner)
    kind, number = (duty, "") if unit else (owner, f" {duty}".rstrip())
    kind, _, which = (kind, "", number) if kind in POST_WORDS else kind.partition("-")
    word = POST_WORDS.get(kind)
    if word is None:
        return code
    return f"{unit.short}{word}{which}" if unit else f"{word}{which or number}"
