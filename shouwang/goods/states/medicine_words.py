"""What a check found, said in plain words: what to do, never what somebody has. `what` and `figure` are the table's."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHECK_SENTENCES: dict[str, Promise] = {
    "danger-sign": _("Ring 120 now. Stay on the line with them until it is done."),
    "age-not-known": _("Ask how old the person is first."),
    "fever-under-3-months": _(
        "A baby under three months with a fever is seen by a doctor first: ring 120 or the community hospital now."
    ),
    "fever-three-days": _("For fever no longer than three days; after that to a doctor."),
    "allergies-not-asked": _("Ask first whether the person is allergic to any medicine."),
    "allergy": _("Not this: an allergy to %(what)s is on record."),
    "allergy-not-in-table": _(
        "Something was said that the table does not know. A doctor or pharmacist first."
    ),
    "cross-allergy": _("An allergy to a related medicine is on record. A doctor first for %(what)s."),
    "too-young": _("Not below %(age)s: %(what)s."),
    "young-doctor-first": _("Below %(age)s a doctor first: %(what)s."),
    "too-light": _("Not below %(figure)s kg: %(what)s."),
    "leaflet-from": _(
        "The leaflet's own table begins at %(age)s. Tell them to let a doctor see the child today, and to give no more than "
        "that doctor or the leaflet says."
    ),
    "not-shared": _("%(what)s is never passed on by the bank. A doctor or pharmacy."),
    "no-prescription": _("%(what)s needs a prescription. A doctor first."),
    "double-ingredient": _(
        "%(what)s are the same ingredient under two names, or it was taken or given too short a time ago."
    ),
    "count-it-in": _(
        "Something with %(what)s was taken within a day. It counts: no more often in 24 hours than the leaflet says."
    ),
    "issued-lately": _("The bank gave %(what)s for this person less than %(figure)s hours ago."),
    "over-limit": _("More than the bank gives out at a time: %(figure)s of %(what)s in its period."),
    "two-of-a-kind": _("Two of a kind together (%(what)s). A doctor first."),
    "not-together": _("Not together: %(what)s."),
    "alternating": _("Not in turns without a doctor: %(what)s."),
    "pregnant": _("Pregnant: %(what)s only as a doctor says."),
    "breastfeeding": _("Breastfeeding: %(what)s only as a doctor says."),
    "liver": _("With trouble of the liver a doctor first: %(what)s."),
    "kidney": _("With trouble of the kidneys a doctor first: %(what)s."),
    "ulcer": _("With a stomach ulcer or bleeding a doctor first: %(what)s."),
    "asthma": _("With asthma a doctor first: %(what)s."),
    "high_blood_pressure": _("With high blood pressure a doctor first: %(what)s."),
    "blood_thinner": _("With something against clots a doctor first: %(what)s."),
    "g6pd": _("With favism a doctor first: %(what)s."),
    "dehydrated": _("Dried out: a doctor first, and let them drink. %(what)s."),
    "chickenpox": _("Not with chickenpox: %(what)s."),
}
