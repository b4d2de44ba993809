"""How a run of the lab ended: what its kernels and its programs said."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("recordings", "0005_faults")]

    operations: ClassVar = [
        migrations.AddField(model_name="recording", name="ending", field=models.JSONField(null=True)),
    ]
