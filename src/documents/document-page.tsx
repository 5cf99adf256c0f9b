/** One paper: what it is and whether it holds, how it looks, what was checked, what to do with it, its history. */
import * as web from '../web/index.ts';
import { content } from './content.ts';

export interface DocumentPageProps {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
  readonly document: {
    readonly id: string;
    readonly title: string;
    readonly state: web.State;
    readonly validity: web.ValidityTerm;
    /** True where procedures may reuse it without paper. */
    readonly usable: boolean;
    readonly provenance: web.Provenance;
    readonly database?: string;
    /** Number and book, as on the paper. */
    readonly number?: string;
    readonly issuedOn?: Date;
    readonly issuer: string;
    /** Who keeps the register now, where that is another agency. */
    readonly keeper?: string;
    /** Digitisation result code; the part that is the owner's number is masked by the caller. */
    readonly code?: string;
    /** Size in bytes, where it is known without opening the file. */
    readonly file: { readonly kind: string; readonly bytes?: number };
    /** First page; absent where no picture could be made. */
    readonly picture?: { readonly pages: number; readonly width: number; readonly height: number };
    /** Id of the paper that replaced this one. */
    readonly supersededBy?: string;
  };
  /** What this instance offers besides the download. */
  readonly offers: { readonly share: boolean; readonly print: boolean; readonly correct: boolean };
  /** Absent where too many files wait to be read: the page says so instead of guessing. */
  readonly checks?: web.CheckFacts;
  readonly checkedAt: Date;
  /** Verification code, for the technical report; absent for a self-uploaded paper. */
  readonly verificationCode?: string;
  /** Newest first; `date` alone where the hour is not known. */
  readonly history: readonly {
    readonly at: Date;
    readonly dayOnly?: boolean;
    readonly what: string;
    readonly detail: string;
  }[];
}

export function DocumentPage(props: DocumentPageProps) {
  const { frame, person, waiting, document, checks, offers } = props;
  const t = content[frame.language].paper;
  const { paths } = web;
  return (
    <web.CitizenPage frame={frame} title={document.title} current="papers" waiting={waiting}>
      <web.BackLink href={paths.papers}>{content[frame.language].home.title}</web.BackLink>
      <div class="tight stack">
        <h1 class="serif">{document.title}</h1>
        <web.Status language={frame.language} state={document.state}>
          {web.validityWords(document.validity, frame.language)}. {document.usable ? t.usable : t.unusable}{' '}
          {document.supersededBy ? <a href={paths.paper(document.supersededBy)}>{t.replacedBy}</a> : null}
        </web.Status>
      </div>
      <Picture {...props} />
      <section>
        <h2>{web.shared[frame.language].checks.title}</h2>
        {checks ? (
          <web.ThreeChecks language={frame.language} {...web.describeChecks(checks, frame.language)} />
        ) : (
          <p>{t.notChecked}</p>
        )}
        <p class="small soft">
          {t.checkedAt(web.formatTime(props.checkedAt), web.formatDate(props.checkedAt))}{' '}
          {props.verificationCode ? (
            <a href={`${paths.verifyCode(props.verificationCode)}#technical`}>{t.technical}</a>
          ) : null}
        </p>
      </section>
      <section class="no-print">
        <h2>{t.whatNow(person.honorific)}</h2>
        <div class="row">
          <web.ButtonLink href={paths.paperFile(document.id)} shape="download">
            {t.download(
              [
                document.file.kind,
                document.file.bytes && web.formatBytes(document.file.bytes, frame.language),
              ]
                .filter(Boolean)
                .join(', '),
            )}
          </web.ButtonLink>
          {document.usable && offers.share ? (
            <web.ButtonLink href={paths.paperShare(document.id)} kind="second" shape="code">
              {t.share}
            </web.ButtonLink>
          ) : null}
          {document.usable && offers.print ? (
            <web.ButtonLink href={paths.paperPrint(document.id)} kind="second" shape="print">
              {t.print}
            </web.ButtonLink>
          ) : null}
        </div>
        {document.provenance === 'self-upload' ? (
          <web.LoneLink href={paths.paperRemove(document.id)}>
            {content[frame.language].remove.link}
          </web.LoneLink>
        ) : null}
        {offers.correct ? (
          <web.LoneLink href={paths.paperCorrection(document.id)}>{t.correct}</web.LoneLink>
        ) : null}
      </section>
      <Facts {...props} />
      <web.Ledger title={t.history}>
        {props.history.map((event) => (
          <li key={`${event.at.toISOString()} ${event.what}`}>
            <p class="small soft num">
              {event.dayOnly ? web.formatDate(event.at) : web.formatDateTime(event.at)}
            </p>
            <p>
              <b>{event.what}</b>
            </p>
            <p class="small">{event.detail}</p>
          </li>
        ))}
      </web.Ledger>
    </web.CitizenPage>
  );
}

function Picture({ frame, document }: DocumentPageProps) {
  const t = content[frame.language].paper;
  const { picture } = document;
  if (picture === undefined) return null;
  const src = web.paths.paperPage(document.id, 1);
  return (
    <div class="stack">
      <web.Facsimile
        image={{ src, alt: t.pageAlt(1, document.title), width: picture.width, height: picture.height }}
      />
      <p class="small soft">
        {t.page(1, picture.pages)} <a href={src}>{t.enlarge}</a>
      </p>
    </div>
  );
}

function Facts({ frame, document }: DocumentPageProps) {
  const t = content[frame.language].paper;
  const row = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }]);
  return (
    <section>
      <h2>{t.facts}</h2>
      <web.SummaryList
        ruled
        rows={[
          {
            label: t.source,
            value: web.provenanceWord(frame.language, document.provenance, document.database),
          },
          ...row(t.issuer, document.issuer),
          ...row(t.keeper, document.keeper),
          ...row(t.number, document.number),
          ...row(t.issuedOn, document.issuedOn && web.formatDate(document.issuedOn)),
          ...row(t.code, document.code),
        ]}
      />
    </section>
  );
}
