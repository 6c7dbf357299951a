from typing import Any

from django.db import migrations, models
from django.db.models import Q

COME = ("sampling", "vaccination", "handing_out")


def say_who_comes(apps: Any, schema_editor: Any) -> None:
    """Kinds as they are: those with tubes, and copies of those whose people come to a point. What came with the product is
    put right by its files, after every migration."""
    copies = Q()
    for code in COME:
        copies |= Q(code=code) | Q(code__startswith=f"{code}_")
    kinds = apps.get_model("rounds", "Kind").objects
    kinds.filter(copies).update(at_point=True)
    with_tubes = [row.pk for row in kinds.filter(at_point=False) if row.tube_sizes]
    kinds.filter(pk__in=with_tubes).update(at_point=True)


class Migration(migrations.Migration):
    dependencies = [
        ("rounds", "0006_coverage_and_tracing"),
    ]

    operations = [
        migrations.AddField(
            model_name="kind",
            name="at_point",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(say_who_comes, migrations.RunPython.noop),
    ]
