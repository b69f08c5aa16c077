"""Loaded by Schemathesis: some of the files that it makes up are photos of people, whole or cut off."""

import os
from base64 import b64encode
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

PHOTOS = [path.read_bytes() for path in sorted(Path(os.environ["PHOTOS"]).glob("*.jpg"))]

HALVES = [photo[: len(photo) // 2] for photo in PHOTOS]

files = st.one_of(st.sampled_from(PHOTOS), st.sampled_from(HALVES), st.binary())

schemathesis.openapi.format("binary", files)
schemathesis.openapi.format("byte", files.map(lambda file: b64encode(file).decode()))
