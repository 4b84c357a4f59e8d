"""Gives an officer a login name and a first password to hand over in person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.accounts import services
from lianxin.kit.errors import RefusedError

NEXT = """
What to do next:
  1. Hand login name and password over in person; they hold for 7 days.
  2. She signs in at /sign-in/officer/, chooses her own password, sets up an authenticator app
     and keeps the recovery codes.
  3. Give her a post, so that the desk opens:
     python manage.py post_grant {name} --organisation CODE --role ROLE
"""


class Command(BaseCommand):
    """`manage.py officer_create wang --name 王建国 [--phone 138…]`."""

    help = "Give an officer a login name and a first password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login_name")
        parser.add_argument("--name", default="", help="how the person is called")
        parser.add_argument("--phone", default="", help="to join the account she signs in with")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            user, password = services.officer_create(
                actor_id=None,
                login_name=options["login_name"],
                display_name=options["name"],
                phone=options["phone"],
            )
        except RefusedError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Login name: {user.login_name}\nFirst password: {password}")
        self.stdout.write(NEXT.format(name=user.login_name))
