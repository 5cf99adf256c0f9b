/**
 * What may be done with a register, and who may ask for a copy from it. Pure; each answer says why, so that the desk
 * can tell the person.
 */
import type { Labels } from '../catalogue/index.ts';
import type { AnnotationContent, EntryStanding, RegisterBook } from './register.ts';

export interface Decision {
  readonly allowed: boolean;
  readonly reason: Labels;
}

/** How the requester stands to the holder of the original. */
export const copyRelations = [
  'holder',
  'legal-representative',
  'authorised-representative',
  'parent',
  'child',
  'spouse',
  'sibling',
  'heir',
  'other',
] as const;
export type CopyRelation = (typeof copyRelations)[number];

const family: readonly CopyRelation[] = ['parent', 'child', 'spouse', 'sibling', 'heir'];

/** Who may ask for a copy from the register: NĐ 23/2015/NĐ-CP art. 16. */
export function mayAskForCopy(relation: CopyRelation, holder: { readonly deceased: boolean }): Decision {
  if (['holder', 'legal-representative', 'authorised-representative'].includes(relation)) {
    return yes('NĐ 23/2015/NĐ-CP Điều 16', 'Decree 23/2015 art. 16');
  }
  if (family.includes(relation)) {
    return holder.deceased
      ? yes(
          'NĐ 23/2015/NĐ-CP Điều 16 khoản 3: người được cấp đã mất',
          'Decree 23/2015 art. 16(3): the holder has died',
        )
      : no(
          'Khi người được cấp bản chính còn sống, người thân cần văn bản ủy quyền',
          'While the holder lives, a relative needs a power of attorney',
        );
  }
  return no(
    'Chỉ người được cấp bản chính, người đại diện, người được ủy quyền, hoặc người thân khi người đó đã mất mới được yêu cầu bản sao',
    'Only the holder, a representative, an authorised person, or family after the holder’s death may ask for a copy',
  );
}

/** May new entries be written? */
export const mayEnter = (book: Pick<RegisterBook, 'state'>): Decision =>
  book.state === 'open'
    ? yes('Sổ đang mở', 'The book is open')
    : no('Sổ đã khóa; hãy mở sổ mới', 'The book is closed; open a new one');

/** May the annotation be added to an entry that stands so? */
export function mayAnnotate(standing: EntryStanding, annotation: AnnotationContent): Decision {
  const { kind, decisionNumber, decisionDate, authority, changes, newEntryId, reason } = annotation;
  if (reason.trim() === '') return no('Cần ghi lý do', 'A reason is needed');
  const bare = kind === 'voided' || kind === 'note';
  if (!bare && (!decisionNumber || !decisionDate || !authority)) {
    return no(
      'Cần số, ngày quyết định và cơ quan quyết định',
      'The decision’s number, date and authority are needed',
    );
  }
  if (kind === 'note') return yes('Ghi chú', 'A note');
  if (standing.state !== 'in-force') {
    return no(
      'Mục này đã bị thu hồi, hủy bỏ, cấp lại hoặc bỏ trống; chỉ còn được ghi chú',
      'The entry was revoked, annulled, issued again or voided; only notes may be added',
    );
  }
  if (kind === 'correction' && Object.keys(changes).length === 0) {
    return no('Cần nêu nội dung được chỉnh sửa', 'Say what is corrected');
  }
  if (kind === 'reissue' && newEntryId === null) return no('Cần nêu mục sổ mới', 'Name the new entry');
  return yes('Được ghi', 'It may be written');
}

/** May a copy be issued from an entry that stands so? An exact copy of a dead original would mislead. */
export const mayCopy = ({ state }: EntryStanding): Decision =>
  state === 'in-force'
    ? yes('Bản chính còn hiệu lực', 'The original stands')
    : no(
        'Bản chính không còn hiệu lực nên không cấp bản sao',
        'The original no longer stands, so no copy is issued',
      );

const yes = (vi: string, en: string): Decision => ({ allowed: true, reason: { vi, en } });
const no = (vi: string, en: string): Decision => ({ allowed: false, reason: { vi, en } });
