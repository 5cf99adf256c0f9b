/**
 * The law of the vault in one table: for every operation, who gets an answer about a thing of the commune, or, where
 * this vault holds no such thing, who gets as far as being told so. Everybody else is refused. Written by hand and not
 * derived from the routes, so that a slip in a declaration shows. A route without a row fails the test.
 */
import { randomUUID } from 'node:crypto';
import { ROLES, type Role } from '../../src/identity/index.ts';
import { type CallerName, CITIZENS, FORMER, HERE, type PermissionCallers } from './permission-callers.ts';
import { COMPONENT, depositFor, oneId, PROCEDURE, sparePerson, type Things } from './permission-things.ts';
import { form, LAN, landCertificate, pdfWith, type WholeVault } from './whole-vault.ts';

export interface Row {
  /** Get an answer about the real thing; with a guessed id nobody does. `everyone`: open to the world. */
  readonly answers?: readonly CallerName[] | 'everyone';
  /**
   * Get as far as the policy behind; what it says of their thing is tried by the tests of its module, since a
   * well-formed request needs more than this table makes. All others are refused before.
   */
  readonly gate?: readonly CallerName[];
  /** The vault of the test holds no such thing: these are told so, all others are refused before. */
  readonly reaches?: readonly CallerName[];
  /** Where a thing is used up by an answer, or where its path names another thing. */
  readonly prepare?: (
    scene: Scene,
  ) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** What makes the request well-formed, so that the policy is asked and not the shape. */
  readonly request?: (
    scene: Scene & { readonly made: Readonly<Record<string, string>> },
  ) => Asked | Promise<Asked>;
  /** Entitled to know of the thing although they get no answer: their refusal may differ from that of a guess. */
  readonly mayKnow?: readonly CallerName[];
  /** Only these are tried, for what would end the session of whoever does it. */
  readonly only?: readonly CallerName[];
  /** Without a guessed id: the path names nothing that could be guessed. */
  readonly nothingToGuess?: boolean;
}

