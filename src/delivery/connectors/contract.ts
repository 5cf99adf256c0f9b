/**
 * The one contract of every link to another system: named operations, each a JSON question and a JSON answer with a
 * schema. Over HTTP: `POST <url>/<operation>` with `Authorization: Bearer …`, `Idempotency-Key` and `X-Sent-By: mot-lan`;
 * 2xx with an answer that fits, 4xx: the question is wrong and is not repeated, anything else: later. `GET <url>/health`
 * answers 2xx while the system works. Through the service platform (LGSP) the path is `<lgsp>/services/<link>/<operation>`.
 *
 * None of these systems has a public specification that was at hand: the faces below are ours (`standing: 'ours'`) and say
 * what the real system must still confirm. An adapter for its real face replaces the operations, not the callers.
 */
import { z } from 'zod';

export interface Words {
  readonly vi: string;
  readonly en: string;
}

export interface Operation<Ask extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly ask: Ask;
  readonly answer: Answer;
  /** What it is for, one sentence. */
  readonly about: string;
}

export interface Connector {
  readonly title: Words;
  /** What goes on while this link is down. */
  readonly stillWorks: Words;
  readonly operations: Readonly<Record<string, Operation>>;
  /** What the real system must confirm before this is used in earnest. */
  readonly toConfirm: string;
}

const operation = <A extends z.ZodType, B extends z.ZodType>(
  about: string,
  ask: A,
  answer: B,
): Operation<A, B> => ({
  about,
  ask,
  answer,
});
const code = z.string().min(1).max(100);
const instant = z.iso.datetime({ offset: true });
const day = z.iso.date();
const number = z.string().regex(/^\d{12}$/);
const claim = z.strictObject({
  personalNumber: number,
  fullName: z.string().min(1).max(200),
  birthDate: day,
});
const accepted = z.object({ accepted: z.boolean(), reference: code.nullable() });
const cursor = z.strictObject({ after: code.nullable() });

