"""Every page has a way to it: a template, a slot or a view names its address."""

from __future__ import annotations

import re

from tests.house import tracked
from tests.walk.addresses import ADDRESSES

# Asked for by machines, or reached by an address that another pattern shares.
NOT_LED_TO = {
    "healthz", "readyz", "ui:offline", "ui:service_worker", "ui:manifest", "ui:favicon", "ui:robots",
    "ui:sitemap", "ui:security", "ui:gallery",
    "catalogue:join_here", "catalogue:correct_here",  # stand in front of catalogue:apply_start
    "members:looked",  # named piece by piece among the links of one's own page
}  # fmt: skip


def test_no_page_is_there_that_nothing_leads_to():
    said = "\n".join(
        path.read_text(encoding="utf-8")
        for path in tracked("lianxin/*.py", "lianxin/*.html", "lianxin/*.js")
        if path.name != "urls.py" and "tests" not in path.parts
    )
    named = set(re.findall(r"""["']([a-z]+:[a-z_]+)["']""", said))
    assert {one.name for one in ADDRESSES} - named == NOT_LED_TO
