/** The panel of one line: ask for consent, or look at what the citizen allows and put it into the dossier. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import type { DossierLine } from './desk-line.tsx';
import { AnswerForm, FullViewForm, MoreForm, PreviewForm } from './desk-panel-forms.tsx';

/** Ways to ask for consent at the counter. */
export type ConsentChannel = 'phone' | 'code' | 'message' | 'form';

/** What the open panel shows. */
export type PanelContent = { readonly line: DossierLine; readonly title: string } & (
  | {
      readonly kind: 'ask';
      readonly issuer: string;
      readonly numberAndDate: string;
      readonly state: web.State;
      readonly checkedAt: Date;
      /** Ways open for this person; the phone number of `message` is masked. */
      readonly channels: readonly ConsentChannel[];
      readonly phone?: string;
      /** A way may have a default; consent itself never has. */
      readonly channel?: ConsentChannel;
      readonly readAloudHref: string;
    }
  | {
      readonly kind: 'look';
      readonly view: 'minimum' | 'full';
      readonly state: web.State;
      readonly checkedAt: Date;
      readonly values: readonly { readonly label: string; readonly value: string }[];
      /** Picture of the first page, only with the full view. */
      readonly picture?: web.FacsimileProps['image'];
      /** False once it is in the dossier. */
      readonly takeable: boolean;
      /** The whole file, where the request sees it. */
      readonly fileHref?: string | undefined;
      /** The whole paper may be asked for, with a reason. */
      readonly mayAskFull?: boolean;
    }
  | {
      /** Asked, and not answered yet. */
      readonly kind: 'answer';
      readonly method?: 'one-time-code' | 'qr';
      /** Masked address that the code went to. */
      readonly sentTo?: string | undefined;
      /** A code could not be sent. */
      readonly notSent?: boolean;
    }
  | { readonly kind: 'more'; readonly ask: 'condition' | 'party'; readonly question: string }
  | { readonly kind: 'preview' }
  | { readonly kind: 'explain'; readonly paragraphs: readonly string[]; readonly next?: web.Option }
);

interface PanelProps {
  readonly frame: web.Frame;
  readonly citizen: string;
  readonly dossierId: string;
  readonly panel: PanelContent;
  readonly faults?: readonly web.Fault[] | undefined;
}

/** Field that holds the chosen way. */
export const channelField = 'cach';

export function DeskPanel(props: PanelProps) {
  const { frame, panel } = props;
  const t = content[frame.language].panel;
  const above =
    panel.kind === 'look'
      ? panel.view === 'minimum'
        ? t.minimum(panel.line.number)
        : t.full(panel.line.number)
      : t.line(panel.line.number);
  return (
    <web.DocumentPane above={above} title={panel.title}>
      {panel.kind === 'ask' ? <Ask {...props} panel={panel} /> : null}
      {panel.kind === 'look' ? <Look {...props} panel={panel} /> : null}
      {panel.kind === 'answer' ? <AnswerForm {...props} panel={panel} /> : null}
      {panel.kind === 'more' ? <MoreForm {...props} panel={panel} /> : null}
      {panel.kind === 'preview' ? <PreviewForm {...props} panel={panel} /> : null}
      {panel.kind === 'explain' ? (
        <>
          {panel.paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          {panel.next ? <web.ButtonLink href={panel.next.value}>{panel.next.label}</web.ButtonLink> : null}
        </>
      ) : null}
    </web.DocumentPane>
  );
}

type Of<Kind> = Extract<PanelContent, { readonly kind: Kind }>;

function Ask({ frame, citizen, dossierId, panel, faults }: PanelProps & { readonly panel: Of<'ask'> }) {
  const t = content[frame.language].panel;
  const word = web.shared[frame.language].status[panel.state];
  return (
    <>
      <web.SummaryList
        ruled
        rows={[
          { label: t.agency, value: panel.issuer },
          { label: t.number, value: panel.numberAndDate },
          { label: t.validity, value: t.validAt(word, web.formatTime(panel.checkedAt)) },
        ]}
      />
      <p class="small soft">
        <web.Shape name="hiddenEye" /> {t.closed(citizen)}
      </p>
      <web.PostForm frame={frame} action={web.paths.deskAsk(dossierId, panel.line.id)}>
        <web.RadioTiles
          name={channelField}
          legend={t.how}
          hint={
            <>
              {t.read(citizen)} <a href={panel.readAloudHref}>{t.readLink}</a>
            </>
          }
          value={panel.channel}
          fault={web.faultOf(faults, channelField)}
          options={panel.channels.map((channel) => ({
            value: channel,
            label: t.channels[channel],
            hint: channelHint(channel, frame.language, citizen, panel.phone),
          }))}
        />
        <web.Button>{t.send(citizen)}</web.Button>
      </web.PostForm>
    </>
  );
}

function channelHint(channel: ConsentChannel, language: web.Language, citizen: string, phone = ''): string {
  const t = content[language].panel.hints;
  if (channel === 'phone') return web.capital(t.phone(citizen));
  return channel === 'message' ? t.message(phone) : t[channel];
}

function Look({ frame, citizen, dossierId, panel, faults }: PanelProps & { readonly panel: Of<'look'> }) {
  const t = content[frame.language].panel;
  const word = web.shared[frame.language].status[panel.state];
  return (
    <>
      <web.Status
        language={frame.language}
        state={panel.state}
        word={t.validAt(word, web.formatTime(panel.checkedAt))}
      />
      {panel.picture ? <web.Facsimile image={panel.picture} /> : null}
      <web.SummaryList ruled rows={panel.values} />
      {panel.view === 'minimum' ? (
        <p class="small soft">
          <web.Shape name="hiddenEye" /> {t.hidden}
        </p>
      ) : null}
      {panel.takeable ? (
        <web.PostForm frame={frame} action={web.paths.deskTake(dossierId, panel.line.id)}>
          <web.Button>{t.take}</web.Button>
        </web.PostForm>
      ) : null}
      {panel.fileHref ? (
        <web.LoneLink href={panel.fileHref} shape="eye">
          {t.file}
        </web.LoneLink>
      ) : null}
      {panel.mayAskFull ? (
        <FullViewForm frame={frame} dossierId={dossierId} line={panel.line.id} faults={faults} />
      ) : null}
      <p class="small soft">{t.recorded(citizen)}</p>
    </>
  );
}
