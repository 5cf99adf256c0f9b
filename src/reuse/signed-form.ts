/** A scanned consent form as it was uploaded: what it is by its first bytes, never by its name. */
import type { Upload } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import type { SignedForm } from './counter-answers.ts';

/** @throws Failure `invalid` without a file or kind, `unsupported` for anything but PDF, JPEG and PNG */
export async function formOf(upload: Upload): Promise<SignedForm> {
  const [file] = upload.files;
  const kind = upload.fields.kind;
  if (kind !== 'signed-form' && kind !== 'thumbprint') throw kindNeeded();
  if (!file || file.size === 0) throw scanNeeded();
  const bytes = await file.read();
  const witness = (upload.fields.witness ?? '').normalize('NFC').trim().slice(0, 200);
  const number = (upload.fields.witnessNumber ?? '').replace(/\D/g, '').slice(0, 12);
  return {
    kind,
    bytes,
    mediaType: mediaTypeOf(bytes),
    witness: witness === '' ? null : { name: witness, personalNumber: number === '' ? null : number },
  };
}

function mediaTypeOf(bytes: Buffer): SignedForm['mediaType'] {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return 'application/pdf';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (bytes.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n') return 'image/png';
  throw new Failure('unsupported', {
    en: 'The form is kept as PDF, JPEG or PNG. Scan or photograph it again.',
    vi: 'Phiếu lưu dạng PDF, JPEG hoặc PNG. Hãy quét hoặc chụp lại.',
  });
}

const kindNeeded = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'Say whether the form was signed or marked with a thumbprint.',
      vi: 'Hãy chọn: đã ký hay điểm chỉ.',
    },
    { code: 'form-kind-needed', faults: [{ pointer: '/body/kind', detail: 'signed-form or thumbprint.' }] },
  );

export const scanNeeded = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'Add the scan of the form: without it the answer rests on nothing.',
      vi: 'Hãy thêm bản quét phiếu: không có phiếu thì câu trả lời không có căn cứ.',
    },
    { code: 'form-scan-needed', faults: [{ pointer: '/body/file', detail: 'Needed.' }] },
  );