export interface Asked {
  readonly query?: string;
  readonly json?: object;
  readonly body?: () => Promise<FormData> | FormData;
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Scene {
  readonly site: WholeVault;
  readonly callers: PermissionCallers;
  readonly things: Things;
}

const same = (...roles: readonly Role[]): CallerName[] => roles.map((role) => `${role}/same` as CallerName);
/** At any agency: what the operation is about belongs to none. */
const anywhere = (...roles: readonly Role[]): CallerName[] =>
  roles.flatMap((role) => [`${role}/same`, `${role}/other`] as CallerName[]);
const PEOPLE = CITIZENS;
const OFFICERS = anywhere(...ROLES);
/** Everybody with a session, whatever they hold or held. */
const SIGNED_IN: readonly CallerName[] = [...PEOPLE, ...OFFICERS, ...FORMER];
const LEVEL_TWO = SIGNED_IN.filter((name) => name !== 'citizen/own-level-1');

const VIEWERS: readonly CallerName[] = [
  'citizen/own',
  'citizen/own-level-1',
  'citizen/legal',
  'citizen/delegate',
  'citizen/parent',
  'citizen/heir',
];
const READERS = VIEWERS.filter((name) => name !== 'citizen/own-level-1' && name !== 'citizen/heir');
const DEPOSITORS = [
  ...same(
    'desk-officer',
    'post-office-clerk',
    'civil-status-officer',
    'certifier',
    'document-clerk',
    'school-clerk',
  ),
  'system/same',
] as const;
const REUSERS = [
  ...same('desk-officer', 'post-office-clerk', 'civil-status-officer', 'certifier'),
  'system/same',
] as const;
const ISSUERS = anywhere('school-clerk', 'civil-status-officer', 'head');

const paper = async (metadata: object): Promise<FormData> =>
  form({ metadata }, [{ bytes: await pdfWith('x') }]);
const dossierFacts = (scene: Scene) => ({
  procedure: PROCEDURE,
  owner: scene.callers.personOf('citizen/own'),
  state: 'in-progress',
  receivedAt: '2026-11-24T08:00:00+07:00',
});
const reason = 'as the table of the test says';
const soon = (): string => new Date(Date.now() + 3_600_000).toISOString();

/** A paper of their own that a citizen uploaded. */
async function uploadFor(scene: Scene, caller: CallerName): Promise<string> {
  const body = form({ metadata: { name: 'Giấy của tôi' } }, [{ bytes: await pdfWith('x') }]);
  const response = await scene.callers.asking.get(caller)?.('/api/v1/me/documents', { method: 'POST', body });
  if (response?.status !== 201) throw new Error(`${caller} could not upload`);
  return ((await response.json()) as { documentId: string }).documentId;
}

const documents: Readonly<Record<string, Row>> = {
  depositDocument: {
    answers: DEPOSITORS,
    request: () => ({ body: () => paper(landCertificate()) }),
    nothingToGuess: true,
  },
  changeDocumentStatus: {
    answers: [...same('head', 'manager', 'civil-status-officer'), 'system/same'],
    prepare: async ({ site }) => depositFor(site, [LAN]),
    request: () => ({ json: { status: 'suspended', reason } }),
  },
  addDocumentVersion: { answers: DEPOSITORS, request: () => ({ body: () => paper({ reason }) }) },
  listDocumentVersions: { answers: VIEWERS },
  showDocument: { answers: VIEWERS },
  readDocument: { answers: READERS },
  listMyDocuments: { answers: SIGNED_IN },
  uploadMyDocument: { answers: LEVEL_TWO, request: () => ({ body: () => paper({ name: 'Giấy' }) }) },
  removeMyUpload: {
    answers: ['citizen/own'],
    prepare: async (scene) => ({ documentId: await uploadFor(scene, 'citizen/own') }),
  },
  orderErasure: {
    answers: same('auditor'),
    prepare: async ({ site }) => depositFor(site, [LAN]),
    request: () => ({
      json: { basis: 'owner-request', decisionNumber: '1/QĐ', decisionDate: '2026-11-20' },
    }),
  },
  decideErasure: {
    answers: same('head', 'manager'),
    prepare: async ({ site, callers }) => {
      const { documentId } = await depositFor(site, [LAN]);
      await callers.asking.get('auditor/same')?.(`/api/v1/documents/${documentId}/erasures`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ basis: 'owner-request', decisionNumber: '2/QĐ', decisionDate: '2026-11-20' }),
      });
      const text = 'SELECT id::text FROM erasure_order WHERE document_id = $1';
      return { erasureId: await oneId(site, text, [documentId]) };
    },
    request: () => ({ json: { decision: 'refuse' } }),
  },
  listErasures: { answers: same('auditor', 'head', 'manager') },
  recordDossier: {
    answers: [...same('desk-officer', 'post-office-clerk', 'civil-status-officer'), 'system/same'],
    request: (scene) => ({ json: dossierFacts(scene) }),
    nothingToGuess: true,
  },
  listDossiers: {
    answers: [...same('desk-officer', 'post-office-clerk', 'civil-status-officer', 'manager'), 'system/same'],
  },
  exportDossier: {
    answers: [...same('desk-officer', 'post-office-clerk', 'civil-status-officer', 'manager'), 'system/same'],
  },
  archiveDossier: { answers: [...same('desk-officer', 'civil-status-officer'), 'system/same'] },
  depositDossier: {
    answers: [...same('desk-officer', 'post-office-clerk', 'civil-status-officer'), 'system/same'],
    request: (scene) => ({
      body: async () => {
        const { agency: _, ...land } = landCertificate();
        const papers = [{ ...land, files: ['a'], group: 'component', component: COMPONENT }];
        return form({ dossier: { ...dossierFacts(scene), papers } }, [
          { field: 'a', bytes: await pdfWith('x') },
        ]);
      },
    }),
    nothingToGuess: true,
  },
};

