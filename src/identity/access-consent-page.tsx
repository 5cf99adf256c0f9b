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
    sent: { allowed: 'Đã cho phép', refused: 'Đã từ chối' },
    sentNext: {
      allowed: 'Nơi yêu cầu xem được các giấy tờ đã đánh dấu trong một giờ. Mỗi lần xem hiện ở “Ai đã xem”.',
      refused: 'Không ai xem được giấy tờ nào. Nơi yêu cầu vẫn phải nhận hồ sơ.',
    },
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
    sent: { allowed: 'Allowed', refused: 'Refused' },
    sentNext: {
      allowed: 'The office can see the ticked papers for one hour. Each look appears under “Who looked”.',
      refused: 'Nobody can see any paper. The office must take the dossier all the same.',
    },
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

/** The answer is on its way; what happens now. */
export function AccessAnsweredPage({ frame, allowed }: { frame: web.Frame; allowed: boolean }) {
  const t = content[frame.language];
  const which = allowed ? 'allowed' : 'refused';
  return (
    <web.PublicPage
      frame={frame}
      title={t.sent[which]}
      account={<a href={web.paths.log}>{LOG[frame.language]}</a>}
    >
      <h1>{t.sent[which]}</h1>
      <web.Notice tone={allowed ? 'ok' : 'act'} title={t.sentNext[which]} />
      <web.LoneLink href={web.paths.log}>{LOG[frame.language]}</web.LoneLink>
    </web.PublicPage>
  );
}

const LOG = { vi: 'Ai đã xem', en: 'Who looked' };
