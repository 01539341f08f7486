"""Every way in which notification says no."""

from shared.errors import Refused


class NotYourContact(Refused):
    code = "not_your_contact"
    rule = "a contact is set by the administrator, or by the post for itself"


class AdministratorSetsThis(Refused):
    code = "administrator_sets_this"
    rule = "an address that the program itself calls is set by the administrator only"


class InboxNeedsNoContact(Refused):
    code = "inbox_needs_no_contact"
    rule = "every post has the inbox in the program; a contact is for a channel outside of it"


class NoSuchContact(Refused):
    code = "no_such_contact"
    rule = "only a contact that is there can be removed"


class CaseUnknown(Refused):
    code = "case_unknown"
    rule = "a post is called about a case that somebody was told of"


class NoTelephone(Refused):
    code = "no_telephone"
    rule = "only a post with a contact by short message or voice can be called"


class NotYourMessage(Refused):
    code = "not_your_message"
    rule = "a message is read by the post it is for"


class UnknownReceipt(Refused):
    code = "unknown_receipt"
    rule = "a receipt is for a message that this channel took"