const ownPages: Readonly<Record<string, Row>> = {
  showMyPapers: { answers: SIGNED_IN },
  showMyPaper: { answers: VIEWERS },
  downloadMyPaper: { answers: READERS },
  showUpload: { answers: LEVEL_TWO },
  showProcedures: { answers: SIGNED_IN },
  showChecklist: { answers: SIGNED_IN, prepare: async () => ({ code: PROCEDURE }), nothingToGuess: true },
  uploadMyPaper: {
    answers: LEVEL_TWO,
    request: () => ({
      body: async () => form({ ten: 'Giấy' }, [{ field: 'tep', bytes: await pdfWith('x') }]),
    }),
  },
  askRemoveMyUpload: {
    answers: ['citizen/legal'],
    prepare: async (scene) => ({ id: await uploadFor(scene, 'citizen/legal') }),
  },
  removeMyPaper: {
    answers: ['citizen/legal'],
    prepare: async (scene) => ({ id: await uploadFor(scene, 'citizen/legal') }),
    request: () => ({ fields: {} }),
  },
};

/** Officers ask inside a counter session, which the tests of the counter open; without one they get nothing. */
const BY_SYSTEM: readonly CallerName[] = ['system/same'];
const reuse: Readonly<Record<string, Row>> = {
  requestReuse: {
    answers: BY_SYSTEM,
    mayKnow: REUSERS,
    request: ({ things, callers }) => ({
      headers: { 'Idempotency-Key': randomUUID() },
      json: {
        agency: HERE,
        procedure: PROCEDURE,
        dossier: things.dossier,
        owner: callers.personOf('citizen/own'),
        components: [COMPONENT],
        purpose: 'Đăng ký thường trú',
      },
    }),
    nothingToGuess: true,
  },
  showReuse: { answers: BY_SYSTEM, mayKnow: REUSERS },
  askConsent: {
    answers: BY_SYSTEM,
    mayKnow: REUSERS,
    request: () => ({ json: { components: [COMPONENT] } }),
  },
  // The owner has not agreed yet: even those who may ask get no byte.
  retrieveReused: { answers: [], mayKnow: REUSERS },
  askForPaper: { answers: BY_SYSTEM, mayKnow: REUSERS, request: () => ({ json: { reason: 'illegible' } }) },
};

const consent: Readonly<Record<string, Row>> = {
  listMyConsents: { answers: SIGNED_IN },
  showMyConsent: { answers: ['citizen/own'] },
  answerConsent: {
    answers: ['citizen/own'],
    request: ({ things }) => ({ json: { decision: 'refuse', textSha256: things.textSha256 } }),
  },
  withdrawConsent: { answers: ['citizen/own'] },
  showRequests: { answers: SIGNED_IN },
  showGrants: { answers: SIGNED_IN },
  showRequest: { answers: ['citizen/own'] },
  changeAnswers: { answers: ['citizen/own'], request: () => ({ fields: {} }) },
  checkAnswers: { answers: ['citizen/own'], request: () => ({ fields: {} }) },
  sendAnswers: { answers: ['citizen/own'], request: () => ({ fields: {} }) },
  showSentAnswers: { answers: ['citizen/own'] },
  showWithdrawal: { answers: [], prepare: ({ things }) => ({ id: things.consentId }) },
  withdrawGrantOnPage: {
    // Nothing was given yet, so there is nothing to withdraw: the owner is told so.
    answers: ['citizen/own'],
    prepare: ({ things }) => ({ id: things.consentId }),
    request: () => ({ fields: {} }),
  },
};

const usage: Readonly<Record<string, Row>> = {
  listMyUsages: { answers: SIGNED_IN },
  showUsageLog: { answers: SIGNED_IN },
  exportUsageLog: { answers: SIGNED_IN },
  showComplaint: { answers: ['citizen/own'] },
  sendComplaint: { answers: ['citizen/own'], request: () => ({ fields: { viec: 'explain' } }) },
  showSentComplaint: {
    answers: ['citizen/own'],
    request: () => ({ query: '?ma=x&han=2026-11-30T00:00:00Z' }),
  },
};

