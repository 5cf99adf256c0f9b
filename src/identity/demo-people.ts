/**
 * The invented people and systems of the demonstration. Every number is of place 000, which no real person has. One
 * list serves the seed, the development issuer and the table that `npm start` prints.
 */
import type { Role, Scope } from './actor.ts';
import type { DemoAccount } from './demo-account.ts';

/** Agencies of the demonstration catalogue, by their part in it. */
export interface DemoAgencies {
  readonly province: string;
  readonly centre: string;
  readonly commune: string;
  readonly educationDepartment: string;
  readonly school: string;
  readonly otherProvince: string;
  readonly otherCommune: string;
}

export const DEMO_AGENCIES: DemoAgencies = {
  province: 'H24',
  centre: 'H24.902',
  commune: 'H24.991',
  educationDepartment: 'H24.901',
  school: 'H24.901.05',
  otherProvince: 'H17',
  otherCommune: 'H17.991',
};

export interface DemoPerson extends DemoAccount {
  readonly roles: readonly { readonly role: Role; readonly agency: keyof DemoAgencies }[];
  /** 9-digit numbers of former identity cards. */
  readonly oldNumbers?: readonly string[];
}

const person = (
  [subject, fullName, personalNumber, birthDate]: readonly [string, string, string, string],
  [vi, en]: readonly [string, string],
  more: Partial<DemoPerson> = {},
): DemoPerson => ({
  subject,
  fullName,
  personalNumber,
  birthDate,
  group: (more.roles ?? []).length > 0 ? 'office' : 'citizen',
  // The fourth digit is even for men.
  gender: Number(personalNumber[3]) % 2 === 0 ? 'male' : 'female',
  assurance: 2,
  about: { vi, en },
  roles: [],
  ...more,
});

const works = (role: Role, ...agencies: (keyof DemoAgencies)[]): Partial<DemoPerson> => ({
  roles: agencies.map((agency) => ({ role, agency })),
});
const oversees = (role: Role, ...agencies: (keyof DemoAgencies)[]): Partial<DemoPerson> => ({
  ...works(role, ...agencies),
  group: 'oversight',
});

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person(
    ['lan', 'Nguyễn Thị Lan', '000190000017', '1990-05-04'],
    ['công dân, có con nhỏ', 'citizen, mother of a small child'],
  ),
  person(
    ['hung', 'Trần Văn Hùng', '000085000024', '1985-01-20'],
    ['công dân, tài khoản mức độ 1', 'citizen with an account of level 1'],
    { assurance: 1 },
  ),
  person(
    ['minh', 'Phạm Quang Minh', '000208000031', '2008-03-12'],
    ['học sinh vừa tốt nghiệp THPT', 'has just finished upper secondary school'],
  ),
  person(
    ['sau', 'Lê Thị Sáu', '000148000048', '1948-09-02'],
    ['cụ bà, từng dùng chứng minh 9 số', 'elderly, once had a 9-digit identity card'],
    { oldNumbers: ['000000048'] },
  ),
  person(
    ['hoa', 'Vũ Thị Hoa', '000179000055', '1979-11-11'],
    ['đại diện pháp luật Công ty Hoa Phượng', 'legal representative of the company Hoa Phượng'],
  ),
  person(
    ['tai', 'Đỗ Văn Tài', '000092000062', '1992-07-15'],
    ['được Công ty Hoa Phượng ủy quyền', 'delegate of the company Hoa Phượng'],
  ),
  person(
    ['mot-cua', 'Hoàng Thị Thu', '000188000079', '1988-02-28'],
    ['cán bộ Một cửa, xã Thanh Bình', 'desk officer, Thanh Bình commune'],
    works('desk-officer', 'commune', 'centre'),
  ),
  person(
    ['buu-dien', 'Bùi Văn Đạt', '000094000086', '1994-06-01'],
    ['nhân viên bưu điện tại quầy', 'post-office clerk at the counter'],
    works('post-office-clerk', 'centre'),
  ),
  person(
    ['ho-tich', 'Phan Thị Ngọc', '000183000093', '1983-10-10'],
    ['công chức tư pháp, hộ tịch', 'civil-status officer'],
    works('civil-status-officer', 'commune'),
  ),
  person(
    ['chung-thuc', 'Đinh Văn Quang', '000076000104', '1976-04-30'],
    ['người ký chứng thực', 'certifier'],
    works('certifier', 'commune'),
  ),
  person(
    ['van-thu', 'Trịnh Thị Yến', '000191000111', '1991-12-19'],
    ['văn thư, đóng dấu cơ quan', 'document clerk, applies the agency’s seal'],
    works('document-clerk', 'commune', 'school'),
  ),
  person(
    ['giao-vu', 'Mai Văn Sơn', '000087000128', '1987-08-08'],
    ['giáo vụ, giữ sổ gốc', 'school clerk, keeps the register'],
    works('school-clerk', 'school'),
  ),
  person(
    ['hieu-truong', 'Lương Thị Hạnh', '000172000135', '1972-11-20'],
    ['hiệu trưởng, ký văn bằng', 'head of the school, signs diplomas'],
    works('head', 'school'),
  ),
  person(
    ['chu-tich', 'Ngô Văn Bảo', '000074000142', '1974-05-19'],
    ['chủ tịch xã, ký kết quả', 'chair of the commune, signs results'],
    works('head', 'commune'),
  ),
  person(
    ['mot-cua-2', 'Võ Thị Xuân', '000189000159', '1989-01-05'],
    ['cán bộ Một cửa ở tỉnh khác', 'desk officer in another province'],
    works('desk-officer', 'otherCommune'),
  ),
  person(
    ['lanh-dao', 'Tạ Văn Phúc', '000071000166', '1971-03-08'],
    ['lãnh đạo, phân quyền, xem số liệu', 'manager, gives roles, sees figures'],
    oversees('manager', 'commune', 'centre', 'school', 'province'),
  ),
  person(
    ['danh-muc', 'Cao Thị Mai', '000193000173', '1993-09-09'],
    ['quản trị danh mục thủ tục', 'catalogue editor'],
    oversees('catalogue-editor', 'province'),
  ),
  person(
    ['thanh-tra', 'Dương Văn Khải', '000080000180', '1980-12-22'],
    ['thanh tra, bảo vệ dữ liệu: xem nhật ký, không xem nội dung', 'auditor: logs, not contents'],
    oversees('auditor', 'commune', 'centre', 'school', 'province'),
  ),
  person(
    ['van-hanh', 'Lý Văn Tùng', '000095000197', '1995-07-27'],
    ['quản trị hệ thống, không xem nội dung', 'operator, no contents'],
    oversees('operator', 'province'),
  ),
];

