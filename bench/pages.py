"""Pages at 50,000 members and 20,000 dossiers: p50 CPU ≤ 15 ms and ≤ 12 queries; static-like ≤ 4 ms.

Every page is asked for in this process through the whole stack (middlewares, session, templates),
after a warm-up, in turn with the others, so that a busy machine slows all alike. CPU time counts.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

MEMBERS = int(os.environ.get("BENCH_MEMBERS", "50000"))
DOSSIERS = int(os.environ.get("BENCH_DOSSIERS", "20000"))
ROUNDS = 60


def main() -> None:
    """Measure on SQLite and on PostgreSQL, each in a process and a folder of its own."""
    from bench import _crowd

    _crowd.on_both_databases("bench.pages")


def measure() -> None:
    """Fill the database and print a row a page: p50 and p95 CPU ms, queries, limit."""
    from bench import _crowd

    _crowd.demo(MEMBERS)
    from django.db import connection

    import lianxin.config.wsgi  # noqa: F401  (a worker as it is served, collector and all)

    _crowd.dossiers(DOSSIERS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {MEMBERS:,} members, {DOSSIERS:,} dossiers, {ROUNDS} rounds")
    pages = _pages()
    spent: dict[str, list[float]] = {name: [] for name, _ask, _limit in pages}
    for _ in range(ROUNDS):
        for name, ask, _limit in pages:
            before = time.process_time()
            ask()
            spent[name].append((time.process_time() - before) * 1000)
    for name, ask, limit in pages:
        times = sorted(spent[name][5:])
        p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        verdict = "" if p50 <= limit else "  OVER"
        print(
            f"  {name:24} p50 {p50:6.2f} ms  p95 {p95:6.2f} ms  {_queries(ask):3} queries  limit {limit} ms{verdict}"
        )


def _pages() -> list[tuple[str, Callable[[], None], float]]:
    from django.test import Client
    from django.urls import reverse

    from lianxin.accounts.api import User
    from lianxin.accounts.testing import sign_in
    from lianxin.orgs.api import Post
    from lianxin.procedures.models import Dossier, Task

    city = Post.objects.select_related("account").filter(organisation__level="city", role="chair")[
        0
    ]
    busiest = (
        Task.objects.filter(state="open")
        .exclude(dossier__applicant=city.account)
        .select_related("dossier", "organisation")
        .order_by("due_at")[0]
    )
    # Somebody with as many cases as a lifetime brings, not the crowd's thousands.
    worker = User.objects.get(display_name="林晓梅")
    own = Dossier.objects.filter(applicant=worker).order_by("-pk")[0]
    visitor, lin, officer = Client(), Client(), Client()
    sign_in(lin, worker)
    sign_in(officer, city.account)

    def get(client: Client, path: str) -> Callable[[], None]:
        def ask() -> None:
            status = client.get(path, headers={"host": "localhost"}).status_code
            if status != 200:
                raise SystemExit(f"{path}: {status}")

        return ask

    service = reverse("catalogue:service_page", args=["hardship-file"])
    return [
        ("home, visitor", get(visitor, "/"), 15),
        ("home, worker", get(lin, "/"), 15),
        ("services", get(lin, reverse("catalogue:service_list")), 15),
        ("service page, visitor", get(visitor, service), 4),
        ("service page, worker", get(lin, service), 15),
        ("my case", get(lin, reverse("procedures:case", args=[own.pk])), 15),
        ("privacy, visitor", get(visitor, reverse("accounts:privacy")), 4),
        ("desk queue, city", get(officer, reverse("desk:queue")), 15),
        ("dossier", get(officer, reverse("procedures:dossier", args=[busiest.dossier_id])), 15),
    ]


def _queries(ask: Callable[[], None]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)


if __name__ == "__main__":
    measure()