const identity: Readonly<Record<string, Row>> = {
  // There is an operator already: whoever asks is told that nobody becomes the first one.
  becomeFirstOperator: {
    answers: LEVEL_TWO,
    request: () => ({ json: { token: 'x'.repeat(43) } }),
    nothingToGuess: true,
  },
  listRoles: { answers: [...same('manager', 'auditor', 'operator'), 'operator/other'] },
  grantRole: {
    answers: same('manager'),
    prepare: ({ site }) => sparePerson(site),
    request: ({ made }) => ({
      json: { role: 'certifier', receiver: { accountId: made.accountId }, reason },
    }),
  },
  endRole: {
    answers: same('manager'),
    mayKnow: [...same('auditor', 'operator'), 'operator/other'],
    prepare: ({ site }) => sparePerson(site, 'certifier'),
  },
  coverLeave: {
    answers: same('manager'),
    mayKnow: [...same('operator'), 'operator/other'],
    prepare: async ({ site }) => {
      const { assignment } = await sparePerson(site, 'school-clerk');
      return { assignment, stands: (await sparePerson(site)).accountId };
    },
    request: ({ made }) => ({
      json: { accountId: made.stands, from: new Date().toISOString(), until: soon(), reason },
    }),
  },
  breakGlass: {
    answers: OFFICERS.filter((name) => name.endsWith('/same') && name !== 'auditor/same'),
    request: () => ({ json: { role: 'document-clerk', reason } }),
  },
  recordLeaver: {
    answers: same('manager'),
    prepare: ({ site }) => sparePerson(site, 'document-clerk'),
    request: ({ made }) => ({ json: { accountId: made.accountId } }),
  },
  listClients: { answers: [...same('manager', 'operator'), 'operator/other'] },
  registerClient: {
    answers: [...same('manager', 'operator'), 'operator/other'],
    request: async () => ({ json: await newClient() }),
  },
  rotateClientKeys: {
    answers: [...same('manager', 'operator'), 'operator/other'],
    prepare: spareClient,
    request: async () => ({ json: (await newClient()).jwks }),
  },
  setClientScopes: {
    answers: [...same('manager', 'operator'), 'operator/other'],
    prepare: spareClient,
    request: () => ({ json: { scopes: ['catalogue:read'] } }),
  },
  disableClient: {
    answers: [...same('manager', 'operator'), 'operator/other'],
    prepare: spareClient,
  },
  listMyRepresentations: { answers: SIGNED_IN },
  registerOrganisation: {
    answers: anywhere('desk-officer', 'manager'),
    request: () => ({
      json: { registrationNumber: '0000000077', name: 'Công ty Thử', representative: LAN, basis: reason },
    }),
    nothingToGuess: true,
  },
  appointDelegate: {
    answers: ['citizen/legal'],
    request: () => ({ json: { delegate: LAN, documentTypes: [], until: soon(), basis: reason } }),
  },
  recordRepresentation: {
    answers: anywhere('civil-status-officer'),
    request: ({ things }) => ({
      json: { kind: 'guardian', principalId: things.childId, representative: LAN, basis: reason },
    }),
    nothingToGuess: true,
  },
  endRepresentation: {
    answers: ['citizen/legal'],
    prepare: async ({ site, things, callers }) => {
      // Only who appointed a delegate, or the delegate, ends it.
      const delegate = await sparePerson(site);
      await callers.asking.get('citizen/legal')?.(`/api/v1/organisations/${things.organisation}/delegates`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          delegate: { personalNumber: delegate.personalNumber, fullName: delegate.fullName },
          documentTypes: ['LOCAL.PASSPORT'],
          until: soon(),
          basis: reason,
        }),
      });
      const text = `SELECT id::text FROM representation WHERE document_types = ARRAY['LOCAL.PASSPORT'] ORDER BY id DESC LIMIT 1`;
      return { representation: await oneId(site, text, []) };
    },
  },
  listAccessRequests: { answers: SIGNED_IN },
  answerAccessRequest: {
    reaches: LEVEL_TWO,
    request: () => ({ json: { allow: [] } }),
  },
  listAccessGrants: { answers: SIGNED_IN },
  withdrawAccessGrant: { reaches: SIGNED_IN },
  showAccessRequest: { reaches: SIGNED_IN },
  answerAccessRequestOnPage: {
    reaches: SIGNED_IN,
    request: () => ({ fields: { 'tra-loi': 'tu-choi' } }),
  },
  showAccessAnswered: {
    answers: SIGNED_IN,
    prepare: () => ({ answer: 'da-tu-choi' }),
    nothingToGuess: true,
  },
  answerAccessConsent: { reaches: SIGNED_IN, request: () => ({ fields: {} }) },
};

