"""Gives an officer who forgot her password, or lost her phone, a new start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.accounts import services
from lianxin.accounts.models import User
from lianxin.kit.errors import RefusedError


class Command(BaseCommand):
    """`manage.py officer_reset wang [--lost-phone]`."""

    help = "Set a new first password; with --lost-phone forget the authenticator app too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login_name")
        parser.add_argument(
            "--lost-phone", action="store_true", help="forget app and recovery codes"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(login_name=options["login_name"].lower()).first()
        if user is None:
            raise CommandError("No account has this login name.")
        try:
            password = services.password_hand(
                actor_id=None, account_id=user.pk, also_factors=options["lost_phone"]
            )
        except RefusedError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Login name: {user.login_name}\nFirst password: {password}")
        self.stdout.write("\nWhat to do next:")
        self.stdout.write("  1. Make sure in person that it is her, then hand the password over.")
        self.stdout.write(
            "  2. She signs in at /sign-in/officer/ within 7 days and chooses her own."
        )
        if options["lost_phone"]:
            self.stdout.write("  3. She sets up an authenticator app anew and gets new codes.")
