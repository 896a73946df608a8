"""The desk: every use case behind one door, and the only place that checks who may."""

from bot.desk.homes import Homes
from bot.desk.okr import Okr
from bot.desk.people import People
from bot.desk.reminding import Reminding
from bot.desk.reporting import Reporting
from bot.desk.setup import Setup
from bot.desk.welcome import Welcome


class Desk:
    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.homes = Homes(setup)
        self.reporting = Reporting(setup, self.homes)
        self.okr = Okr(setup)
        self.reminding = Reminding(setup, self.reporting)
        self.people = People(setup, self.homes, self.reporting)
        self.welcome = Welcome(setup, self.okr, self.reminding)
