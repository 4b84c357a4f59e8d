"""People who can sign in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault.api import SealedField


class UserManager(BaseUserManager["User"]):
    def create_user(self, login_name: str | None = None, password: str | None = None, **fields: object) -> User:
        user = self.model(login_name=login_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person's way in (账号). What the union knows of the person lies in `members`."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    login_name = models.CharField(max_length=64, unique=True, null=True, blank=True)
    email = models.EmailField(blank=True, default="")
    display_name = models.CharField(max_length=64, blank=True)
    phone = SealedField()
    phone_index = models.CharField(max_length=96, blank=True, default="")
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True, default="")
    text_size = models.CharField(max_length=8, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "login_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            # Who gets a recycled number takes it over; the former holder's row lets go of it first.
            models.UniqueConstraint(
                fields=["phone_index"], condition=~models.Q(phone_index=""), name="accounts_one_holder_a_phone"
            )
        ]

    def __str__(self) -> str:
        return self.display_name or str(self.pk)