const issuance: Readonly<Record<string, Row>> = {
  getIssueForm: { reaches: ISSUERS },
  prepareIssueBatch: { reaches: ISSUERS, request: () => ({ body: () => form({ metadata: {} }, []) }) },
  getIssueBatch: { reaches: [...ISSUERS, ...anywhere('manager')] },
  approveIssueBatch: { reaches: anywhere('head') },
  pauseIssueBatch: { reaches: ISSUERS },
  cancelIssueBatch: { reaches: ISSUERS },
};

const email = () => ({ channel: 'email' });
const notices: Readonly<Record<string, Row>> = {
  listMyNotifications: { answers: SIGNED_IN },
  markMyNotificationsRead: { answers: SIGNED_IN, request: () => ({ json: {} }) },
  showMyContact: { answers: SIGNED_IN },
  chooseMyContact: {
    answers: SIGNED_IN,
    request: () => ({ json: { language: 'vi', byEmail: false, bySms: false, byApp: false } }),
  },
  proposeMyAddress: {
    answers: SIGNED_IN,
    prepare: email,
    request: () => ({ json: { address: 'nobody' } }),
    nothingToGuess: true,
  },
  confirmMyAddress: {
    answers: SIGNED_IN,
    prepare: email,
    request: () => ({ json: { code: '000000' } }),
    nothingToGuess: true,
  },
  showNotices: { answers: SIGNED_IN },
  markNoticesRead: { answers: SIGNED_IN, request: () => ({ fields: {} }) },
  showContact: { answers: SIGNED_IN },
  chooseContact: { answers: SIGNED_IN, request: () => ({ fields: {} }) },
  proposeAddress: {
    answers: SIGNED_IN,
    prepare: email,
    request: () => ({ fields: { diachi: 'nobody' } }),
    nothingToGuess: true,
  },
  confirmAddress: {
    answers: SIGNED_IN,
    prepare: email,
    request: () => ({ fields: { ma: '000000' } }),
    nothingToGuess: true,
  },
  removeAddress: {
    answers: SIGNED_IN,
    prepare: email,
    request: () => ({ fields: {} }),
    nothingToGuess: true,
  },
};

const MANAGERS = anywhere('manager');
const webhooks: Readonly<Record<string, Row>> = {
  registerWebhook: { answers: MANAGERS, request: () => ({ json: {} }) },
  listWebhooks: { answers: MANAGERS },
  changeWebhook: { reaches: MANAGERS, request: () => ({ json: {} }) },
  rotateWebhookSecrets: { reaches: MANAGERS, request: () => ({ json: {} }) },
  listWebhookKeys: { reaches: MANAGERS },
  tryWebhook: { reaches: MANAGERS },
  listWebhookMessages: { reaches: MANAGERS },
  showWebhookMessage: { reaches: MANAGERS },
  resendWebhookMessage: { reaches: MANAGERS },
};

const CLERKS: readonly CallerName[] = [
  ...anywhere('desk-officer', 'post-office-clerk', 'civil-status-officer'),
  'system/same',
  'system/other',
];
const links: Readonly<Record<string, Row>> = {
  listLinks: { answers: [...OFFICERS, 'system/same', 'system/other'] },
  checkIdentity: {
    reaches: CLERKS,
    request: () => ({
      json: { agency: HERE, dossier: 'H24.991-261124-0000', person: { ...LAN, birthDate: '1990-05-04' } },
    }),
    nothingToGuess: true,
  },
  showIdentityCheck: { reaches: CLERKS },
  showLinksPage: { answers: anywhere('desk-officer', 'post-office-clerk', 'civil-status-officer') },
};

const OVERSEERS = anywhere('manager', 'auditor');
const statistics: Readonly<Record<string, Row>> = {
  showStatistics: { answers: OVERSEERS },
  exportStatistics: { answers: OVERSEERS },
  showStatisticsMethod: { answers: OVERSEERS },
  showPaperDemands: { answers: OVERSEERS },
};

const AT_COUNTERS = anywhere('desk-officer', 'post-office-clerk', 'civil-status-officer', 'certifier');
const WITH_SYSTEMS = [...AT_COUNTERS, 'system/same', 'system/other'] as const;
const HANDLERS = anywhere('desk-officer', 'civil-status-officer', 'manager');
const gated = (gate: readonly CallerName[], ...operations: readonly string[]): Record<string, Row> =>
  Object.fromEntries(operations.map((operation) => [operation, { gate }]));

