"""The nouns of dispatch with their verbs: each checks, changes and returns the events that tell of it."""

from services.dispatch.model.base import SPINE, Base
from services.dispatch.model.called_unit import CalledUnit
from services.dispatch.model.case import RoutedCase
from services.dispatch.model.case_file import CaseFile
from services.dispatch.model.changes import Changes, Moment
from services.dispatch.model.deferral import Deferral
from services.dispatch.model.delay import WorkOrderDelay
from services.dispatch.model.handover import Handover, Watch
from services.dispatch.model.mode_book import ModeBook
from services.dispatch.model.mode_period import ModePeriod
from services.dispatch.model.more_time import MoreTime
from services.dispatch.model.pack_draft import PackDraft
from services.dispatch.model.proposal import RouteProposal
from services.dispatch.model.report_photo import ReportPhoto, ReportPhotoReading
from services.dispatch.model.roll_call import RollCall
from services.dispatch.model.roster import DutyGap, DutyRoster, RosterOverride, RosterVersion
from services.dispatch.model.routing import CaseRouting
from services.dispatch.model.ruling import CaseRuling
from services.dispatch.model.summons import Summons
from services.dispatch.model.surge import Surge, SurgeProlongation
from services.dispatch.model.swap import RosterSwap
from services.dispatch.model.used_link import UsedLink
from services.dispatch.model.work_order import Graded, WorkOrder, WorkOrderReport

__all__ = [
    "SPINE",
    "Base",
    "CalledUnit",
    "CaseFile",
    "CaseRouting",
    "CaseRuling",
    "Changes",
    "Deferral",
    "DutyGap",
    "DutyRoster",
    "Graded",
    "Handover",
    "ModeBook",
    "ModePeriod",
    "Moment",
    "MoreTime",
    "PackDraft",
    "ReportPhoto",
    "ReportPhotoReading",
    "RollCall",
    "RosterOverride",
    "RosterSwap",
    "RosterVersion",
    "RouteProposal",
    "RoutedCase",
    "Summons",
    "Surge",
    "SurgeProlongation",
    "UsedLink",
    "Watch",
    "WorkOrder",
    "WorkOrderDelay",
    "WorkOrderReport",
]
