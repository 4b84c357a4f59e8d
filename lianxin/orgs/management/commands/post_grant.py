"""Gives an officer a post from the command line, where nobody holds one yet who could."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.accounts import api as accounts
from lianxin.kit.errors import RefusedError
from lianxin.orgs import services
from lianxin.orgs.rules import Actor, Reach, Role
from lianxin.orgs.selectors import organisation_by_code


class Command(BaseCommand):
    """`manage.py post_grant wang --organisation JZ --role officer [--below]`."""

    help = "Give the holder of a login name a post in an organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login_name")
        parser.add_argument("--organisation", required=True, metavar="CODE")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument(
            "--below", action="store_true", help="holds for all organisations below"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        user = accounts.User.objects.filter(login_name=options["login_name"].lower()).first()
        organisation = organisation_by_code(options["organisation"])
        if user is None or organisation is None:
            raise CommandError("No account has this login name, or no organisation this code.")
        try:
            post = services.post_grant(
                actor=Actor.system(),
                account_id=user.pk,
                organisation=organisation,
                role=Role(options["role"]),
                reach=Reach.BELOW if options["below"] else Reach.HERE,
            )
        except RefusedError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user} is {post.role} at {organisation} from {post.starts_on} on.")
        self.stdout.write("What to do next: she signs in at /sign-in/officer/ and opens the desk.")
