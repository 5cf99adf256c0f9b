/** What a system asks of a person, item by item; nothing is ticked beforehand. */
import * as web from '../web/index.ts';
import type { AccessItem } from './document-access.ts';

const content = {
  vi: {
    title: 'Cho phép xem giấy tờ',
    lead: (agency: string, system: string) =>
      `${agency} xin xem giấy tờ của ông (bà), qua hệ thống “${system}”.`,
    purpose: 'Để làm gì',
    procedure: 'Thủ tục',
    dossier: 'Hồ sơ',
    pick: 'Đánh dấu giấy tờ ông (bà) cho phép. Giấy tờ không đánh dấu thì không ai xem được.',
    until: 'Sự cho phép này hết hiệu lực sau một giờ và rút lại được bất cứ lúc nào.',
    allow: 'Cho phép giấy tờ đã đánh dấu',
    refuse: 'Không cho phép',
    none: 'Chưa đánh dấu giấy tờ nào. Hãy đánh dấu, hoặc chọn “Không cho phép”.',
    level: 'Việc này cần tài khoản định danh mức độ 2.',
    compare: (words: string) => `Nơi yêu cầu đang hiển thị: “${words}”. Nếu khác, đừng cho phép.`,
  },
  en: {
    title: 'Allow access to papers',
    lead: (agency: string, system: string) =>
      `${agency} asks to see papers of yours, through the system “${system}”.`,
    purpose: 'What for',
    procedure: 'Procedure',
    dossier: 'Dossier',
    pick: 'Tick the papers you allow. Nobody can see a paper that is not ticked.',
    until: 'This permission ends after one hour and can be withdrawn at any time.',
    allow: 'Allow the ticked papers',
    refuse: 'Do not allow',
    none: 'No paper is ticked. Tick some, or choose “Do not allow”.',
    level: 'This needs an identity account of level 2.',
    compare: (words: string) => `The office shows: “${words}”. If that differs, do not allow it.`,
  },
};

export interface AccessConsentPageProps {
  readonly frame: web.Frame;
  readonly action: string;
  readonly agency: string;
  readonly system: string;
  readonly purpose: string;
  readonly procedure: string;
  readonly dossier: string;
  readonly items: readonly (AccessItem & { readonly label: string })[];
  readonly bindingMessage?: string;
  /** False for an account of level 1: it may refuse, not allow. */
  readonly mayAllow: boolean;
  /** Set after a form without a tick. */
  readonly nothingTicked?: boolean;
}

/** Name of the boxes. */
export const itemField = 'muc';

export function AccessConsentPage(props: AccessConsentPageProps) {
  const { frame, items, mayAllow } = props;
  const t = content[frame.language];
  const first = items[0] ? `${itemField}-${items[0].key}` : itemField;
  const faults = props.nothingTicked ? [{ field: first, text: t.none }] : undefined;
  return (
    <web.PublicPage frame={frame} title={t.title} faults={faults}>
      <h1>{t.title}</h1>
      <p>{t.lead(props.agency, props.system)}</p>
      {props.bindingMessage ? <p>{t.compare(props.bindingMessage)}</p> : null}
      <web.SummaryList
        rows={[
          { label: t.purpose, value: props.purpose },
          { label: t.procedure, value: props.procedure },
          { label: t.dossier, value: props.dossier },
        ]}
      />
      <web.PostForm frame={frame} action={props.action} class="loose">
        <fieldset>
          <legend>{t.pick}</legend>
          {items.map(({ key, label }) => (
            <label key={key} class="tile">
              <input type="checkbox" id={`${itemField}-${key}`} name={itemField} value={key} />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        <p>{t.until}</p>
        {mayAllow ? (
          <web.Button name="tra-loi" value="cho-phep">
            {t.allow}
          </web.Button>
        ) : (
          <p>{t.level}</p>
        )}
        <web.Button kind="second" name="tra-loi" value="tu-choi">
          {t.refuse}
        </web.Button>
      </web.PostForm>
    </web.PublicPage>
  );
}
