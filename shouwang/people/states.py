"""What a door is, how people relate, what care means, where somebody is now."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Occupancy(TextChoices):
    """What a door is. 'Nobody missed' counts doors; unknown is a gap."""

    OWNER = "owner", _("owner lives here")
    TENANT = "tenant", _("let")
    SHARED = "shared", _("shared flat")
    EMPTY = "empty", _("empty flat")
    REGISTERED_ONLY = "registered_only", _("registered only")
    LIVES_ELSEWHERE = "lives_elsewhere", _("lives elsewhere")
    SHOP = "shop", _("shop")
    UNKNOWN = "unknown", _("not known yet")
    REFUSED = "refused", _("did not wish to say")


LIVED_IN = frozenset({Occupancy.OWNER, Occupancy.TENANT, Occupancy.SHARED})


class Relation(TextChoices):
    HEAD = "head", _("head of the household")
    SPOUSE = "spouse", _("husband or wife")
    CHILD = "child", _("son or daughter")
    PARENT = "parent", _("father or mother")
    GRANDCHILD = "grandchild", _("grandchild")
    GRANDPARENT = "grandparent", _("grandparent")
    SIBLING = "sibling", _("brother or sister")
    IN_LAW = "in_law", _("son- or daughter-in-law")
    CARER = "carer", _("carer")
    TENANT = "tenant", _("tenant")
    OTHER = "other", _("other")


class Sex(TextChoices):
    FEMALE = "f", _("female")
    MALE = "m", _("male")
    UNKNOWN = "", _("not stated")


class IdKind(TextChoices):
    RESIDENT_ID = "resident_id", _("resident ID")
    PASSPORT = "passport", _("passport")
    OTHER = "other", _("other document")
    NONE = "", _("none on file")


class Care(TextChoices):
    """Reasons to think of somebody. Ages ('80 and over') and 'alone by register' are derived, never entered."""

    LIVES_ALONE = "lives_alone", _("lives alone")
    COUPLE_ALONE = "couple_alone", _("old couple alone")
    EMPTY_NEST = "empty_nest", _("children gone")
    LEFT_BEHIND = "left_behind", _("left behind")
    NO_KIN = "no_kin", _("without kin")
    NEEDS_CARE = "needs_care", _("needs daily care")
    WALKS_BADLY = "walks_badly", _("walks badly")
    DISABLED = "disabled", _("disabled")
    DEMENTIA = "dementia", _("dementia")
    CHRONIC_ILLNESS = "chronic_illness", _("chronic illness")
    SEVERE_ILLNESS = "severe_illness", _("severe illness")
    DIALYSIS = "dialysis", _("dialysis")
    OXYGEN = "oxygen", _("oxygen at home")
    INJECTABLE = "injectable", _("needs injections")
    PREGNANT = "pregnant", _("pregnant")
    POSTPARTUM = "postpartum", _("newly delivered")
    INFANT = "infant", _("infant")
    ALONE_WITH_CHILD = "alone_with_child", _("alone with a child")
    DIBAO = "dibao", _("minimum income")
    TEKUN = "tekun", _("destitute support")
    BEREAVED = "bereaved", _("bereaved one-child family")
    NO_PHONE = "no_phone", _("has no phone")
    POSITIVE = "positive", _("positive at home")
    TO_DOOR = "to_door", _("bring it to the door")


SAFETY = frozenset({Care.OXYGEN, Care.DIALYSIS, Care.PREGNANT, Care.INJECTABLE})
HEALTH = frozenset(
    {
        Care.NEEDS_CARE,
        Care.DISABLED,
        Care.DEMENTIA,
        Care.CHRONIC_ILLNESS,
        Care.SEVERE_ILLNESS,
        Care.DIALYSIS,
        Care.OXYGEN,
        Care.INJECTABLE,
        Care.PREGNANT,
        Care.POSTPARTUM,
        Care.POSITIVE,
    }
)
INSTRUCTIONS = frozenset({Care.TO_DOOR, Care.WALKS_BADLY, Care.NO_PHONE})


class CareState(TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", pgettext_lazy("care flag", "accepted")
    DECLINED = "declined", _("not taken over")
    ENDED = "ended", _("ended")


CARE_MOVES = {
    CareState.PROPOSED: frozenset({CareState.ACCEPTED, CareState.DECLINED}),
    CareState.ACCEPTED: frozenset({CareState.ENDED}),
}


class StayKind(TextChoices):
    HOME = "home", _("at home")
    QUARANTINE_HOTEL = "quarantine_hotel", _("quarantine hotel")
    HOSPITAL = "hospital", _("hospital")
    AWAY = "away", _("away")
    LOCKED_IN = "locked_in", _("locked in somewhere else")


class ProxyKind(TextChoices):
    CHILD_ELSEWHERE = "child_elsewhere", _("child elsewhere")
    RELATIVE = "relative", _("relative")
    NEIGHBOUR = "neighbour", _("neighbour")
    OTHER = "other", _("other")


class MergedField(TextChoices):
    """What several may put right without knowing of each other; a care flag that keeps somebody alive is one of them."""

    NAME = "name", _("name")
    PHONE = "phone", _("phone")
    SAFETY = "safety", _("care flag")
