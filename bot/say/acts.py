"""What stands in the audit trail, in words."""

from collections.abc import Mapping

from bot.language import N_
from bot.ledger.audit import Act

ACTS: Mapping[str, str] = {
    Act.PERSON_CHANGED: N_("municipality or roles changed"),
    Act.HOME_CONFIRMED: N_("municipality confirmed"),
    Act.HOME_REFUSED: N_("municipality refused"),
    Act.REMINDER_MADE: N_("reminder made"),
    Act.REMINDER_CHANGED: N_("reminder changed"),
    Act.REMINDER_TURNED: N_("reminder paused, resumed or ended"),
    Act.CORRECTED_FOR_OTHER: N_("somebody else's report changed"),
    Act.WITHDRAWN_FOR_OTHER: N_("somebody else's report withdrawn"),
    Act.ANSWERED_FOR_OTHER: N_("an inquiry answered for a municipality"),
    Act.CONFIDENTIALITY_SET: N_("case made confidential"),
    Act.CONFIDENTIALITY_LIFTED: N_("case no longer confidential"),
    Act.EXTRACTED: N_("personal data handed out"),
    Act.ERASED: N_("personal data erased"),
    Act.DISPOSED: N_("records disposed of"),
    Act.KEPT: N_("case kept from disposal"),
    Act.NO_LONGER_KEPT: N_("case no longer kept from disposal"),
    Act.RESTORED: N_("backup restored"),
    Act.RELEASED: N_("bot released after a restore"),
    Act.PLAN_READ: N_("plan file changed"),
}
