"""Levels of the spine, kinds of areas, roles of posts, states of coverage."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    DISTRICT = "district", _("district")
    SUBDISTRICT = "subdistrict", _("subdistrict")
    COMMUNITY = "community", _("community")
    GRID = "grid", _("grid")
    BUILDING = "building", _("building")
    STAIRWELL = "stairwell", _("stairwell")


LEVELS = tuple(Level.values)


class BuildingKind(TextChoices):
    """How people number and call a building; it changes labels, not rights."""

    HAO_LOU = "hao_lou", _("building N (3号楼)")
    LANE_NUMBER = "lane_number", _("lane and number (191弄5号)")
    YARD = "yard", _("yard (3号院)")


class Role(TextChoices):
    SECRETARY = "secretary", _("secretary")
    CLERK = "clerk", _("clerk")
    ON_CALL = "on_call", _("on call")
    SUBDISTRICT_OFFICER = "subdistrict_officer", _("subdistrict officer")
    GRID_HEAD = "grid_head", _("grid head")
    GRID_WORKER = "grid_worker", _("grid worker")
    SECONDED_OFFICER = "seconded_officer", _("seconded officer")
    BUILDING_HEAD = "building_head", _("building head")
    STAIRWELL_HEAD = "stairwell_head", _("stairwell head")


class AreaKind(TextChoices):
    COMPOUND = "compound", _("compound")
    PATCH = "patch", _("patch")
    ZONE = "zone", _("zone")


class Cover(TextChoices):
    """How a leaf place is covered. Two heads cover for each other; one may be online only."""

    TWO = "two", _("two heads")
    ONE = "one", _("one head")
    BUILDING = "building", _("covered from the building")
    NONE = "none", _("nobody")
