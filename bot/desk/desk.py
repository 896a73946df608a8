"""The desk: every use case behind one door, and where it is checked who may."""

from bot.desk.asking import Asking
from bot.desk.campaign_results import CampaignResults
from bot.desk.cases import Cases
from bot.desk.disposing import Disposing
from bot.desk.erasing import Erasing
from bot.desk.extracting import Extracting
from bot.desk.homes import Homes
from bot.desk.knowing import Knowing
from bot.desk.okr import Okr
from bot.desk.people import People
from bot.desk.recording import Recorder
from bot.desk.reminding import Reminding
from bot.desk.reporting import Reporting
from bot.desk.running import Running
from bot.desk.setup import Setup
from bot.desk.tallying import Tallying
from bot.desk.trail import Trail
from bot.desk.welcome import Welcome
from bot.desk.withdrawing import Withdrawing
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books


class Desk:
    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.homes = Homes(setup)
        self.asking = Asking(setup)
        recorder = Recorder(setup, self._followed)
        self.reporting = Reporting(setup, self.homes, recorder)
        self.withdrawing = Withdrawing(setup, recorder)
        self.cases = Cases(setup, self.reporting, self.asking)
        self.campaign_results = CampaignResults(setup, self.reporting)
        self.tallying = Tallying(setup)
        self.knowing = Knowing(setup, self.tallying)
        self.okr = Okr(setup, self.knowing)
        self.reminding = Reminding(setup, recorder)
        self.people = People(setup, self.homes, recorder, self.asking)
        self.disposing = Disposing(setup, self.homes.admins)
        self.erasing = Erasing(setup, self.asking)
        self.extracting = Extracting(setup)
        self.trail = Trail(setup)
        self.running = Running(setup)
        self.welcome = Welcome(setup, self.asking, self.reminding, self.running)

    def _followed(self, books: Books, report: Recorded) -> None:
        """A report has been made or withdrawn: whatever tells how its case stands is renewed."""
        self.asking.followed(books, report)
        self.cases.renew_campaign(books, report)
