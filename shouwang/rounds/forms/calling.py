"""The forms of calling: what is agreed about a point, and how many tables are open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.places.models import Place
from shouwang.rounds.models import Point
from shouwang.rounds.rules import MOST_TABLES
from shouwang.rounds.services import Agreed
from shouwang.rounds.states import WalksBadly

# A pair is two building numbers with anything but a comma, a semicolon or the end of a line between them.
APART = re.compile(r"[,，;；、\n]+")
BETWEEN = re.compile(r"[\s\-—–~和与]+")


class PointForm(CommandForm):
    """When it opens, how many tables, how long a person takes, how far it is; who must not meet, who is visited."""

    opens = forms.TimeField(
        label=_("Opens at"),
        initial=time(6, 0),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    tables = forms.IntegerField(label=_("Tables"), min_value=1, max_value=MOST_TABLES, initial=3)
    seconds_given = forms.IntegerField(
        label=_("Seconds a person takes at a table"), min_value=5, max_value=600, initial=30,
        help_text=_("Only to begin with: from then on it is measured."),
    )  # fmt: skip
    queue_limit = forms.IntegerField(
        label=_("At most so many people at the point"), min_value=2, max_value=500, initial=60
    )
    walk_minutes = forms.IntegerField(label=_("Minutes to walk there"), min_value=0, max_value=60, initial=5)
    walks_badly = forms.ChoiceField(
        label=_("Who walks badly"), choices=WalksBadly, initial=WalksBadly.GREEN, widget=forms.RadioSelect
    )
    apart = forms.CharField(
        label=_("Buildings whose people must not meet"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One pair a line, by number: 3-4. The second is only called when the first is home again."),
    )  # fmt: skip
    door_to_door = forms.MultipleChoiceField(
        label=_("High-risk buildings"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody is called down from here; somebody goes up."),
    )  # fmt: skip

    def __init__(self, *args: Any, zone: str, buildings: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.by_id = {str(place.pk): place for place in buildings}
        self.by_code = {place.code: place for place in buildings}
        choices = [(pk, place.name) for pk, place in self.by_id.items()]
        self.fields["door_to_door"].choices = choices  # type: ignore[attr-defined]

    def clean_apart(self) -> list[tuple[Place, Place]]:
        """Pairs of buildings; the first line that names none is said."""
        pairs = []
        for line in APART.split(self.cleaned_data["apart"]):
            if not line.strip():
                continue
            named = [self.by_code.get(code.removesuffix("号楼")) for code in BETWEEN.split(line.strip())]
            if len(named) != 2 or None in named or named[0] == named[1]:
                raise forms.ValidationError(
                    _("“%(line)s” is not two buildings of this round. Write it like 3-4."),
                    params={"line": line.strip()[:40]},
                )
            pairs.append((named[0], named[1]))
        return pairs  # type: ignore[return-value]

    def agreed(self) -> Agreed:
        """What `set_point` is given."""
        said = self.cleaned_data
        return Agreed(
            opens_at=datetime.combine(said["day"], said["opens"], self.zone),
            paths=said["apart"],
            door_to_door=[self.by_id[pk] for pk in said["door_to_door"]],
            **{
                name: said[name]
                for name in ("tables", "seconds_given", "queue_limit", "walk_minutes", "walks_badly")
            },
        )


def agreed_before(point: Point, zone: str) -> dict[str, Any]:
    """What the form shows of a point that was set up before."""
    opens = point.opens_at.astimezone(ZoneInfo(zone))
    paths = point.paths.select_related("one", "other").order_by("one__sort_key", "other__sort_key")
    return {
        "opens": opens.time(), "day": opens.date(), "tables": point.tables, "seconds_given": point.seconds_given,
        "queue_limit": point.queue_limit, "walk_minutes": point.walk_minutes, "walks_badly": point.walks_badly,
        "apart": "\n".join(f"{row.one.code}-{row.other.code}" for row in paths),
        "door_to_door": [str(row.place_id) for row in point.buildings.filter(door_to_door=True)],
    }  # fmt: skip


class TablesForm(CommandForm):
    """How many tables are open now."""

    tables = forms.IntegerField(label=_("Tables open now"), min_value=0, max_value=MOST_TABLES)
