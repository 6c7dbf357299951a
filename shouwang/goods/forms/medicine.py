"""Forms of the medicine bank: what is asked on the phone, what is offered, and the small ones of an ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.goods.engines.medicines import OTHER, table
from shouwang.goods.models import Item
from shouwang.goods.services.medicine_asks import Wanted
from shouwang.goods.states import AskUrgency, BodyState, DangerSign, OfferFault
from shouwang.goods.states.medicine_names import medicine_name, name_with_brands
from shouwang.places.models import Place
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import can_serve

# What people say they are allergic to, most often first; the rest of the table is 'something else': a doctor first.
ASKED_ALLERGIES = (
    "penicillin", "cephalosporin", "sulfonamide", "macrolide", "quinolone", "paracetamol", "ibuprofen", "aspirin",
    "nsaid", "codeine",
)  # fmt: skip
TAKEN_ROWS = (1, 2)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NOT_ASKED = ""


def medicine_choices() -> list[tuple[str, str]]:
    """The medicines of the table, as (code, name with the brands that people know)."""
    return [(code, name_with_brands(one)) for code, one in table().medicines.items()]


class AnswersForm(CommandForm):
    """What is asked before anything is given; nothing is guessed, what was not asked stays open."""

    what = forms.ChoiceField(label=_("Which medicine or thing"))
    quantity = forms.IntegerField(
        label=_("How much, in the smallest units (tablets, bags, bottles)"),
        min_value=1,
        max_value=200,
        initial=1,
    )
    years = forms.IntegerField(
        label=pgettext_lazy("age", "Years"), min_value=0, max_value=120, required=False
    )
    months = forms.IntegerField(
        label=pgettext_lazy("age", "and months"), min_value=0, max_value=11, required=False,
        help_text=_("Of a small child always the months too."),
    )  # fmt: skip
    kg = forms.DecimalField(
        label=_("Weight in kg, if known"), min_value=1, max_value=250, decimal_places=1, required=False
    )
    fever = forms.BooleanField(label=_("It is a fever"), required=False)
    signs = forms.MultipleChoiceField(
        label=_("Any of these? Then 120 first"), choices=DangerSign.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    allergic = forms.ChoiceField(
        label=_("Allergic to any medicine?"), required=False, widget=forms.RadioSelect, initial=NOT_ASKED,
        choices=[(NOT_ASKED, _("not asked")), ("no", _("nothing known")), ("yes", _("yes, to"))],
    )  # fmt: skip
    allergies = forms.MultipleChoiceField(
        label=_("To what"), required=False, widget=forms.CheckboxSelectMultiple, choices=(),
    )  # fmt: skip
    states = forms.MultipleChoiceField(
        label=_("Is any of this so?"),
        choices=BodyState.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weeks = forms.IntegerField(
        label=_("Week of the pregnancy, if known"), min_value=1, max_value=42, required=False
    )
    prescribed = forms.BooleanField(label=_("A doctor has prescribed it to this person"), required=False)
    words = forms.CharField(
        label=_("In their words"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    urgency = forms.ChoiceField(
        label=_("How soon"), required=False, widget=forms.RadioSelect, initial="",
        choices=[("", _("as the answers say")), *AskUrgency.choices],
    )  # fmt: skip

    def __init__(self, *args: Any, things: Sequence[Item] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things = {str(item.pk): item for item in things}
        groups = [(_("Medicine"), medicine_choices())]
        if self.things:
            groups.append(
                (
                    _("Tests, thermometers and the like"),
                    [(pk, item.called) for pk, item in self.things.items()],
                )
            )
        self.fields["what"].choices = [("", "—"), *groups]  # type: ignore[attr-defined]
        names = table().allergies
        self.fields["allergies"].choices = [  # type: ignore[attr-defined]
            *((code, medicine_name(names[code])) for code in ASKED_ALLERGIES), (OTHER, _("something else"))
        ]  # fmt: skip
        for number in TAKEN_ROWS:
            self._taken_row(number)

    def _taken_row(self, number: int) -> None:
        rows = [("", "—"), *medicine_choices(), (OTHER, _("something else"))]
        self.fields[f"taken_{number}"] = forms.ChoiceField(
            label=_("Taken already") if number == 1 else _("and"), choices=rows, required=False
        )
        self.fields[f"hours_{number}"] = forms.IntegerField(
            label=_("hours ago"), min_value=0, max_value=240, required=False
        )
        self.fields[f"going_on_{number}"] = forms.BooleanField(label=_("still taking it"), required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("allergic") == "yes" and not said.get("allergies"):
            self.add_error("allergies", _("Choose from the list, or 'something else'."))
        return said

    def taken(self) -> list[dict[str, Any]]:
        """What was taken already, as said."""
        said = self.cleaned_data
        return [
            {"medicine": said[f"taken_{n}"], "hours": said[f"hours_{n}"], "going_on": said[f"going_on_{n}"]}
            for n in TAKEN_ROWS
            if said[f"taken_{n}"]
        ]

    def wanted(self) -> Wanted:
        """What was filled in, for the service."""
        said = self.cleaned_data
        item = self.things.get(said["what"])
        asked = {"yes": said["allergies"], "no": []}.get(said["allergic"])
        age = (
            None
            if said["years"] is None and said["months"] is None
            else (said["years"] or 0) * 12 + (said["months"] or 0)
        )
        answers = {
            "months": age, "kg": float(said["kg"]) if said["kg"] else None, "fever": said["fever"], "signs": said["signs"],
            "allergies": asked, "states": said["states"], "weeks": said["weeks"], "taken": self.taken(),
            "prescribed": [said["what"]] if said["prescribed"] else [],
        }  # fmt: skip
        return Wanted(
            medicine="" if item else said["what"], item=item, quantity=said["quantity"], words=said["words"],
            answers={} if item else answers, urgency=said["urgency"],
        )  # fmt: skip


class AskForm(AnswersForm):
    """Two minutes on the phone: who rings, whose child it is, and what is asked above."""

    phone = forms.CharField(label=_("Number that is calling"), max_length=20, required=False)
    asker_name = forms.CharField(label=_("Who is speaking"), max_length=60, required=False)
    door = forms.CharField(
        label=_("Door"),
        max_length=60,
        required=False,
        help_text=_("As people say it: 8号楼2单元501, 8-2-501."),
    )
    household = forms.UUIDField(required=False, widget=forms.HiddenInput)
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    community = forms.UUIDField(required=False, widget=forms.HiddenInput)
    may_be_named = forms.BooleanField(
        label=_("The household agrees that a giver may learn its name"), required=False
    )


def answered(ask: Any) -> dict[str, Any]:
    """What was said before, as the form shows it."""
    said = ask.answers
    age = said.get("months")
    allergies = said.get("allergies")
    found = {
        "what": str(ask.item_id or ask.medicine), "quantity": ask.quantity, "kg": said.get("kg"), "fever": said.get("fever"),
        "signs": said.get("signs", []), "states": said.get("states", []), "weeks": said.get("weeks"), "words": ask.words,
        "allergic": NOT_ASKED if allergies is None else "yes" if allergies else "no", "allergies": allergies or [],
        "prescribed": bool(said.get("prescribed")), "urgency": ask.urgency,
        "years": age // 12 if age is not None else None, "months": age % 12 if age is not None else None,
    }  # fmt: skip
    for number, row in zip(TAKEN_ROWS, said.get("taken", ()), strict=False):
        found |= {
            f"taken_{number}": row["medicine"],
            f"hours_{number}": row["hours"],
            f"going_on_{number}": row["going_on"],
        }
    return found


class DoctorForm(CommandForm):
    """Which doctor said what."""

    words = forms.CharField(
        label=_("Which doctor said what"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class CountForm(CommandForm):
    """So many units of one lot, counted by hand."""

    lot = forms.UUIDField(widget=forms.HiddenInput)
    shelf = forms.UUIDField(widget=forms.HiddenInput)
    quantity = forms.IntegerField(label=_("Counted"), min_value=1, max_value=200)


class GoForm(CommandForm):
    """Who goes."""

    volunteer: forms.ModelChoiceField[Volunteer] = forms.ModelChoiceField(
        label=_("Who goes"), queryset=None,
        error_messages={"invalid_choice": _("This volunteer cannot be asked now. Choose somebody else.")},
    )  # fmt: skip

    def __init__(self, *args: Any, community_id: Any, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["volunteer"].queryset = can_serve(at).filter(community_id=community_id)  # type: ignore[attr-defined]


class ReasonForm(CommandForm):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=120)


class PackForm(CommandForm):
    """What is on the pack, as whoever has it in the hand reads it."""

    medicine = forms.ChoiceField(label=_("Which medicine"), required=False)
    expires_on = forms.DateField(label=_("Good until"), required=False, widget=DAY)
    quantity = forms.IntegerField(
        label=_("How much, in the smallest units (tablets, bags, bottles)"), min_value=1, max_value=500
    )
    opened = forms.BooleanField(label=_("The pack has been opened"), required=False)
    batch = forms.CharField(label=_("Lot number on the pack"), max_length=40, required=False)
    leaflet = forms.FileField(
        label=_("Photo of the leaflet"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["medicine"].choices = [("", "—"), *medicine_choices()]  # type: ignore[attr-defined]


class OfferForm(PackForm):
    """What somebody can spare, and where it lies."""

    medicine = forms.ChoiceField(label=_("Which medicine"))
    words = forms.CharField(label=_("As it says on the pack"), max_length=80, required=False)
    door = forms.CharField(
        label=_("Door"),
        max_length=60,
        required=False,
        help_text=_("As people say it: 8号楼2单元501, 8-2-501."),
    )
    giver_name = forms.CharField(label=_("Who gives"), max_length=60, required=False)
    giver_phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    may_be_named = forms.BooleanField(
        label=_("The giver agrees to be named to whoever takes it"), required=False
    )
    community = forms.UUIDField(required=False, widget=forms.HiddenInput)

    field_order = (
        "medicine",
        "words",
        "quantity",
        "expires_on",
        "opened",
        "batch",
        "leaflet",
        "door",
        "giver_name",
    )


class DeclineForm(CommandForm):
    """Why it is not taken."""

    fault = forms.ChoiceField(label=_("Why it is not taken"), choices=OfferFault.choices)


class LimitForm(CommandForm):
    """A community's own limit."""

    medicine = forms.ChoiceField(label=_("Which medicine"))
    units = forms.IntegerField(label=_("For one person"), min_value=1, max_value=500)
    household_units = forms.IntegerField(label=_("For one household"), min_value=1, max_value=500)
    days = forms.IntegerField(label=_("In days"), min_value=1, max_value=30, initial=7)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(code, medicine_name(one)) for code, one in table().medicines.items()]
        self.fields["medicine"].choices = names  # type: ignore[attr-defined]


class AllergyForm(CommandForm):
    """An allergy of one of the household's people."""

    person = forms.ChoiceField(label=_("Who"))
    substance = forms.ChoiceField(label=_("Allergic to"))

    def __init__(self, *args: Any, members: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(pk), name) for pk, name in members]  # type: ignore[attr-defined]
        known = [(code, medicine_name(one)) for code, one in table().allergies.items()]
        self.fields["substance"].choices = [*known, (OTHER, _("something else"))]  # type: ignore[attr-defined]


def community_meant(places: Sequence[Place], said: UUID | None) -> Place | None:
    """The community that a form names, if it is one of these; else the only one."""
    by_id = {place.pk: place for place in places}
    return by_id.get(said) if said is not None else places[0] if places else None
