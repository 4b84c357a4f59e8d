"""Applications another system hands in: once, checked, confirmed by the person, told to nobody else."""

from __future__ import annotations

import datetime as dt
import re
import threading
import uuid

import pytest
from django.db import connection

from lianxin.accounts.models import User
from lianxin.audit.api import AuditRow
from lianxin.catalogue.testing import load_samples
from lianxin.gateway import services
from lianxin.gateway.models import Delivery, JoinPush
from lianxin.gateway.rules.webhooks import Topic
from lianxin.gateway.testing import client_make, token_make
from lianxin.jobs.testing import crash_at, settle
from lianxin.kit import clock
from lianxin.members.api import Consent, member_of, privacy_erase, privacy_export
from lianxin.members.testing import federation, invented_id_number
from lianxin.notify.models import OutboxSMS
from lianxin.orgs.api import Actor, actor_of
from lianxin.procedures.api import Dossier, dossier_confirm, dossier_withdraw

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/join-applications"
PHONE = "+8619900009001"
