"""A model field whose value is sealed: readable only through the vault's door.

Assign a `str` and it is sealed when the row is saved, bound to table, column and primary key.
What one reads back is a `Sealed`, never the text: `vault.api.open_sealed` opens it and leaves a
trace that the person concerned can see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from lianxin.vault.adapters import sealing


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value; printing it shows nothing."""

    token: str

    def __str__(self) -> str:
        return "•••"

    def __repr__(self) -> str:
        return "<Sealed>"


if TYPE_CHECKING:
    _Base = models.TextField[str | Sealed | None, Sealed | None]
    _Text = models.CharField[str, str]
else:
    _Base, _Text = models.TextField, models.CharField


class SealedField(_Base):
    """Stores a token of `vault.rules.seal`; empty text is stored as NULL. Needs `null=True`."""

    is_sealed = True  # by this the rotation of keys finds every sealed column

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["null"] = kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:  # noqa: ARG002  (Django's signature)
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            place = sealing.place_of(model_instance, self.attname)
            value = Sealed(sealing.seal_text(value, bound_to=place)) if value else None
            setattr(model_instance, self.attname, value)
        return value if isinstance(value, Sealed) else None

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, Sealed):
            return value.token if value else None
        raise TypeError("a sealed field is never compared with plain text: use a blind index")

    def from_db_value(
        self, value: str | None, _expression: object, _connection: object
    ) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        return value


class IndexField(_Text):
    """Stores a blind index of one of some purposes; to migrations it is a plain CharField.

    By it the rotation of index keys finds every column: equal digests of one purpose change
    together, wherever they stand. Where very many rows share a digest (`is_shared`), rows change one
    by one; such a column is only ever looked up, under all keys.
    """

    def __init__(
        self, *args: Any, purposes: tuple[str, ...] = (), is_shared: bool = False, **kwargs: Any
    ) -> None:
        self.purposes, self.is_shared = purposes, is_shared
        super().__init__(*args, **{"max_length": 96, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
