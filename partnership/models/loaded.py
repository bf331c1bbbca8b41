"""What the partnership's data files said when they were last loaded (R-C9)."""

from django.db import models


class DataFileEntry(models.Model):
    """One value of one row of the data files, as a digest.

    Loading compares it with the file: a value that has not changed in the file is left alone in the database,
    so what staff have since changed in the browser stays as they left it.
    """

    private_content = True  # no page shows it

    table = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    field = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "data file entries"
        constraints = [
            models.UniqueConstraint(fields=["table", "key", "field"], name="one_entry_per_data_file_value")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.field}"