const counter: Readonly<Record<string, Row>> = {
  ...gated(
    AT_COUNTERS,
    'answerAtCounter',
    'answerByForm',
    'answerNeedMore',
    'askConsentOnPage',
    'askFullView',
    'decidePreviewAtCounter',
    'decidePreviewOnPage',
    'endCounterOnPage',
    'endCounterSession',
    'getDeskStatement',
    'nextPerson',
    'openCounterSession',
    'openDossier',
    'openPaperAtDesk',
    'recordAnswer',
    'sendConsentCode',
    'sendPaperDemand',
    'showConsentForm',
    'showConsentWords',
    'showCounterReceipt',
    'showDesk',
    'showDossier',
    'showLine',
    'showPaperDemand',
    'takePaper',
    'uploadConsentForm',
    'withdrawAtCounter',
  ),
  ...gated(WITH_SYSTEMS, 'checkBeforeCertifying', 'supplementReuse'),
  ...gated(
    [...anywhere('desk-officer', 'post-office-clerk', 'civil-status-officer'), 'system/same', 'system/other'],
    'checkIdentity',
    'showIdentityCheck',
  ),
  ...gated([...OFFICERS, 'system/same', 'system/other'], 'listLinks'),
  ...gated(HANDLERS, 'answerDataRequest', 'settleDataRequestOnPage'),
  listDataRequests: { answers: HANDLERS },
  showDataRequests: { answers: HANDLERS },
  ...gated([...WITH_SYSTEMS, ...anywhere('manager', 'auditor')], 'countPaperRequests'),
  listRelianceNotices: { answers: REUSERS },
  showReuseReceipt: { answers: ['citizen/own', ...REUSERS] },
  retrieveFields: { answers: [], mayKnow: REUSERS },
  ...gated(
    [...SIGNED_IN, 'system/same', 'system/other'],
    'getNotFoundStatementPdf',
    'proveReceiptLine',
    'showNotFoundStatement',
  ),
};

const rights: Readonly<Record<string, Row>> = {
  ...gated(LEVEL_TWO, 'decideMyPreview'),
  ...gated(SIGNED_IN, 'decidePreviewAsCitizen', 'makeCounterCode', 'makeDataRequest', 'sendDataRequest'),
  listMyDataRequests: { answers: SIGNED_IN },
  listMyPaperRequests: { answers: SIGNED_IN },
  listMyPreviews: { answers: SIGNED_IN },
  showCounterCode: { answers: SIGNED_IN },
  showPreviews: { answers: SIGNED_IN },
  showRights: { answers: SIGNED_IN },
};

const SCANNING = [
  'desk-officer',
  'post-office-clerk',
  'civil-status-officer',
  'certifier',
  'document-clerk',
  'school-clerk',
] as const;

const digitisation: Readonly<Record<string, Row>> = {
  ...gated(
    anywhere(...SCANNING),
    'captureByForm',
    'captureFiles',
    'compareByForm',
    'confirmValues',
    'examineScan',
    'finishByForm',
    'keepScan',
    'openScan',
    'openScanByForm',
    'proposeValues',
    'rejectByForm',
    'rejectScan',
    'removeByForm',
    'removeCapturedFile',
    'showDigitisation',
    'showRejection',
    'showScanAtPage',
    'showScanMore',
    'showScanOpening',
    'showScanPage',
    'showScanPicture',
    'showScanThumbnail',
    'signScan',
    'signScanByForm',
  ),
  ...gated(
    anywhere(...SCANNING, 'head', 'manager'),
    'listScans',
    'readStatement',
    'readStatementSignature',
    'showScan',
    'showScannedPage',
  ),
  ...gated(
    anywhere('desk-officer', 'civil-status-officer', 'certifier', 'document-clerk', 'school-clerk', 'head'),
    'attestScan',
    'attestSecondByForm',
  ),
  ...gated(
    anywhere('document-clerk', 'civil-status-officer', 'school-clerk', 'desk-officer', 'head'),
    'searchAgencyPapers',
    'searchTextByForm',
    'showTextSearch',
  ),
  ...gated(LEVEL_TWO, 'searchMyPapers'),
  ...gated(
    [...anywhere('civil-status-officer', 'document-clerk'), 'system/same', 'system/other'],
    'pushResult',
  ),
};

