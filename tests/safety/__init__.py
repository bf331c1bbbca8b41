"""Runs that try to break what families rely on, at full size. They are not part of `make test`: docs/testing.md says how to start each."""