/** A child without an account; Lan is the mother. */
export const DEMO_CHILD = {
  fullName: 'Nguyễn Gia An',
  personalNumber: '000221000203',
  birthDate: '2021-06-01',
  gender: 'male',
  mother: 'lan',
} as const;

/** A company whose legal representative is Hoa, and whose delegate is Tài. */
export const DEMO_ORGANISATION = {
  registrationNumber: '0000000001',
  taxNumber: '0000000001',
  name: 'Công ty TNHH Hoa Phượng (minh họa)',
  representative: 'hoa',
  delegate: 'tai',
} as const;

export interface DemoClient {
  readonly clientId: string;
  readonly name: string;
  readonly agency: keyof DemoAgencies;
  readonly scopes: readonly Scope[];
}

const PROCEDURE_SYSTEM: readonly Scope[] = [
  'documents:deposit',
  'documents:status',
  'dossiers:write',
  'reuse:request',
  'reuse:retrieve',
  'catalogue:read',
  'log:read',
  'events:subscribe',
];

export const DEMO_CLIENTS: readonly DemoClient[] = [
  {
    clientId: 'tthc-h24',
    name: 'Hệ thống giải quyết TTHC của tỉnh (minh họa)',
    agency: 'commune',
    scopes: PROCEDURE_SYSTEM,
  },
  {
    clientId: 'tthc-h17',
    name: 'Hệ thống giải quyết TTHC của tỉnh khác (minh họa)',
    agency: 'otherCommune',
    scopes: PROCEDURE_SYSTEM,
  },
  {
    clientId: 'truong-h24',
    name: 'Phần mềm quản lý trường học (minh họa)',
    agency: 'school',
    scopes: ['documents:deposit', 'documents:status', 'catalogue:read'],
  },
];

/** One line of the table that the start prints. */
export interface DemoAccountLine {
  readonly subject: string;
  readonly name: string;
  readonly about: string;
}

export const demoAccountTable = (language: 'vi' | 'en'): DemoAccountLine[] =>
  DEMO_PEOPLE.map(({ subject, fullName, about }) => ({ subject, name: fullName, about: about[language] }));
