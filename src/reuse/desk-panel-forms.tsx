/** Panels of the desk in which something is entered: the answer that was given, what is still to be known, the preview. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import type { PanelContent } from './desk-panel.tsx';

/** Names of the fields; a fault's `field` is one of them. */
export const answerFields = {
  method: 'cach-xac-nhan',
  secret: 'ma',
  decision: 'tra-loi',
  answer: 'cau-tra-loi',
  number: 'so-dinh-danh',
  name: 'ho-ten',
  birth: 'ngay-sinh',
  reason: 'ly-do',
  kind: 'kind',
  witness: 'witness',
  witnessNumber: 'witnessNumber',
  file: 'file',
} as const;

interface FormProps<Kind> {
  readonly frame: web.Frame;
  readonly citizen: string;
  readonly dossierId: string;
  readonly panel: Extract<PanelContent, { readonly kind: Kind }>;
  readonly faults?: readonly web.Fault[] | undefined;
}

/** The question was put: what the person answers, and how they show that it is they. */
export function AnswerForm({ frame, citizen, dossierId, panel, faults }: FormProps<'answer'>) {
  const t = content[frame.language].answer;
  const line = panel.line.id;
  return (
    <>
      <p>{panel.sentTo ? t.codeSent(panel.sentTo) : panel.notSent ? t.codeNotSent : t.waits(citizen)}</p>
      <p class="small soft">{t.phone(citizen)}</p>
      <p>
        <a href={web.paths.deskRead(dossierId, line)}>{t.readLink}</a>
      </p>
      <web.PostForm frame={frame} action={web.paths.deskAnswer(dossierId, line)} class="loose">
        <web.RadioTiles
          name={answerFields.method}
          legend={t.how}
          value={panel.method}
          fault={web.faultOf(faults, answerFields.method)}
          options={[
            { value: 'one-time-code', label: t.byCode },
            { value: 'qr', label: t.byQr, hint: t.byQrHint(citizen) },
          ]}
        />
        <web.TextField
          name={answerFields.secret}
          label={t.secret}
          width="w12"
          fault={web.faultOf(faults, answerFields.secret)}
        />
        <web.RadioTiles
          name={answerFields.decision}
          pair
          legend={t.decision(citizen)}
          fault={web.faultOf(faults, answerFields.decision)}
          options={[
            { value: 'allow', label: t.allow },
            { value: 'refuse', label: t.refuse },
          ]}
        />
        <web.Button>{t.record}</web.Button>
      </web.PostForm>
      <web.LoneLink href={web.paths.deskForm(dossierId, line)} shape="print">
        {t.form}
      </web.LoneLink>
      <web.PostForm frame={frame} action={web.paths.deskAsk(dossierId, line)}>
        <input type="hidden" name="cach" value="message" />
        <web.Button kind="second">{t.sendCode(citizen)}</web.Button>
      </web.PostForm>
    </>
  );
}

/** What the vault has to know before it can answer. */
export function MoreForm({ frame, dossierId, panel, faults }: FormProps<'more'>) {
  const t = content[frame.language].more;
  return (
    <web.PostForm frame={frame} action={web.paths.deskMore(dossierId, panel.line.id)} class="loose">
      {panel.ask === 'condition' ? (
        <web.RadioTiles
          name={answerFields.answer}
          legend={panel.question}
          pair
          fault={web.faultOf(faults, answerFields.answer)}
          options={[
            { value: 'yes', label: t.yes },
            { value: 'no', label: t.no },
          ]}
        />
      ) : (
        <>
          <p>{panel.question}</p>
          <web.TextField
            name={answerFields.number}
            label={t.number}
            keyboard="numeric"
            width="w12"
            fault={web.faultOf(faults, answerFields.number)}
          />
          <web.TextField
            name={answerFields.name}
            label={t.name}
            fault={web.faultOf(faults, answerFields.name)}
          />
          <web.TextField
            name={answerFields.birth}
            label={t.birth}
            width="w12"
            fault={web.faultOf(faults, answerFields.birth)}
          />
        </>
      )}
      <web.Button>{t.send}</web.Button>
    </web.PostForm>
  );
}

/** The person looks before it goes out. */
export function PreviewForm({ frame, citizen, dossierId, panel }: FormProps<'preview'>) {
  const t = content[frame.language].preview;
  return (
    <>
      <p>{t.lead(citizen)}</p>
      <web.PostForm frame={frame} action={web.paths.deskPreview(dossierId, panel.line.id)}>
        <div class="row">
          <web.Button name="quyet-dinh" value="use">
            {t.use(citizen)}
          </web.Button>
          <web.Button kind="refuse" name="quyet-dinh" value="refuse">
            {t.refuse(citizen)}
          </web.Button>
        </div>
      </web.PostForm>
    </>
  );
}

/** The minimum was not enough: why the whole paper is needed; the owner reads the reason. */
export function FullViewForm({
  frame,
  dossierId,
  line,
  faults,
}: {
  frame: web.Frame;
  dossierId: string;
  line: string;
  faults?: readonly web.Fault[] | undefined;
}) {
  const t = content[frame.language].full;
  return (
    <web.PostForm frame={frame} action={web.paths.deskFull(dossierId, line)} class="loose">
      <web.TextArea
        name={answerFields.reason}
        label={t.label}
        hint={t.hint}
        rows={2}
        fault={web.faultOf(faults, answerFields.reason)}
      />
      <web.Button kind="second">{t.send}</web.Button>
    </web.PostForm>
  );
}
