"""Whose side of an act with money, and what kind of act."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MoneyAccount(TextChoices):
    """Whose side of an act with money an entry is."""

    CASH_BOX = "cash_box", _("the committee's cash box")
    HOLDER = "holder", _("cash in somebody's hands")
    SHOP = "shop", _("the shop")
    PURCHASES = "purchases", _("bought, not yet charged")
    HOUSEHOLD = "household", _("the household")
    SIGNED_OFF = "signed_off", _("differences signed for by name")


class MoneyKind(TextChoices):
    ADVANCE = "advance", _("advance")
    PAID_IN = "paid_in", _("paid in beforehand")
    BOUGHT = "bought", _("bought")
    REFUND = "refund", _("refund from the shop")
    CHARGED = "charged", _("charged to the household")
    SETTLED = "settled", _("paid by the household")
    PAID_BACK = "paid_back", _("paid back to the household")
    CHANGE = "change", _("change given back")
    CORRECTED = "corrected", pgettext_lazy("money", "corrected")
    SIGNED = "signed", pgettext_lazy("money", "difference signed for")