const registers: Readonly<Record<string, Row>> = {
  ...gated(
    ISSUERS,
    'approveRegisterAction',
    'askToCancelBatch',
    'cancelBatchFromPage',
    'cancelRegisterAction',
    'downloadIssueForm',
    'downloadRowsToMend',
    'importRegister',
    'issueRegisterCopy',
    'leaveRowOut',
    'listRegisters',
    'mendFromFile',
    'mendRow',
    'pauseBatchFromPage',
    'prepareBatchFromForm',
    'prepareRegisterAction',
    'previewBatch',
    'previewTemplate',
    'searchRegisters',
    'showBatch',
    'showBatches',
    'showMendFile',
    'showNewBatch',
    'showRowToMend',
    'signBatch',
    'showRegisters',
    'searchRegistersFromPage',
    'importRegisterFromPage',
    'showRegisterBook',
    'decideAboutCohort',
    'showRegisterEntry',
    'decideAboutEntry',
    'issueCopyFromPage',
    'showRegisterAction',
    'approveActionFromPage',
    'cancelActionFromPage',
  ),
  ...gated([...ISSUERS, ...anywhere('manager')], 'getRegisterAction'),
  ...gated(anywhere('head'), 'closeRegisterPages', 'closePagesFromPage'),
};

const ledger: Readonly<Record<string, Row>> = {
  ...gated(anywhere('auditor'), 'exportLedger', 'showLedger'),
  ...gated(SIGNED_IN, 'answerAccessRequestOnPage', 'proveMyUsage', 'showAccessAnswered', 'showAccessRequest'),
  proveDocument: { answers: VIEWERS },
};

const publicPages: Readonly<Record<string, Row>> = Object.fromEntries(
  [
    'listProcedureComponents',
    'listDocumentTypes',
    'getAgency',
    'showSignIn',
    'sendSignIn',
    'startSignIn',
    'finishSignIn',
    'showAccessConsent',
    'getStylesheet',
    'showFirstPage',
    'showHelp',
    'showPrivacy',
    'showAccessibility',
    'showOffices',
    'showGallery',
    'verifyDocument',
    'showVerification',
    'checkPaperByCode',
    'verifyByCode',
    'verifyFile',
    'checkPaperByCode',
    'getOpenApi',
    'showReference',
    'getBatchProgressScript',
    'showLog',
    'showReferenceOperation',
  ].map((operationId) => [operationId, { answers: 'everyone' } satisfies Row]),
);

/** Each repair asks authorities that may be paid for. */
const repairs: Readonly<Record<string, Row>> = { repairDocument: { answers: SIGNED_IN } };

/** Ends the session of whoever sends it. */
const endings: Readonly<Record<string, Row>> = {
  signOut: { answers: 'everyone', only: ['stranger'] },
  signOutEverywhere: { answers: 'everyone', only: ['stranger'] },
};

export const PERMISSION_TABLE: Readonly<Record<string, Row>> = {
  ...documents,
  ...ownPages,
  ...reuse,
  ...consent,
  ...usage,
  ...identity,
  ...issuance,
  ...notices,
  ...webhooks,
  ...links,
  ...statistics,
  ...counter,
  ...rights,
  ...digitisation,
  ...registers,
  ...ledger,
  ...publicPages,
  ...repairs,
  ...endings,
};

async function newClient() {
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return {
    clientId: `spare-${randomUUID().slice(0, 8)}`,
    name: 'Spare',
    jwks: { keys: [{ kty, crv, x, y, kid: randomUUID(), alg: 'ES256' }] },
    scopes: ['catalogue:read'],
  };
}

async function spareClient({ callers }: Scene): Promise<{ client: string }> {
  const client = await newClient();
  await callers.asking.get('manager/same')?.(`/api/v1/agencies/${HERE}/clients`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(client),
  });
  return { client: client.clientId };
}
