"""Adds, rotates, resumes, ends and lists the receivers of webhooks."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.gateway import services
from lianxin.gateway.models import Client, Subscription
from lianxin.gateway.rules.access import ClientState
from lianxin.gateway.rules.webhooks import DeliveryState, Topic
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Actor


class Command(BaseCommand):
    """`manage.py rest_webhook add|rotate|resume|end|list`."""

    help = "Manage where other systems get word of changes."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help="add a receiver and print its signing secret, once")
        add.add_argument("client", help="name of the client")
        add.add_argument("url")
        add.add_argument(
            "--topic", action="append", required=True, choices=[topic.value for topic in Topic]
        )
        rotate = acts.add_parser("rotate", help="print a new signing secret; both sign for a while")
        rotate.add_argument("id", type=uuid.UUID)
        rotate.add_argument("--hours", type=int, default=24)
        for name, words in (
            ("resume", "switch on again and send what was missed"),
            ("end", "end a receiver"),
        ):
            acts.add_parser(name, help=words).add_argument("id", type=uuid.UUID)
        acts.add_parser("list", help="list all receivers and how they fare")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except RefusedError as error:
            raise CommandError(error.message) from error
        except Subscription.DoesNotExist as error:
            raise CommandError("There is no subscription of this id.") from error

    def _add(self, options: dict[str, Any]) -> None:
        client = Client.objects.filter(name=options["client"], state=ClientState.ACTIVE).first()
        if client is None:
            raise CommandError("There is no active client of this name.")
        row, secret = services.subscription_add(
            actor=Actor.system(),
            client=client,
            url=options["url"],
            topics=[Topic(one) for one in options["topic"]],
        )
        self.stdout.write(f"subscription {row.pk}\nsecret       {secret}")

    def _rotate(self, options: dict[str, Any]) -> None:
        secret = services.subscription_rotate(
            actor=Actor.system(),
            subscription_id=options["id"],
            overlap=dt.timedelta(hours=options["hours"]),
        )
        self.stdout.write(f"secret       {secret}")

    def _resume(self, options: dict[str, Any]) -> None:
        services.subscription_resume(actor=Actor.system(), subscription_id=options["id"])
        self.stdout.write("Switched on; what it missed is on its way.")

    def _end(self, options: dict[str, Any]) -> None:
        services.subscription_end(actor=Actor.system(), subscription_id=options["id"])
        self.stdout.write("Ended.")

    def _list(self, _options: dict[str, Any]) -> None:
        rows = Subscription.objects.filter(ended_at=None).select_related("client")
        for row in rows.order_by("created_at"):
            waiting = row.deliveries.filter(state=DeliveryState.WAITING).count()
            state = "on" if row.is_active else "off"
            since = (
                f" failing since {row.failing_since:%Y-%m-%d %H:%M}" if row.failing_since else ""
            )
            self.stdout.write(
                f"{row.pk}  {state}  {waiting} waiting{since}  {row.client.name}  {row.url}"
            )
