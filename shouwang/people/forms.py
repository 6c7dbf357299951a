"""Forms of people: persons, doors, care flags, contacts, proxies, stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.core.personal import HEALTH
from shouwang.people.engines.births import Birth, read_birth
from shouwang.people.models import Membership
from shouwang.people.rules import may_read_flag
from shouwang.people.selectors.contradictions import MERGED, marks_of
from shouwang.people.selectors.doubles import MergeSide
from shouwang.people.selectors.matching import birth_of
from shouwang.people.states import Care, IdKind, Occupancy, ProxyKind, Relation, Sex, StayKind
from shouwang.places.engines.doors import read_door
from shouwang.places.models import Dwelling
from shouwang.places.selectors import find_dwelling

# Doors of people on file who look like somebody of this name, birth date and phone.
KnownAs = Callable[[str, Birth | None, str], list[str]]


class NumberInput(forms.TextInput):
    """A telephone number; the browser keeps none."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "tel", "autocomplete": "off"})


class PlainInput(forms.TextInput):
    """Text that the browser does not keep."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"})


class DayInput(forms.DateInput):
    """A day from the browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class BirthField(forms.CharField):
    """A birth date as far as it is known: 1941, 1941年3月, 1941-03-05."""

    def to_python(self, value: Any) -> Birth | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        birth = read_birth(text)
        if birth is None:
            raise forms.ValidationError(
                _("Write the date like 1941, 1941-03 or 1941-03-05."), code="birth-unreadable"
            )
        return birth

    def prepare_value(self, value: Any) -> Any:
        return "-".join(f"{part:02d}" for part in value if part) if isinstance(value, tuple) else value


PARTICULARS = (
    ("name", _("Name")),
    ("sex", _("Sex")),
    ("birth", _("Birth date")),
    ("phone", _("Phone")),
    ("id_number", _("Number")),
)


