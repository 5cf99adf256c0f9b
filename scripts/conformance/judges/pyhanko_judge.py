"""pyHanko as a judge: validates every signature of each file, and its level, against one root and without network.

B-LT is validated with the revocation data that the file carries and nothing else, B-LTA also by the long-term validation
of EN 319 102-1. That one wants a timestamp inside the signature (pyHanko 0.38: "No signature timestamp present"), so it
is left out where a document timestamp proves the time, which EN 319 142-1 permits as well.
Arguments: a manifest (path, level, signatures, PDF/A, own or foreign; tabs between), the root, a folder with lists.
Prints one line a file: path, accepted or refused, reason.
"""

import asyncio
import sys
from pathlib import Path

from asn1crypto import crl as asn1_crl
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import (
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

manifest, root_file, trust_folder = sys.argv[1:4]
roots = list(load_certs_from_pemder([root_file]))
others = list(load_certs_from_pemder([str(p) for p in Path(trust_folder).glob("intermediate.pem")]))
crls = [asn1_crl.CertificateList.load(p.read_bytes()) for p in Path(trust_folder).glob("*.crl")]

LONG_TERM = PdfSignatureValidationSpec(
    signature_validation_spec=SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=roots),
            revinfo_policy=CertRevTrustPolicy(
                REQUIRE_REVINFO,
                freshness=None,
                freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
            ),
        ),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
        ),
    )
)


def context():
    return ValidationContext(
        trust_roots=roots, other_certs=others, crls=crls, allow_fetching=False, revocation_mode="require"
    )


def is_stamped_inside(signature):
    attributes = signature.signer_info["unsigned_attrs"] or []
    return any(attribute["type"].native == "signature_time_stamp_token" for attribute in attributes)


def check_archived(signature):
    result = asyncio.run(ades_lta_validation(signature, LONG_TERM))
    if not isinstance(result.ades_subindic, AdESPassed):
        return f"{result.ades_subindic}: {result.failure_msg}"
    if result.oldest_evidence_record_timestamp is None:
        return "there is no archive timestamp"
    return None


def check_signature(signature, reader, level):
    """B-LT and above get what the file's own store holds and nothing else."""
    if level in ("B-LT", "B-LTA"):
        store = DocumentSecurityStore.read_dss(reader)
        known = {"trust_roots": roots, "allow_fetching": False, "revocation_mode": "require"}
        contexts = [store.as_validation_context(dict(known)) for _ in range(2)]
    else:
        contexts = [context(), context()]
    status = validate_pdf_signature(signature, contexts[0], ts_validation_context=contexts[1])
    if not status.bottom_line:
        return status.summary()
    if level != "B-B" and status.timestamp_validity is None and not reader.embedded_timestamp_signatures:
        return "there is no timestamp"
    return None


def check(path, level, count, foreign):
    with open(path, "rb") as handle:
        reader = PdfFileReader(handle, strict=True)
        signatures = reader.embedded_regular_signatures
        ours = signatures[-count:] if foreign else signatures
        if len(ours) != count:
            return f"{len(ours)} signatures were found"
        for signature in ours:
            reason = check_signature(signature, reader, level)
            if reason is None and level == "B-LTA" and is_stamped_inside(signature):
                reason = check_archived(signature)
            if reason is not None:
                return reason
        for stamp in reader.embedded_timestamp_signatures:
            status = validate_pdf_timestamp(stamp, context())
            if not (status.intact and status.valid and status.trusted):
                return f"document timestamp: {status.summary()}"
    return None


for line in Path(manifest).read_text().splitlines():
    path, level, count, _, owner = line.split("\t")
    try:
        reason = check(path, level, int(count), owner == "foreign")
    except Exception as error:  # every failure of the judge is a refusal
        reason = f"{type(error).__name__}: {error}"
    word = "accepted" if reason is None else "refused"
    print("\t".join([path, word, (reason or "").replace("\n", " ").replace("\t", " ")]), flush=True)
