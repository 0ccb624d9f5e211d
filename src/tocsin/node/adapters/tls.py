"""Certificates of a party's links, and the TLS contexts made of them: mutual, version 1.3, one trusted issuer a link.

A party has one issuing certificate, which its card carries and whose fingerprint was compared at pairing, and one
short-lived end certificate made from it. A listener trusts the issuer of one partner and nobody else, so that who
calls follows from which door is knocked at; no public certificate authority is ever asked.
"""

import datetime
import hashlib
import ipaddress
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tocsin.errors import BadEvidence, Outage, Refusal
from tocsin.node.adapters.tilefiles import read_file, write_file

ISSUER_DAYS, END_DAYS = 3_660, 398
ISSUER, ISSUER_KEY, CHAIN, END_KEY = "link-issuer.pem", "link-issuer.key", "link.pem", "link.key"
MAX_CERTIFICATE_BYTES = 8_000


def link_name(party: str) -> str:
    """The name in a party's end certificate, checked by whoever calls it. It stands in no public directory."""
    return f"{party}.link.tocsin.internal"


def make_identity(folder: Path, party: str) -> str:
    """A new issuer and end certificate in `folder`; the issuer's PEM text, for the card. Refuses to replace one."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{party} links")])
    certificate = (
        _builder(name, name, key, ISSUER_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(issues=True), critical=True)
        .sign(key, SHA256())
    )
    _secret(folder / ISSUER_KEY, key)
    write_file(folder / ISSUER, certificate.public_bytes(Encoding.PEM))
    renew(folder, party)
    return certificate.public_bytes(Encoding.PEM).decode()


def renew(folder: Path, party: str) -> None:
    """A new end certificate under the same issuer; partners notice nothing."""
    issuer_key = load_pem_private_key(read_file(folder / ISSUER_KEY, "the key of the link's issuer"), None)
    issuer = x509.load_pem_x509_certificate(read_file(folder / ISSUER, "the certificate of the link's issuer"))
    if not isinstance(issuer_key, EllipticCurvePrivateKey):
        raise BadEvidence(f"{folder / ISSUER_KEY}: a P-256 key was expected")
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, link_name(party))])
    names = x509.SubjectAlternativeName(
        [x509.DNSName(link_name(party)), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    certificate = (
        _builder(name, issuer.subject, key, END_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(issues=False), critical=True)
        .add_extension(both, critical=False)
        .add_extension(names, critical=False)
        .add_extension(identifier, critical=False)
        .sign(issuer_key, SHA256())
    )
    (folder / END_KEY).unlink(missing_ok=True)
    _secret(folder / END_KEY, key)
    write_file(folder / CHAIN, certificate.public_bytes(Encoding.PEM))


def fingerprint(pem: str, what: str) -> str:
    """SHA-256 (hex) of a certificate's DER bytes. Raises BadEvidence unless it is one issuer's certificate."""
    if len(pem) > MAX_CERTIFICATE_BYTES:
        raise BadEvidence(f"{what}: a certificate of at most {MAX_CERTIFICATE_BYTES} bytes was expected")
    try:
        (certificate,) = x509.load_pem_x509_certificates(pem.encode())
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, x509.ExtensionNotFound) as error:
        raise BadEvidence(f"{what}: not one certificate of an issuer", pem.encode()) from error
    if not constraints.ca:
        raise BadEvidence(f"{what}: a certificate that may not issue others", pem.encode())
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def listening(folder: Path, partner_issuer: str) -> ssl.SSLContext:
    """For the listener of one partner: callers without a certificate of its issuer are refused in the handshake."""
    return _context(ssl.PROTOCOL_TLS_SERVER, folder, partner_issuer)


def calling(folder: Path, partner_issuer: str) -> ssl.SSLContext:
    """For calls to one partner: its certificate must be of its issuer and carry its link name."""
    return _context(ssl.PROTOCOL_TLS_CLIENT, folder, partner_issuer)


def _context(protocol: int, folder: Path, partner_issuer: str) -> ssl.SSLContext:
    if not partner_issuer:
        raise Refusal("the partner's card has no link certificate; links are never plaintext: ask for a new card")
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = protocol == ssl.PROTOCOL_TLS_CLIENT
    try:
        context.load_verify_locations(cadata=partner_issuer)
        context.load_cert_chain(folder / CHAIN, folder / END_KEY)
    except (OSError, ssl.SSLError) as error:
        raise Outage(f"{folder}: link certificate or key cannot be used ({error}); run tocsin init first") from error
    return context


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=issues, crl_sign=issues, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _secret(path: Path, key: EllipticCurvePrivateKey) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refusal(f"{path}: a key is there already; keys are not replaced by accident") from error
    except OSError as error:
        raise Outage(f"{path}: could not be written ({error.strerror})") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
