/** English words of the public verification pages. */
import type { vi } from './content.vi.ts';

export const en = {
  start: {
    title: 'Check a paper',
    lead: 'Anyone can check, without signing in. The vault does not keep the file you give it.',
    code: 'Code printed on the paper',
    codeHint: 'Beside the QR code, for example: 7K4M-92QX-PD31-R3VN. Capitals and dashes do not matter.',
    checkCode: 'Check the code',
    file: 'Or the PDF file you received',
    fileHint: (size: string) => `At most ${size}. Use the file as it was sent, not a screenshot.`,
    checkFile: 'Check the file',
    how: 'Where is the code?',
    howText:
      'Papers printed from the vault carry a QR code at the top left. Scan it with the phone’s camera and the result opens. The address of the page must be the one printed on the paper.',
    fault: {
      empty: 'No code entered yet. Enter the code beside the QR code, or choose a PDF file below.',
      shape: 'A code has 16 letters and digits, never a U. Look at the printed code again.',
      busy: 'Many files are waiting to be checked. Nothing was kept; try again in a minute.',
      noFile: 'No file chosen yet. Choose the PDF file to check.',
      notPdf: 'This file is not a PDF. Choose the PDF file that was sent to you.',
      tooBig: (size: string) => `The file is larger than ${size}. Check it by the code printed on the paper.`,
    },
  },
  verdict: {
    valid: 'This paper is intact and valid',
    changed: 'Do not use this file. Its content was changed after signing.',
    revoked: 'Do not use this paper. Its issuer has revoked it.',
    annulled: 'Do not use this paper. The competent authority has annulled it.',
    broken: 'Do not use this file. Its digital signature is not right.',
    intact: 'This file is intact and its signature is right',
    intactText:
      'The vault does not know this paper and cannot say whether it is still valid. Enter the code printed on it, or ask its issuer.',
    expired: 'This paper has expired',
    suspended: 'This paper is suspended',
    superseded: 'A newer version has replaced this paper',
    indeterminate: 'No conclusion yet',
    unsigned: 'This file has no digital signature',
    unverified: 'No agency has compared this paper',
    indeterminateText:
      'No conclusion does not mean that the paper is false. Do not rely on it until it has been checked again.',
    at: (time: string, date: string) => `Checked at ${time}, ${date}`,
    test: 'Signed with a test certificate. Without legal value.',
  },
  compare: {
    title: 'Compare with the paper in your hand',
    text: 'The lines below must be exactly alike. If they differ, that paper is not this one.',
    paper: 'Paper',
    holder: 'Holder',
    serial: 'Serial number',
    issuer: 'Issued by',
    keeper: 'Register now kept by',
    issuedOn: 'Issued on',
    validity: 'Valid',
    masked:
      'Name and number are partly hidden, since anyone with the code sees this page. The address of the page must be the one printed on the paper.',
  },
  changes: {
    title: 'What was changed',
    where: 'Where',
    signed: 'Signed version',
    file: 'This file',
  },
  repairs: 'What can be added to the file',
  advice: {
    title: 'What to do',
    changed: (agency: string): readonly string[] => [
      'Do not accept this file.',
      'Ask for the QR code, or for a fresh download from the vault. The signed version is still valid.',
      `If you suspect forgery, tell ${agency}.`,
    ],
    refused: (agency: string): readonly string[] => [
      'Do not accept this paper.',
      `Ask ${agency} for the reason and for its replacement, if there is one.`,
    ],
    broken: (agency: string): readonly string[] => [
      'Do not accept this file.',
      'Ask for the QR code, or for a fresh download from the vault.',
      `If you suspect forgery, tell ${agency}.`,
    ],
    intact: (agency: string): readonly string[] => [
      'Content and signer can be trusted.',
      `Ask ${agency} whether the paper is still valid before relying on it.`,
    ],
    ended: (agency: string): readonly string[] => [
      'Ask for a paper that is valid now.',
      `To know more, ask ${agency}.`,
    ],
    indeterminate: (agency: string): readonly string[] => [
      'Check again in an hour, or enter the code printed on the paper.',
      `If you need it now, ask ${agency}.`,
    ],
    unsigned: (): readonly string[] => [
      'Ask for the QR code or for the PDF file from the vault.',
      'Photographs and scans cannot be checked this way.',
    ],
    haste: 'Do not blame the bearer in haste: programs for pictures or notes can also change a file.',
    theIssuer: 'the agency named on the paper',
  },
  worth: 'What is this paper worth?',
  technical: 'Technical details',
  signatures: 'Each signature in the file',
  rows: {
    conclusion: 'Conclusion',
    signature: (index: number) => `Signature ${index}`,
    time: 'Timestamp',
    claimed: 'Time claimed by the signer',
    digest: 'SHA-256',
    size: 'Size',
  },
  change: {
    page: (page: number) => `Page ${page}`,
    wholeFile: 'In the file',
    asSigned: 'As signed',
    nothing: 'Nothing',
  },
  log: 'Log checkpoint',
  again: 'Check another paper',
  notFound: {
    title: 'No paper carries this code',
    text: (code: string) => `The code ${code} is well formed, but not in this vault.`,
    reasons: [
      'Compare each group of the code with the paper: 0 and O, 1 and I are easily mixed up.',
      'Look at the address printed on the paper. Papers of another province are checked on its own page.',
      'If it is still not found, ask the agency named on the paper. Do not accept the paper yet.',
    ] as readonly string[],
  },
} satisfies typeof vi;
