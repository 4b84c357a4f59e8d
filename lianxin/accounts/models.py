"""People who can sign in, the devices they sign in from, and what they agreed to."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault.api import IndexField, SealedField


def _uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


def new_salt() -> str:
    return secrets.token_hex(8)


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, login_name: str | None = None, password: str | None = None, **fields: object
    ) -> User:
        user = self.model(login_name=login_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person's way in (账号). What the union knows of the person lies in `members`."""

    # When and how often somebody signs in is nobody's business: the column is left out.
    last_login = None

    id = _uuid_key()
    login_name = models.CharField(max_length=64, unique=True, null=True, blank=True)
    email = models.EmailField(blank=True, default="")
    display_name = models.CharField(max_length=64, blank=True)
    phone = SealedField()
    phone_index = IndexField(purposes=("phone",), blank=True, default="")
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    password_handed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="when another person chose the password; empty for one's own",
    )
    session_salt = models.CharField(max_length=16, default=new_salt, editable=False)
    language = models.CharField(max_length=8, blank=True, default="")
    text_size = models.CharField(max_length=8, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "login_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            # Who gets a recycled number takes it over; the former holder's row lets go of it first.
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=~models.Q(phone_index=""),
                name="accounts_one_holder_a_phone",
            )
        ]

    def __str__(self) -> str:
        return self.display_name or str(self.pk)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # A new salt ends every session of the account at once.
        value = f"{self.password}|{self.session_salt}"
        return salted_hmac(
            "lianxin.accounts.session", value, secret=secret, algorithm="sha256"
        ).hexdigest()


class Device(models.Model):
    """A phone or browser an account signs in from (设备); a trusted one is not asked who holds it.

    `key` is what the browser's signed cookie holds. Several accounts may share a device.
    """

    id = _uuid_key()
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=43)
    label = models.CharField(
        max_length=32, blank=True, default="", help_text="kind of device, as a code"
    )
    session_key = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    trusted_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="accounts_one_row_a_device")
        ]
        indexes: ClassVar = [models.Index(fields=["key"], name="accounts_device_by_key")]

    def __str__(self) -> str:
        return self.label or str(self.pk)


class SignIn(models.Model):
    """One run of signing in by phone (一次登录): a code was sent, proved, and led to an account.

    The run, not an anonymous session, carries the state between its pages; it opens only in the
    browser that began it. Rows are removed after two days.
    """

    id = _uuid_key()
    browser = models.CharField(max_length=43, help_text="key of the device cookie that began it")
    phone = SealedField()
    phone_index = IndexField(purposes=("phone",))
    code_digest = models.CharField(max_length=96)
    from_trusted = models.BooleanField(default=False)
    is_shared = models.BooleanField(default=False, help_text="the device is not her own")
    next_url = models.CharField(max_length=500, blank=True, default="")
    account = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=8, default="sign_in", help_text="sign_in or change")
    way = models.CharField(
        max_length=24, default="phone", help_text="phone, passkey, or a provider outside"
    )
    outside = models.ForeignKey(
        "accounts.Challenge",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="an identity outside that is linked when this run ends",
    )
    device = models.ForeignKey(
        Device, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    turn = models.CharField(max_length=128, unique=True, help_text="n-th code of a day for a phone")
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True)
    identified_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["phone_index", "sent_at"], name="accounts_runs_of_a_phone"),
            models.Index(fields=["browser", "sent_at"], name="accounts_runs_of_a_browser"),
            models.Index(fields=["sent_at"], name="accounts_runs_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Challenge(models.Model):
    """What one browser was asked to bring back once: a passkey's signature, a word of a provider.

    It opens only in the browser that began it, for minutes, and is used up by its first answer.
    Rows are removed after two days.
    """

    id = _uuid_key()
    browser = models.CharField(max_length=43, help_text="key of the device cookie that began it")
    kind = models.CharField(max_length=24, help_text="passkey, or a provider outside")
    purpose = models.CharField(max_length=8, help_text="sign_in, link or prove")
    account = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    secret = SealedField()
    next_url = models.CharField(max_length=500, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)
    uid = SealedField()
    uid_index = IndexField(purposes=("outside_identity",), blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["browser", "made_at"], name="accounts_challenges_of"),
            models.Index(fields=["made_at"], name="accounts_challenges_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.purpose}"


class OutsideIdentity(models.Model):
    """An identity elsewhere that opens an account (绑定的登录方式): WeChat, a government's identity.

    Nothing is kept of it but who it is, sealed; no name, no picture, no token.
    """

    id = _uuid_key()
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=24)
    uid = SealedField()
    uid_index = IndexField(purposes=("outside_identity",))
    linked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "uid_index"], name="accounts_one_account_an_identity"
            ),
            models.UniqueConstraint(
                fields=["account", "provider"], name="accounts_one_identity_a_provider"
            ),
        ]

    def __str__(self) -> str:
        return self.provider


class KioskGrant(models.Model):
    """A kiosk asks a phone to sign it in (扫码登录), in the shape of RFC 8628.

    The kiosk shows `user_code`, the phone of a signed-in person says yes or no to it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"
        USED = "used"

    id = _uuid_key()
    browser = models.CharField(max_length=43, help_text="key of the kiosk's device cookie")
    kiosk = models.CharField(max_length=64, help_text="name of the kiosk, as its operator wrote it")
    user_code = models.CharField(max_length=9, unique=True)
    account = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["browser", "made_at"], name="accounts_grants_of_a_kiosk"),
            models.Index(fields=["made_at"], name="accounts_grants_by_age"),
        ]

    def __str__(self) -> str:
        return self.user_code


class Attempt(models.Model):
    """One wrong answer, kept for a day so that guessing ends (失败尝试)."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "kind", "at"], name="accounts_attempts_of")
        ]

    def __str__(self) -> str:
        return self.kind


class Agreement(models.Model):
    """An account's yes to one document in one version (同意书)."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    document = models.CharField(max_length=32)
    version = models.CharField(max_length=16)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "document", "version"], name="accounts_agreed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"
