/** Refusals of reuse in words: which rule, and what to do. None tells whether a paper or a person is in the vault. */
import { Failure, type FailureKind } from '../platform/failure.ts';

const refusal = (kind: FailureKind, code: string, en: string, vi: string, pointer?: string): Failure =>
  new Failure(kind, { en, vi }, { code, ...(pointer ? { faults: [{ pointer, detail: en }] } : {}) });

export const noSuchRequest = (): Failure =>
  refusal(
    'not-found',
    'reuse-request-unknown',
    'Your agency has no such reuse request.',
    'Cơ quan của ông (bà) không có yêu cầu tái sử dụng này.',
  );
export const malformedDossier = (problem: { en: string; vi: string }): Failure =>
  refusal('invalid', 'dossier-code', problem.en, problem.vi, '/body/dossier');
export const unknownDossier = (): Failure =>
  refusal(
    'invalid',
    'dossier-unknown',
    'Your agency has no dossier of this code. Record the dossier first.',
    'Cơ quan chưa có hồ sơ mang mã này. Hãy ghi nhận hồ sơ trước.',
    '/body/dossier',
  );
export const otherProcedure = (): Failure =>
  refusal(
    'invalid',
    'dossier-of-another-procedure',
    'The dossier belongs to another procedure. Ask for the procedure under which it was received.',
    'Hồ sơ thuộc thủ tục khác. Hãy hỏi theo đúng thủ tục đã tiếp nhận.',
    '/body/procedure',
  );
export const otherPerson = (): Failure =>
  refusal(
    'invalid',
    'dossier-of-another-person',
    'The dossier was received from another person. Use the number on the receipt; papers of other people in the case are named under "parties".',
    'Hồ sơ này tiếp nhận của người khác. Hãy nhập số định danh trên giấy tiếp nhận; giấy của người liên quan thì nêu ở "parties".',
    '/body/owner',
  );
export const closedDossier = (): Failure =>
  refusal(
    'conflict',
    'dossier-closed',
    'The dossier is closed; its access ended with it.',
    'Hồ sơ đã đóng; quyền xem đã hết cùng hồ sơ.',
  );
export const unknownProcedure = (replacement?: { code: string }): Failure =>
  replacement
    ? refusal(
        'invalid',
        'procedure-replaced',
        `This procedure was replaced by ${replacement.code}. Ask under the new code.`,
        `Thủ tục này đã được thay bằng ${replacement.code}. Hãy hỏi theo mã mới.`,
        '/body/procedure',
      )
    : refusal(
        'invalid',
        'unknown-procedure',
        'No procedure of this code is in force today. Check the code on the national portal.',
        'Hôm nay không có thủ tục nào mang mã này. Hãy xem lại mã trên Cổng Dịch vụ công quốc gia.',
        '/body/procedure',
      );
export const unknownComponents = (keys: readonly string[]): Failure =>
  new Failure(
    'invalid',
    {
      en: 'The procedure has no such reusable component. GET /api/v1/procedures/{code}/components lists them.',
      vi: 'Thủ tục không có thành phần tái sử dụng nào như vậy. Xem danh sách ở GET /api/v1/procedures/{code}/components.',
    },
    {
      code: 'unknown-component',
      faults: keys.map((key) => ({ pointer: '/body/components', detail: `Unknown: ${key.slice(0, 80)}` })),
    },
  );
export const deceased = (): Failure =>
  refusal(
    'conflict',
    'owner-deceased',
    'The applicant of this dossier is recorded as deceased. Heirs ask in a dossier of their own, or at the agency that keeps the register.',
    'Người nộp của hồ sơ này đã được ghi là đã mất. Người thừa kế làm hồ sơ riêng, hoặc hỏi cơ quan giữ sổ gốc.',
  );
export const sessionNeeded = (): Failure =>
  refusal(
    'forbidden',
    'counter-session-needed',
    'This opens only from a dossier at the counter. Open the dossier with the person in front of you; there is no free search.',
    'Chỉ mở được từ hồ sơ tại quầy. Hãy mở hồ sơ khi người nộp có mặt; không tra cứu tự do.',
  );
export const nothingToAsk = (component: string): Failure =>
  refusal(
    'conflict',
    'no-consent-needed',
    `Component ${component} does not wait for consent now. Ask for the outcomes again.`,
    'Thành phần này hiện không cần xin đồng ý. Hãy hỏi lại kết quả.',
  );
export const noRepresentative = (): Failure =>
  refusal(
    'conflict',
    'no-representative',
    'The holder does not answer alone and nobody is recorded who acts for them. Civil status records the parent or guardian; an organisation its legal representative.',
    'Chủ giấy tờ không tự trả lời được và chưa ghi ai đại diện. Công chức hộ tịch ghi cha, mẹ, người giám hộ; tổ chức thì ghi người đại diện theo pháp luật.',
  );
export const notAvailable = (outcome: string): Failure =>
  refusal(
    'forbidden',
    `outcome-${outcome.replaceAll('_', '-')}`,
    `The paper may not be opened now: its outcome is ${outcome}. Ask for the outcomes again; each says what comes next.`,
    'Hiện chưa được mở giấy này. Hãy hỏi lại kết quả của thành phần; kết quả nói việc tiếp theo.',
  );
export const minimumOnly = (): Failure =>
  refusal(
    'forbidden',
    'view-minimum',
    'This request sees the minimum only: GET …/data gives the fields. For the whole paper make a request with "view": "full" and the reason.',
    'Yêu cầu này chỉ xem mức tối thiểu: GET …/data cho các ô cần thiết. Muốn xem cả giấy, gửi yêu cầu mới với "view": "full" kèm lý do.',
  );
export const noSuchStatement = (): Failure =>
  refusal(
    'not-found',
    'statement-unknown',
    'There is no such statement for you.',
    'Không có phiếu xác nhận này cho ông (bà).',
  );