class PersonForm(CommandForm):
    """What is known of a person. Only the name must be."""

    name = forms.CharField(label=_("Name"), max_length=60)
    relation = forms.ChoiceField(
        label=_("Relation to the head"), choices=Relation.choices, initial=Relation.OTHER
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, required=False)
    birth = BirthField(
        label=_("Birth date"),
        required=False,
        max_length=20,
        help_text=_("As far as it is known: 1941, 1941-03, 1941-03-05"),
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=20, widget=NumberInput)
    id_kind = forms.ChoiceField(label=_("Document"), choices=IdKind.choices, required=False)
    id_number = forms.CharField(label=_("Number"), required=False, max_length=30, widget=PlainInput)

    UNHASHED = frozenset({"id_number"})

    def __init__(
        self, *args: Any, reads_id: bool = True, known_as: KnownAs | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for field in MERGED:
            # What the register said when this form was drawn: whoever writes it meanwhile is not gone over unseen.
            self.fields[f"seen_{field}"] = forms.CharField(
                required=False, max_length=16, widget=forms.HiddenInput
            )
        if not reads_id:
            del self.fields["id_kind"], self.fields["id_number"]
        self.known_as = known_as

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("id_number") and not said.get("id_kind"):
            said["id_kind"] = IdKind.RESIDENT_ID
        if self.known_as and said.get("name"):
            self._ask_whether_known(said, self.known_as)
        return said

    def _ask_whether_known(self, said: dict[str, Any], known_as: KnownAs) -> None:
        """Somebody of this name and birth date or phone is on file: asked once, with a box to tick if it is another."""
        doors = known_as(said["name"], said.get("birth"), said.get("phone") or "")
        if not doors:
            return
        self.fields["other"] = forms.BooleanField(label=_("This is another person"), required=False)
        if "other" not in self.data:
            where = ", ".join(door for door in doors if door) or _("elsewhere in this community")
            self.add_error(
                "other",
                _("Somebody of this name, whose birth date or phone fits, is on file: %(where)s. Is it the same person? "
                  "Then let that person move here instead.") % {"where": where},
            )  # fmt: skip

    def particulars(self) -> dict[str, Any]:
        """What the services take, without the command id and the relation."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("command_id", "relation", "other") and not name.startswith("seen_")
        }

    def seen(self) -> dict[str, str]:
        """The marks of what was on file when this form was drawn, by field; empty ones left out."""
        marks = {str(field): self.cleaned_data.get(f"seen_{field}", "") for field in MERGED}
        return {field: mark for field, mark in marks.items() if mark}


def person_values(membership: Membership, *, reads_id: bool) -> dict[str, Any]:
    """What the form shows of somebody on file."""
    person = membership.person
    shown = {
        "name": person.name,
        "relation": membership.relation,
        "sex": person.sex,
        "birth": birth_of(person),
        "phone": person.phone,
        **{f"seen_{field}": mark for field, mark in marks_of(person).items()},
    }
    return {**shown, "id_kind": person.id_kind, "id_number": person.id_number} if reads_id else shown


class MergeForm(CommandForm):
    """Two entries of one person: which door is home, and which of two differing particulars is right."""

    home = forms.ChoiceField(label=_("Lives behind this door"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, sides: Sequence[MergeSide], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides
        self.fields["home"].choices = [(side.key, side.door) for side in sides]  # type: ignore[attr-defined]
        for name, label in PARTICULARS:
            choices = [(side.key, side.shown[name]) for side in sides if side.shown.get(name)]
            if len({shown for _key, shown in choices}) > 1:
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        for name, field in self.fields.items():
            if name != "command_id":
                field.initial = sides[0].key

    def taken(self) -> set[str]:
        """The particulars in which the entry that goes is the right one."""
        said = self.cleaned_data
        return {name for name, _label in PARTICULARS if name in said and said[name] != said["home"]}


class MoveForm(CommandForm):
    """Behind which door a person lives now."""

    door = forms.CharField(label=_("New door"), max_length=40, help_text=_("As people say it: 8-2-501"))
    relation = forms.ChoiceField(
        label=_("Relation to the head"), choices=Relation.choices, initial=Relation.OTHER
    )

    dwelling: Dwelling | None = None

    def __init__(self, *args: Any, community_id: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community_id = community_id

    def clean_door(self) -> str:
        said: str = self.cleaned_data["door"]
        door = read_door(said)
        if door and door.building and door.door:
            self.dwelling = find_dwelling(self.community_id, door.building, door.stairwell, door.door)
        if self.dwelling is None:
            raise forms.ValidationError(
                _("There is no such door here. Write building, stairwell and door: 8-2-501.")
            )
        return said


class DoorForm(CommandForm):
    """What a door is, and since when that is known."""

    occupancy = forms.ChoiceField(
        label=_("This door is"), choices=Occupancy.choices, widget=forms.RadioSelect
    )
    as_of = forms.DateField(label=_("As of"), required=False, widget=DayInput)
    source = forms.CharField(
        label=_("Known from"),
        max_length=40,
        required=False,
        help_text=_("A visit, a neighbour, the property manager …"),
    )


class FlagForm(CommandForm):
    """A care flag: what is to be thought of, about whom, known from where."""

    kind = forms.ChoiceField(label=_("What is to be thought of"))
    about = forms.ChoiceField(label=_("About"), required=False)
    source = forms.CharField(
        label=_("Known from"), max_length=60, help_text=_("A visit, a call, a note at the gate …")
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    review_on = forms.DateField(label=_("Look at it again on"), required=False, widget=DayInput)

    def __init__(self, *args: Any, members: list[Membership], classes: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in Care if may_read_flag(kind, classes)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        people = [(str(row.person_id), row.person.name) for row in members]
        self.fields["about"].choices = [("", _("the whole household")), *people]  # type: ignore[attr-defined]
        self.persons = {str(row.person_id): row.person for row in members}
        if HEALTH not in classes:
            del self.fields["note"]


class DecisionForm(CommandForm):
    """Accept a proposal, or not."""

    accept = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class WordForm(CommandForm):
    """Which of two words holds."""

    holds = forms.ChoiceField(choices=[("stands", "stands"), ("other", "other")])


class ContactForm(CommandForm):
    """Whom to ring about somebody."""

    person = forms.ChoiceField(label=_("About"))
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=20, widget=NumberInput)
    relation = forms.CharField(
        label=_("Who this is"), required=False, max_length=40, help_text=_("Daughter, neighbour, doctor …")
    )
    order = forms.IntegerField(label=_("Rung as number"), required=False, min_value=1, max_value=20)

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.persons = {str(row.person_id): row.person for row in members}
        self.fields["person"].choices = [(pk, person.name) for pk, person in self.persons.items()]  # type: ignore[attr-defined]


class ProxyForm(CommandForm):
    """Who may speak for the household."""

    kind = forms.ChoiceField(label=_("Who this is"), choices=ProxyKind.choices)
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=20, widget=NumberInput)


class StayForm(CommandForm):
    """Where somebody is now."""

    kind = forms.ChoiceField(
        label=_("Where the person is"), choices=StayKind.choices, widget=forms.RadioSelect
    )
    where = forms.CharField(label=_("Name of the place"), required=False, max_length=120)
    from_at = forms.DateTimeField(
        label=_("Since"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )

    def clean_from_at(self) -> datetime | None:
        said: datetime | None = self.cleaned_data.get("from_at")
        return timezone.make_aware(said) if said is not None and timezone.is_naive(said) else said


class NoteForm(CommandForm):
    """The household's note."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class SearchForm(forms.Form):
    """A search; always sent by POST."""

    q = forms.CharField(label=pgettext_lazy("search", "Search"), required=False, max_length=60)


class CodeForm(forms.Form):
    """What a scanner or a keyboard says; always sent by POST."""

    q = forms.CharField(
        label=_("Code or ID number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
        help_text=_("Scan with the field ready, or type the number and press Enter."),
    )
