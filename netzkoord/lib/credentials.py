"""Verifiable credentials signed with the seal: compact JWS (RFC 7515), and who the issuer is (did:web).

The issuer's name is the host of this installation; whoever checks a signature fetches its key from
`/.well-known/did.json` there. https://w3c-ccg.github.io/did-method-web/
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings

from netzkoord.lib.seals import Seal

CONTEXT = "https://www.w3.org/ns/credentials/v2"
P256_BYTES = 32
# As few as a list may have, so that nobody learns from its length how many there are.
LIST_BITS = 131_072


def issuer_id() -> str:
    """The name of this installation as an issuer: did:web and its host."""
    return f"did:web:{quote(urlsplit(settings.BASE_URL).netloc, safe='')}"


def did_document(seal: Seal) -> dict[str, Any]:
    """What stands behind the issuer's name: the public key of the seal."""
    method = {
        "id": key_id(seal),
        "type": "JsonWebKey2020",
        "controller": issuer_id(),
        "publicKeyJwk": public_jwk(seal),
    }
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": issuer_id(),
        "verificationMethod": [method],
        "assertionMethod": [key_id(seal)],
    }


def key_id(seal: Seal) -> str:
    """Names the key by its thumbprint (RFC 7638), so that a new key has a new name."""
    required = json.dumps(public_jwk(seal), separators=(",", ":"), sort_keys=True)
    return f"{issuer_id()}#{encoded(hashlib.sha256(required.encode()).digest())}"


def public_jwk(seal: Seal) -> dict[str, str]:
    """The public key as RFC 7517 writes it, with no other members than a thumbprint takes."""
    public = seal.key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        return {"kty": "RSA", "n": encoded(as_bytes(numbers.n)), "e": encoded(as_bytes(numbers.e))}
    point = public.public_numbers()
    x, y = (encoded(value.to_bytes(P256_BYTES)) for value in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def signed(credential: dict[str, Any], seal: Seal, *, issued_at: float) -> str:
    """The credential as a JWT, as Open Badges 3.0 (section 8.2) wants it: the payload is the credential itself."""
    claims = {"iss": issuer_id(), "jti": credential["id"], "nbf": int(issued_at)}
    algorithm = "RS256" if isinstance(seal.key, rsa.RSAPrivateKey) else "ES256"
    header = {"alg": algorithm, "typ": "JWT", "kid": key_id(seal), "jwk": public_jwk(seal)}
    message = ".".join(encoded(as_json(part)) for part in (header, credential | claims))
    return f"{message}.{encoded(signature(message.encode(), seal))}"


def signature(message: bytes, seal: Seal) -> bytes:
    if isinstance(seal.key, rsa.RSAPrivateKey):
        return seal.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(seal.key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(P256_BYTES) + s.to_bytes(P256_BYTES)


def bitstring(places: Iterable[int]) -> str:
    """A list of bits, set at these places, as Bitstring Status List 1.0 writes it."""
    bits = bytearray(LIST_BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + encoded(gzip.compress(bytes(bits), mtime=0))


def as_json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def as_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)


def encoded(value: bytes) -> str:
    """Base64 for addresses, without its padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
