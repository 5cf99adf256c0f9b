/**
 * The nine outcomes of a reuse request, each with the invented person and the request that give it. One table behind the
 * seed, the guide and the test. Personal numbers are of place 000, which no real person has.
 */

/** Where the sandbox's dossiers are, and what they are about. */
export const AGENCY = 'H24.991';
export const PROCEDURE = '1.004222';
export const COMPONENT = 'legal-residence';
export const CLIENT = 'tthc-h24';
export const SCOPES: readonly string[] = [
  'documents:deposit',
  'documents:status',
  'dossiers:write',
  'reuse:request',
  'reuse:retrieve',
  'events:subscribe',
];

export interface TestPerson {
  readonly personalNumber: string;
  readonly fullName: string;
  readonly birthDate: string;
}

export interface TestCase {
  readonly outcome: string;
  /** Dossiers are `H24.991-261124-<dossier>`; each case has its own. */
  readonly dossier: string;
  readonly person: TestPerson;
  /** What the form says instead, where it says something else. */
  readonly says?: Partial<TestPerson>;
  /** Signs in at the development issuer under this name, where an answer is needed. */
  readonly signsIn?: string;
  /** What lies in the vault before the request. */
  readonly paper: 'none' | 'valid' | 'suspended' | 'revoked';
  /** The person has allowed this dossier. */
  readonly consent?: true;
  /** Added to the request. */
  readonly order?: Readonly<Record<string, unknown>>;
  /** The case is put into this state by the sandbox itself. */
  readonly digitising?: true;
  /** Asked for instead of `legal-residence`. */
  readonly component?: string;
  readonly about: string;
}

const person = (personalNumber: string, fullName: string, birthDate: string): TestPerson => ({
  personalNumber,
  fullName,
  birthDate,
});
const LAN = person('000190000017', 'Nguyễn Thị Lan', '1990-05-04');

export const TEST_CASES: readonly TestCase[] = [
  {
    outcome: 'consent_required',
    dossier: '9001',
    person: LAN,
    paper: 'valid',
    about: 'Lan has a land-use certificate and has not been asked.',
  },
  {
    outcome: 'available',
    dossier: '9002',
    person: LAN,
    signsIn: 'lan',
    paper: 'valid',
    consent: true,
    about: 'Lan has allowed it for this dossier.',
  },
  {
    outcome: 'preview_required',
    dossier: '9003',
    person: LAN,
    signsIn: 'lan',
    paper: 'valid',
    consent: true,
    order: { preview: 'required' },
    about: 'Lan has allowed it, and the procedure wants her to look at it first.',
  },
  {
    outcome: 'not_found',
    dossier: '9004',
    person: person('000092000062', 'Đỗ Văn Tài', '1992-07-15'),
    paper: 'none',
    about: 'Tài has no paper that would do; the statement says where was searched.',
  },
  {
    outcome: 'mismatch',
    dossier: '9005',
    person: LAN,
    says: { birthDate: '1990-04-05' },
    paper: 'valid',
    about: 'Day and month of the birth date are exchanged.',
  },
  {
    outcome: 'need_more',
    dossier: '9006',
    person: LAN,
    paper: 'none',
    component: 'relation',
    about: 'Whether she joins a relative decides which paper is needed, and was not said.',
  },
  {
    outcome: 'not_acceptable',
    dossier: '9007',
    person: person('000148000048', 'Lê Thị Sáu', '1948-09-02'),
    paper: 'suspended',
    about: 'The paper of Sáu is suspended.',
  },
  {
    outcome: 'revoked',
    dossier: '9008',
    person: person('000208000031', 'Phạm Quang Minh', '2008-03-12'),
    paper: 'revoked',
    about: 'The paper of Minh was revoked.',
  },
  {
    outcome: 'pending',
    dossier: '9009',
    person: person('000085000024', 'Trần Văn Hùng', '1985-01-20'),
    paper: 'none',
    digitising: true,
    about: 'The paper of Hùng is being digitised at the desk.',
  },
];

export const dossierOf = (test: Pick<TestCase, 'dossier'>): string => `${AGENCY}-261124-${test.dossier}`;

/** The body of `POST /api/v1/reuse-requests`. */
export const orderOf = (test: TestCase) => ({
  agency: AGENCY,
  procedure: PROCEDURE,
  dossier: dossierOf(test),
  owner: { ...test.person, ...test.says },
  components: [test.component ?? COMPONENT],
  purpose: 'Đăng ký thường trú',
  ...test.order,
});