export const CONNECTORS = {
  'procedure-system': {
    title: {
      vi: 'Hệ thống giải quyết thủ tục hành chính của tỉnh',
      en: 'Administrative-procedure system of the province',
    },
    stillWorks: {
      vi: 'Hồ sơ tại quầy vẫn nhận và tra cứu; trạng thái hồ sơ được hỏi lại sau.',
      en: 'Dossiers are taken and answered at the desk; their state is asked for again.',
    },
    operations: {
      'dossier-state': operation(
        'How a dossier of that system stands',
        z.strictObject({ dossier: code }),
        z.object({
          dossier: code,
          state: z.enum(['received', 'in-work', 'answered', 'closed']),
          since: instant,
        }),
      ),
    },
    toConfirm:
      'It is the main client and calls the vault (reuse, deposit, webhooks); what the vault may ask of it.',
  },
  'national-vault': {
    title: {
      vi: 'Kho dữ liệu của Cổng Dịch vụ công quốc gia',
      en: 'Vault of the National Public Service Portal',
    },
    stillWorks: {
      vi: 'Giấy tờ trong kho này vẫn dùng được; giấy mới được báo lên kho quốc gia sau.',
      en: 'Papers of this vault are used as ever; new ones are reported to the national vault later.',
    },
    operations: {
      feed: operation(
        'Reports that a paper is here, was changed or ended; ids and digests only',
        z.strictObject({
          document: z.uuid(),
          change: z.enum(['issued', 'corrected', 'superseded', 'suspended', 'resumed', 'revoked']),
          at: instant,
          keeper: code,
        }),
        accepted,
      ),
      resolve: operation(
        'Where papers of a person of these types are kept',
        z.strictObject({ personalNumber: number, types: z.array(code).min(1).max(50), dossier: code }),
        z.object({ papers: z.array(z.object({ type: code, keeper: code, reference: code })).max(100) }),
      ),
    },
    toConfirm: 'Names of types and keepers, whether a digest is wanted, how consent is proven on resolve.',
  },
  population: {
    title: { vi: 'Cơ sở dữ liệu quốc gia về dân cư', en: 'National population database' },
    stillWorks: {
      vi: 'Hồ sơ vẫn nhận; đối chiếu nhân thân bằng thẻ căn cước tại quầy, kho tự hỏi lại.',
      en: 'Dossiers are taken; identity is checked with the card at the desk, the vault asks again by itself.',
    },
    operations: {
      match: operation(
        'Whether number, name and birth date belong together; words, never the values',
        claim,
        z.object({
          number: z.enum(['exact', 'old-number', 'unknown']),
          name: z.enum(['exact', 'spelling', 'order', 'differs', 'not-said']),
          birthDate: z.enum(['exact', 'year-only', 'differs', 'not-said']),
          alive: z.boolean().nullable(),
        }),
      ),
    },
    toConfirm: 'The service catalogue of the platform it is reached through, its fields and its rate.',
  },
  'civil-status': {
    title: { vi: 'Cơ sở dữ liệu hộ tịch điện tử', en: 'Electronic civil-status database' },
    stillWorks: {
      vi: 'Hồ sơ vẫn nhận; sự kiện hộ tịch mới được lấy về khi có kết nối lại.',
      en: 'Dossiers are taken; new civil-status events are fetched when the link is back.',
    },
    operations: {
      changes: operation(
        'Births, marriages, corrections and deaths since the last call, in order',
        cursor,
        z.object({
          changes: z
            .array(
              z.object({
                id: code,
                kind: z.enum(['birth', 'marriage', 'divorce', 'correction', 'death']),
                personalNumber: number,
                registeredOn: day,
                registry: code,
              }),
            )
            .max(500),
          last: code.nullable(),
        }),
      ),
    },
    toConfirm:
      'Whether events are pushed or fetched, their order, and how corrections name what they correct.',
  },
  merit: {
    title: { vi: 'Cơ sở dữ liệu người có công', en: 'Database of people with merit' },
    stillWorks: {
      vi: 'Hồ sơ vẫn nhận; diện ưu đãi được xác nhận sau, không yêu cầu nộp thêm giấy.',
      en: 'Dossiers are taken; entitlement is confirmed later, no further paper is asked for.',
    },
    operations: {
      entitlements: operation(
        'Entitlements of a person, as words of the law',
        claim.extend({ dossier: code }),
        z.object({ entitlements: z.array(z.object({ code, since: day })).max(50) }),
      ),
    },
    toConfirm: 'Codes of entitlements; whether a signed extract comes along.',
  },
  'linked-procedures': {
    title: { vi: 'Phần mềm dịch vụ công liên thông', en: 'Linked-procedure software' },
    stillWorks: {
      vi: 'Nhóm thủ tục vẫn nhận tại quầy; hồ sơ liên thông được chuyển đi sau.',
      en: 'The group is taken at the desk; the linked dossier is passed on later.',
    },
    operations: {
      bundle: operation(
        'Passes on one dossier of a group with what the vault answered for each component',
        z.strictObject({
          group: code,
          dossier: code,
          components: z
            .array(z.strictObject({ component: code, outcome: code, document: z.uuid().nullable() }))
            .max(50),
        }),
        accepted,
      ),
    },
    toConfirm: 'Codes of groups (3.000722, 2.002913) and who confirms the draft within one day.',
  },
  lgsp: {
    title: {
      vi: 'Nền tảng chia sẻ, tích hợp dữ liệu của tỉnh (LGSP)',
      en: 'Service platform of the province (LGSP)',
    },
    stillWorks: {
      vi: 'Kho vẫn làm việc; các kết nối đi qua nền tảng này chờ và tự gửi lại.',
      en: 'The vault works; links that go through the platform wait and are repeated.',
    },
    operations: {},
    toConfirm: 'Paths, tokens and headers of the platform; here it is a transport for the other links.',
  },
  education: {
    title: { vi: 'Cơ sở dữ liệu quốc gia về giáo dục', en: 'National education database' },
    stillWorks: {
      vi: 'Văn bằng vẫn cấp và tra cứu được; dữ liệu chuyển lên cơ sở dữ liệu quốc gia sau.',
      en: 'Diplomas are issued and verified; their data goes to the national database later.',
    },
    operations: {
      diplomas: operation(
        'Reports issued, corrected and revoked diplomas',
        z.strictObject({
          issuer: code,
          items: z
            .array(
              z.strictObject({
                document: z.uuid(),
                change: z.enum(['issued', 'corrected', 'revoked']),
                at: instant,
              }),
            )
            .min(1)
            .max(500),
        }),
        z.object({
          accepted: z.array(code),
          rejected: z.array(z.object({ document: code, reason: z.string() })),
        }),
      ),
    },
    toConfirm: 'The record of a diploma that the database takes from 2027; here ids are sent and it fetches.',
  },
  'sign-in': {
    title: {
      vi: 'Đăng nhập một lần bằng tài khoản định danh mức độ 2',
      en: 'Single sign-on of level-2 accounts',
    },
    stillWorks: {
      vi: 'Cán bộ đang đăng nhập vẫn làm việc; công dân dùng hỗ trợ tại quầy hoặc mã một lần.',
      en: 'Officers who are signed in work on; citizens use help at the counter or a one-time code.',
    },
    operations: {},
    toConfirm:
      'OpenID Connect with the claims of OIDC settings (src/identity); only its health is watched here.',
  },
} as const satisfies Record<string, Connector>;

export type LinkName = keyof typeof CONNECTORS;
export const LINK_NAMES = Object.keys(CONNECTORS) as readonly LinkName[];

/** The operation, or undefined where the link has none of that name. */
export const operationOf = (link: LinkName, name: string): Operation | undefined =>
  (CONNECTORS[link].operations as Readonly<Record<string, Operation>>)[name];

/** Where each link leads: the content of `LINKS_FILE`. */
export const linksFileSchema = z.partialRecord(
  z.enum(LINK_NAMES as [LinkName, ...LinkName[]]),
  z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    token: z.string().max(4_096).optional(),
    /** Goes through the service platform. */
    via: z.literal('lgsp').optional(),
  }),
);
export type LinksFile = z.infer<typeof linksFileSchema>;
