from django.db import migrations, models

# What the built-in protocols of closed zones preset when this was written.
RESTS = {"usual": 120, "cold": 0, "medicine": 0}
ZONES = ("sealed_zone", "controlled_zone")


def give_rest(apps, schema_editor):
    """Incidents and editions that are there get what their protocol begins with."""
    apps.get_model("incidents", "Incident").objects.filter(protocol__in=ZONES).update(rest=RESTS)
    apps.get_model("incidents", "ProtocolEdition").objects.filter(base__in=ZONES).update(rest=RESTS)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_protocol_editions")]

    operations = [
        migrations.AddField("incident", "rest", models.JSONField(default=dict)),
        migrations.AddField("protocoledition", "rest", models.JSONField(default=dict)),
        migrations.RunPython(give_rest, migrations.RunPython.noop),
    ]
