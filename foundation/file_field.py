"""The form field for one evidence file (R-W8)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .uploads import KINDS, MOST_BYTES, UploadRefused, check_upload, safe_name


class EvidenceFileField(forms.FileField):
    """A form field for one evidence file. Its clean value has ``kind`` (FileKind) and a safe ``name``.

    ``most_bytes`` is the largest size taken, 10 MB if not given.
    """

    widget = forms.FileInput

    def __init__(self, *, most_bytes: int = MOST_BYTES, **options: Any) -> None:
        self.most_bytes = most_bytes
        super().__init__(**options)
        self.widget.attrs.setdefault("accept", ",".join(f".{kind.extension}" for kind in KINDS) + ",.jpeg")

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        try:
            data.kind = check_upload(data, data.name, size=data.size, most_bytes=self.most_bytes)
        except UploadRefused as reason:
            raise ValidationError(str(reason), code="refused") from reason
        data.name = safe_name(data.name)
        return super().to_python(data)
