"""Makes the first administrator of a new installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.accounts import services
from lianxin.accounts.models import User
from lianxin.kit.errors import RefusedError

NEXT = """
What to do next:
  1. Load your union tree, if you have not: see docs/guide/operator.md.
  2. Give this account the post of an administrator at your top organisation:
     python manage.py post_grant {name} --organisation CODE --role security_admin --below
  3. Sign in at /sign-in/officer/ within 7 days, choose your own password, set up an
     authenticator app, keep the recovery codes.
  4. Grant the other posts at the desk, or with officer_create and post_grant.
"""


class Command(BaseCommand):
    """`manage.py first_administrator admin --name 张三`."""

    help = "Make the first administrator: a login name and a first password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login_name", nargs="?", default="administrator")
        parser.add_argument("--name", default="", help="how the person is called")
        parser.add_argument("--phone", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        named = User.objects.exclude(login_name=None).filter(is_active=True, is_demo=False).first()
        if named is not None:
            raise CommandError(
                f"There is an officer already ({named.login_name}). Use officer_create, or officer_reset."
            )
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
