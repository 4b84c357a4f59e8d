"""Makes, rotates, ends and lists the clients of the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.gateway import services
from lianxin.gateway.models import Client
from lianxin.gateway.rules.access import ClientState, Scope
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Actor, Reach, organisation_by_code


class Command(BaseCommand):
    """`manage.py rest_client create|rotate|end|list`."""

    help = "Manage the other systems that may call the API."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="make a client and print its secret, once")
        create.add_argument("name")
        create.add_argument("--organisation", required=True, metavar="CODE")
        create.add_argument(
            "--here", action="store_true", help="this organisation, not those below"
        )
        create.add_argument(
            "--scope", action="append", required=True, choices=[scope.value for scope in Scope]
        )
        create.add_argument("--until", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
        create.add_argument("--calls", type=int, metavar="N", help="calls a minute")
        rotate = acts.add_parser("rotate", help="print a new secret; the old one lapses later")
        rotate.add_argument("name")
        rotate.add_argument(
            "--hours", type=int, default=24, help="how long the old one still holds"
        )
        end = acts.add_parser("end", help="end a client at once")
        end.add_argument("name")
        acts.add_parser("list", help="list all clients")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except RefusedError as error:
            raise CommandError(error.message) from error

    def _create(self, options: dict[str, Any]) -> None:
        organisation = organisation_by_code(options["organisation"])
        if organisation is None:
            raise CommandError("No organisation has this code.")
        client, secret = services.client_create(
            actor=Actor.system(),
            name=options["name"],
            organisation=organisation,
            reach=Reach.HERE if options["here"] else Reach.BELOW,
            scopes=[Scope(one) for one in options["scope"]],
            expires_on=options["until"],
            calls_a_minute=options["calls"],
        )
        self.stdout.write(f"client_id     {client.pk}\nclient_secret {secret}")
        self.stdout.write("What to do next: hand the secret over in person; it is not shown again.")

    def _rotate(self, options: dict[str, Any]) -> None:
        overlap = dt.timedelta(hours=options["hours"])
        client = self._client(options["name"])
        secret = services.client_rotate(actor=Actor.system(), client_id=client.pk, overlap=overlap)
        self.stdout.write(f"client_id     {client.pk}\nclient_secret {secret}")
        self.stdout.write(f"The secret before holds for {options['hours']} more hours.")

    def _end(self, options: dict[str, Any]) -> None:
        services.client_end(actor=Actor.system(), client_id=self._client(options["name"]).pk)
        self.stdout.write("Ended: its secrets and tokens open nothing any more.")

    def _list(self, _options: dict[str, Any]) -> None:
        for client in Client.objects.select_related("organisation").order_by("created_at"):
            until = f" until {client.expires_on}" if client.expires_on else ""
            self.stdout.write(
                f"{client.pk}  {client.state}{until}  {client.name}  {client.organisation.code}"
                f" ({client.reach})  {' '.join(client.scopes)}"
            )

    def _client(self, name: str) -> Client:
        client = Client.objects.filter(name=name, state=ClientState.ACTIVE).first()
        if client is None:
            raise CommandError("There is no active client of this name.")
        return client
