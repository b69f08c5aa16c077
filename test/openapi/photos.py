"""Loaded by Schemathesis: some of the files that it makes up are photos of people, whole or cut off."""

import os
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

PHOTOS = [path.read_bytes() for path in sorted(Path(os.environ["PHOTOS"]).glob("*.jpg"))]

HALVES = [photo[: len(photo) // 2] for photo in PHOTOS]

schemathesis.openapi.format("binary", st.one_of(st.sampled_from(PHOTOS), st.sampled_from(HALVES), st.binary()))
