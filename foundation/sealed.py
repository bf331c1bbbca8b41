"""Words that only this server can read again: encrypted where they lie, and signed so that nobody can change them.

The key is worked out from the server's own, from what it is for, and if wanted from a second secret that is kept elsewhere:
when that is gone, nobody can read the words any more, wherever copies of them lie.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


def seal(words: str, *, purpose: str, secret: str = "") -> str:
    """The words as they are stored."""
    return _server_box(purpose, secret).encrypt(words.encode()).decode()


def unseal(sealed: str, *, purpose: str, secret: str = "") -> str | None:
    """The words again; None where they cannot be read with these keys."""
    try:
        return _server_box(purpose, secret).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError):
        return None


def box(keys: tuple[str, ...], purpose: str) -> MultiFernet:
    """Closes with the first key and opens with any of them. `purpose` keeps one use apart from another."""
    return MultiFernet([_one_box(key, purpose) for key in keys])


@lru_cache(maxsize=8)
def _one_box(key: str, purpose: str) -> Fernet:
    return Fernet(_derived(key.encode(), purpose))


def _server_box(purpose: str, secret: str) -> MultiFernet:
    # Not remembered: each second secret is used a few times only, and should be gone when its owner is.
    own = f"{len(secret)}:{secret}".encode()
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(own + force_bytes(key), purpose)) for key in keys])


def _derived(key: bytes, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)
    return base64.urlsafe_b64encode(derived)
