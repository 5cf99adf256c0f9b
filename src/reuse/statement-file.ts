/** The statement as a page of PDF/A with the JSON attached: what a person holds in their hand, or anybody verifies. */
import { buildPdfa, loadFont, type PageElement, textWidth } from '../pdf/index.ts';
import type { NotFoundStatement } from './not-found-statement.ts';

const WIDTH = 595.28;
const HEIGHT = 841.89;
const MARGIN = 64;

/** Of the applicant, as the page names them: the number masked. */
export interface StatedPerson {
  readonly fullName: string;
  readonly maskedNumber: string;
}

export function statementPdf(
  statement: NotFoundStatement,
  person: StatedPerson,
  facts: { readonly sha256: string; readonly created: Date },
): Buffer {
  const lines = new Lines();
  lines.write(statement.agency.names.vi.toLocaleUpperCase('vi'), { font: 'tinos-bold', size: 12 });
  lines.gap(18);
  lines.write('PHIẾU XÁC NHẬN CHƯA CÓ GIẤY TỜ TRONG KHO DỮ LIỆU', { font: 'tinos-bold', size: 15 });
  lines.write('Statement that papers are not in the vault', { font: 'tinos-italic', size: 11 });
  lines.gap(12);
  lines.write(`Số phiếu: ${statement.id}`);
  lines.write(`Thời điểm tìm: ${inVietnam(statement.statedAt)}`);
  lines.write(
    `Hồ sơ: ${statement.dossier}. Thủ tục: ${statement.procedure.code} ${statement.procedure.names.vi}`,
  );
  lines.write(`Người nộp: ${person.fullName.toLocaleUpperCase('vi')}, số định danh ${person.maskedNumber}`);
  lines.write(
    `Nơi đã tìm: ${statement.scopes.map(({ vi }) => vi).join('; ')}. Tìm theo: chủ giấy tờ, loại giấy.`,
  );
  lines.gap(8);
  lines.write('Các thành phần hồ sơ chưa có trong kho:', { font: 'tinos-bold', size: 12 });
  for (const [index, { names }] of statement.missing.entries()) lines.write(`${index + 1}. ${names.vi}`);
  lines.gap(8);
  lines.write(statement.next.vi);
  lines.write(statement.next.en, { font: 'tinos-italic', size: 11 });
  lines.gap(16);
  lines.write(`SHA-256 của bản ghi trong nhật ký: ${facts.sha256}`, { font: 'tinos', size: 8 });
  return buildPdfa({
    title: `Phiếu xác nhận ${statement.id}`,
    created: facts.created,
    identifier: `urn:uuid:${statement.id}`,
    pages: [{ width: WIDTH, height: HEIGHT, elements: lines.elements }],
    attachments: [
      {
        name: 'phieu-xac-nhan.json',
        mimeType: 'application/json',
        bytes: Buffer.from(JSON.stringify(statement, null, 2)),
        description: 'Bản ghi có cấu trúc',
        relationship: 'Data',
      },
    ],
  });
}

type Style = { readonly font: 'tinos' | 'tinos-bold' | 'tinos-italic'; readonly size: number };
const BODY: Style = { font: 'tinos', size: 12 };

/** Text from the top down, broken at spaces. Leaves room at the top right for the agency's mark. */
class Lines {
  readonly elements: PageElement[] = [];
  #y = HEIGHT - 96;

  gap(points: number): void {
    this.#y -= points;
  }

  write(text: string, style: Style = BODY): void {
    for (const line of broken(text, style)) {
      this.elements.push({ kind: 'text', text: line, x: MARGIN, y: this.#y, ...style });
      this.#y -= style.size * 1.45;
    }
  }
}

function broken(text: string, { font, size }: Style): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(loadFont(font), longer, size) > WIDTH - 2 * MARGIN) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** `09:16:05 ngày 24/11/2026`, +07:00. */
function inVietnam(instant: string): string {
  const local = new Date(Date.parse(instant) + 7 * 3_600_000).toISOString();
  return `${local.slice(11, 19)} ngày ${local.slice(8, 10)}/${local.slice(5, 7)}/${local.slice(0, 4)} (+07:00)`;
}
