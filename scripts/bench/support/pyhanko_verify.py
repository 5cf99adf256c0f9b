"""Validates one signed PDF again and again with pyHanko; prints CPU seconds per validation, one line a repetition.

Arguments: the file, the root (DER), a folder with revocation lists (*.crl, DER), the instant (ISO), validations a
repetition, repetitions. Reads the file anew each time, as our side does.
"""

import sys
import time
from datetime import datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

path, root, folder, moment, count, repetitions = sys.argv[1:7]
data = Path(path).read_bytes()
roots = [x509.Certificate.load(Path(root).read_bytes())]
lists = [p.read_bytes() for p in Path(folder).glob("*.crl")]
at = datetime.fromisoformat(moment.replace("Z", "+00:00"))


def validate():
    context = ValidationContext(
        trust_roots=roots,
        crls=[crl.CertificateList.load(each) for each in lists],
        allow_fetching=False,
        revocation_mode="require",
        moment=at,
    )
    reader = PdfFileReader(BytesIO(data))
    status = validate_pdf_signature(reader.embedded_signatures[0], context)
    if not status.bottom_line:
        raise SystemExit(f"pyHanko does not accept the benchmark's file: {status.summary()}")


validate()
for _ in range(int(repetitions)):
    start = time.process_time()
    for _ in range(int(count)):
        validate()
    print((time.process_time() - start) / int(count), flush=True)
