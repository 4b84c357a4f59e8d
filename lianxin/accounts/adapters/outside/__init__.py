"""Providers of identity outside: one small client each, over plain HTTPS and nothing else."""

from __future__ import annotations

from lianxin.accounts.adapters.outside.base import Claims, OutsideError, Provider, Visit
from lianxin.accounts.adapters.outside.dingtalk import DingTalk
from lianxin.accounts.adapters.outside.feishu import Feishu
from lianxin.accounts.adapters.outside.oidc import OpenID
from lianxin.accounts.adapters.outside.wechat import WeChat
from lianxin.accounts.adapters.outside.wecom import WeCom

KINDS: dict[str, type[Provider]] = {
    "oidc": OpenID,
    "wechat": WeChat,
    "dingtalk": DingTalk,
    "feishu": Feishu,
    "wecom": WeCom,
}

__all__ = ["KINDS", "Claims", "OutsideError", "Provider", "Visit"]
