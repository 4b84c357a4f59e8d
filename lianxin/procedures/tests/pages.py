"""Browsers of the people of the small federation, for the tests of pages."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lianxin.accounts.testing import sign_in
from lianxin.members.testing import Federation


def client_of(people: Federation, key: str) -> Client:
    """Return a browser in which this person has signed in, officers with their second factor."""
    client = Client()
    sign_in(client, people.account(key))
    return client


def photo() -> SimpleUploadedFile:
    """Return a small picture as a phone would send it."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), (180, 30, 45)).save(content, "PNG")
    return SimpleUploadedFile("缴费单.png", content.getvalue(), "image/png")
