"""The privacy policy and the basic consent: texts kept as data, one version at a time."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.accounts.adapters.outside import KINDS, Provider
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import Bilingual

POLICY = "privacy"
BASIC = "basic"


class Section(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One heading of the policy with its paragraphs; `points` become a list."""

    title: Bilingual
    text: tuple[Bilingual, ...] = ()
    points: tuple[Bilingual, ...] = ()


class Purpose(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One purpose in one sentence, agreed to by a tick of its own."""

    name: str
    sentence: Bilingual


class DemoSignIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An invented person shown on the sign-in page in demo mode."""

    label: Bilingual
    note: Bilingual
    phone: str = ""
    login_name: str = ""
    password: str = ""


class Policy(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The privacy policy (隐私政策) in force, and the sentences of the basic consent."""

    version: str
    short: tuple[Bilingual, ...]
    sections: tuple[Section, ...]
    purposes: tuple[Purpose, ...]


@cache
def policy() -> Policy:
    path = Path(__file__).parent / "data" / "privacy.yaml"
    return msgspec.yaml.decode(path.read_bytes(), type=Policy)


def providers() -> dict[str, dict[str, Any]]:
    """Return the providers outside by which one may sign in, as the operator wrote them."""
    return dict(settings.SIGN_IN_PROVIDERS)


def provider(key: str) -> Provider:
    """Return one of them, ready to be asked.

    Raises:
        RefusedError: there is none of this name here.
    """
    held = providers().get(key)
    if held is None:
        raise RefusedError(_("This way of signing in is not offered here."))
    return KINDS[held.get("kind", key)](held)


def provider_name(key: str) -> str:
    """Return what a provider is called in the reader's language."""
    said = providers().get(key, {}).get("name")
    if isinstance(said, dict):
        return str(Bilingual(**said))
    names = {
        "wechat": _("WeChat"),
        "dingtalk": _("DingTalk"),
        "feishu": _("Feishu"),
        "wecom": _("WeCom"),
    }
    return str(said or names.get(key, key))


def documents() -> dict[str, str]:
    """Return what every account has agreed to: document → version in force."""
    version = policy().version
    return {POLICY: version, **{f"{BASIC}.{one.name}": version for one in policy().purposes}}


def demo_sign_ins() -> list[DemoSignIn]:
    """Return the demo's people from the file its maker wrote; none outside demo mode."""
    path = Path(settings.DEMO_SIGN_INS)
    if not settings.DEMO or not path.is_file():
        return []
    return msgspec.json.decode(path.read_bytes(), type=list[DemoSignIn])


def sections() -> list[dict[str, object]]:
    """Return the policy in the reader's language, with the names of this place filled in."""
    return [
        {
            "title": str(section.title),
            "text": [_filled(one) for one in section.text],
            "points": [_filled(one) for one in section.points],
        }
        for section in policy().sections
    ]


def operator() -> dict[str, str]:
    """Return who answers for the data, as the policy names them."""
    return {
        "operator": getattr(settings, "LIANXIN_OPERATOR", "")
        or _("the union that runs this service"),
        "contact": getattr(settings, "LIANXIN_CONTACT", "") or _("the union hotline 12351"),
    }


def _filled(text: Bilingual) -> str:
    said = str(text)
    for name, value in operator().items():
        said = said.replace(f"{{{name}}}", value)
    return said
