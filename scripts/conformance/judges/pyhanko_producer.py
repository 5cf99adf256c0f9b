"""Makes signed files with pyHanko for our verifier.

Arguments: folder, PKCS#12 of the signer, PKCS#12 of a timestamp authority, password. Prints `made NAME=VERDICT=LEVEL`.
"""

import sys
from pathlib import Path

from asn1crypto import crl as asn1_crl
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext

folder, p12, tsa_p12, password = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4].encode()
signer = signers.SimpleSigner.load_pkcs12(p12, passphrase=password)
pss = signers.SimpleSigner.load_pkcs12(p12, passphrase=password, prefer_pss=True)
tsa = signers.SimpleSigner.load_pkcs12(tsa_p12, passphrase=password)
stamper = DummyTimeStamper(tsa_cert=tsa.signing_cert, tsa_key=tsa.signing_key, certs_to_embed=tsa.cert_registry)
roots = list(load_certs_from_pemder([str(folder / "root.pem")]))
others = list(load_certs_from_pemder([str(folder / "intermediate.pem")]))
crls = [asn1_crl.CertificateList.load(p.read_bytes()) for p in folder.glob("*.crl")]


def context():
    return ValidationContext(
        trust_roots=roots, other_certs=others, crls=crls, allow_fetching=False, revocation_mode="require"
    )


def make(name, verdict, level, base="plain", key=None, stamped=False, field=None, **metadata):
    metadata.setdefault("field_name", "Signature1")
    with open(folder / f"{base}.pdf", "rb") as source:
        writer = IncrementalPdfFileWriter(source)
        if field is not None:
            fields.append_signature_field(writer, field)
        out = signers.sign_pdf(
            writer,
            PdfSignatureMetadata(**metadata),
            signer=key or signer,
            timestamper=stamper if stamped else None,
        )
    (folder / f"{name}.pdf").write_bytes(out.getbuffer())
    print(f"made {name}={verdict}={level}", flush=True)


PADES = {"subfilter": SigSeedSubFilter.PADES}
LASTING = {**PADES, "embed_validation_info": True, "stamped": True}
for base in ("plain", "streams"):
    make(f"{base}-legacy", "valid", "PKCS7-B", base=base, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    make(f"{base}-bb", "valid", "B-B", base=base, **PADES)
    make(f"{base}-pss", "valid", "B-B", base=base, key=pss, **PADES)
    make(f"{base}-bt", "valid", "B-T", base=base, stamped=True, **PADES)
    make(f"{base}-blt", "valid", "B-LT", base=base, validation_context=context(), **LASTING)
    make(
        f"{base}-blta", "valid", "B-LTA", base=base, validation_context=context(), use_pades_lta=True, **LASTING
    )
make("sha512", "valid", "B-B", md_algorithm="sha512", **PADES)
make("visible", "valid", "B-B", field=SigFieldSpec("Signature1", box=(50, 50, 250, 120), on_page=1), **PADES)
for permission in (MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE):
    make(f"certified-{permission.value}", "valid", "B-B", certify=True, docmdp_permissions=permission, **PADES)
make("twice", "valid-with-permitted-changes", "B-B", base="plain-bb", field_name="Signature2", **PADES)
make("after-archive", "valid-with-permitted-changes", "B-LTA", base="plain-blta", field_name="Signature2", **PADES)
make("after-certification", "valid-with-permitted-changes", "B-B", base="certified-2", field_name="Signature2", **PADES)
