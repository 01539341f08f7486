"""The nouns of the console with their verbs."""

from services.console.model.account import Account
from services.console.model.base import SPINE, Base
from services.console.model.board_case import BoardCase
from services.console.model.case_figures import FACTS, CaseFigures
from services.console.model.draft import Draft
from services.console.model.failed_tries import FailedTries
from services.console.model.figures import FigureAct, FigureCase, FigurePromise
from services.console.model.pack_sheet import PackSheet
from services.console.model.session import Session
from services.console.model.wall_token import WallToken

__all__ = [
    "FACTS",
    "SPINE",
    "Account",
    "Base",
    "BoardCase",
    "CaseFigures",
    "Draft",
    "FailedTries",
    "FigureAct",
    "FigureCase",
    "FigurePromise",
    "PackSheet",
    "Session",
    "WallToken",
]
