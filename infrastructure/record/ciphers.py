"""The two ciphers of the books: Ed25519 (RFC 8032) and ML-DSA-44 (FIPS 204, pure, with no context), from `cryptography`.

Whoever signs holds a `Private` key; whoever checks needs its octets alone, and hands `check` to `cosignature.holds`.
"""

from functools import lru_cache
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from msgspec import Struct

from domain.record import cosignature
from domain.record.cosignature import Cosignature
from domain.record.note import SIGNATURE_BYTES, Kind, Signature, VerifierKey

KEYS_READ: Final = 512
"""So many public keys stay read: a book has a handful, and reading one of ML-DSA-44 costs as much as a signature."""


class NotAKeyError(ValueError):
    """The octets are no private key of the kind that was asked for."""


class Private(Struct, frozen=True):
    """A private key and how it signs. One Ed25519 key may serve as a log's or as a witness's, never as both."""

    kind: Kind
    cipher: Ed25519PrivateKey | MLDSA44PrivateKey

    def __post_init__(self) -> None:
        assert isinstance(self.cipher, MLDSA44PrivateKey) is (self.kind is Kind.COSIGNATURE_ML_DSA_44), "a cipher of its kind"

    def __repr__(self) -> str:
        """Without the key."""
        return f"Private({self.kind.name})"

    @classmethod
    def generate(cls, kind: Kind) -> Self:
        """A new key, from the system's randomness."""
        ours = MLDSA44PrivateKey if kind is Kind.COSIGNATURE_ML_DSA_44 else Ed25519PrivateKey
        return cls(kind, ours.generate())

    @classmethod
    def seeded(cls, kind: Kind, seed: bytes) -> Self:
        """The key that 32 octets stand for."""
        if kind is Kind.COSIGNATURE_ML_DSA_44:
            return cls(kind, MLDSA44PrivateKey.from_seed_bytes(seed))
        return cls(kind, Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def parsed(cls, kind: Kind, pem: bytes) -> Self:
        """Read what `pem` wrote. Raises NotAKeyError."""
        try:
            cipher = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise NotAKeyError("not a private key in PEM, without a password") from error
        if kind is Kind.COSIGNATURE_ML_DSA_44 and isinstance(cipher, MLDSA44PrivateKey):
            return cls(kind, cipher)
        if kind is not Kind.COSIGNATURE_ML_DSA_44 and isinstance(cipher, Ed25519PrivateKey):
            return cls(kind, cipher)
        raise NotAKeyError(f"a private key of another cipher than {kind.name}")

    @property
    def pem(self) -> bytes:
        """The key as others' programs read it, too: PKCS #8, not encrypted (that of ML-DSA-44 as its seed)."""
        return self.cipher.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public(self) -> bytes:
        """The octets that others check with."""
        return self.cipher.public_key().public_bytes_raw()

    def key(self, name: str) -> VerifierKey:
        """The public key under a name."""
        return VerifierKey(name, self.kind, self.public)

    def bare(self, message: bytes) -> bytes:
        """Sign octets as they are. Whoever signs a note wants `signature`."""
        return self.cipher.sign(message)

    def signature(self, name: str, text: str, at: int = 0) -> Signature:
        """The line under a note of this text; ``at``: a witness's time, in seconds since 1970.

        Raises Malformed where an ML-DSA-44 key is to sign what is no checkpoint.
        """
        key = self.key(name)
        bare = self.bare(cosignature.message(key, text, at))
        if self.kind is Kind.ED25519:
            return Signature(name, key.id, bare)
        return cosignature.line(key, Cosignature(at, bare))


def check(kind: Kind, public: bytes, message: bytes, bare: bytes) -> bool:
    """Whether these belong together (`cosignature.Check`): no for whatever is no key or no signature of the kind."""
    if len(bare) != SIGNATURE_BYTES[kind]:
        return False
    try:
        _public(kind, public).verify(bare, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(KEYS_READ)
def _public(kind: Kind, public: bytes) -> Ed25519PublicKey | MLDSA44PublicKey:
    if kind is Kind.COSIGNATURE_ML_DSA_44:
        return MLDSA44PublicKey.from_public_bytes(public)
    return Ed25519PublicKey.from_public_bytes(public)


HOLDS: Final = cosignature.holds(check)
"""Whether a key signed a text with these octets, by real ciphers."""
