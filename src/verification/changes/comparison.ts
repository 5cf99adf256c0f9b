/** The notebook of one comparison: the two revisions, the objects with roles, and what was found. */
import type { Revision } from '../../pdf/index.ts';
import type { Change, ChangeKind, ChangeLevel } from '../report.ts';
import { type Place, pathOf, StrictWalk } from './strict-walk.ts';

/** A change before a signature's permissions were applied to it. */
export type FoundChange = Omit<Change, 'permitted'> & {
  /** True where a field that existed at signing was filled: only those can be locked. */
  readonly existingField: boolean;
};

const MAX_CHANGES = 200;

export class Comparison {
  readonly before: Revision;
  readonly after: Revision;
  /** Object numbers of pages, page-tree nodes, fields, annotations and the catalogue. */
  readonly roles = new Set<number>();
  readonly found: FoundChange[] = [];
  readonly #keys = new Set<string>();
  readonly #walks = new Map<string, StrictWalk>();

  constructor(before: Revision, after: Revision) {
    this.before = before;
    this.after = after;
  }

  note(kind: ChangeKind, level: ChangeLevel, place: Place, existingField = false): void {
    const where = pathOf(place);
    const key = `${kind} ${level} ${place.page} ${place.field} ${kind === 'page-changed' ? '' : where}`;
    if (!this.#keys.has(key) && this.found.length < MAX_CHANGES) {
      this.#keys.add(key);
      this.found.push({ kind, level, page: place.page, field: place.field, where, existingField });
    }
  }

  /** A walk that reports every difference as one kind of change. Walks of a kind share what they have seen. */
  strict(kind: ChangeKind, level: ChangeLevel): StrictWalk {
    const key = `${kind} ${level}`;
    let walk = this.#walks.get(key);
    if (walk === undefined) {
      walk = new StrictWalk(this, (place) => this.note(kind, level, place));
      this.#walks.set(key, walk);
    }
    return walk;
  }

  /** Whether two values are the same with all that hangs on them. */
  same(a: Parameters<StrictWalk['compare']>[0], b: Parameters<StrictWalk['compare']>[1]): boolean {
    let equal = true;
    new StrictWalk(this, () => {
      equal = false;
    }).compare(a, b, { key: '' });
    return equal;
  }

  /** True where the earlier revision knows no object of that number. */
  isNew(num: number): boolean {
    return num >= 0 && this.before.entry(num).kind === 'free';
  }
}
