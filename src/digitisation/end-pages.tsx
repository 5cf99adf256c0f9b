/** How a paper's way ends, or waits: kept, waiting for a second person, interrupted, set apart, not digitised. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import { attestField } from './digitisation-pages.tsx';
import type { RejectionReason } from './refusal.ts';
import { type DigitisationPage, digitisePaths } from './start-pages.tsx';

interface PaperPage extends DigitisationPage {
  readonly scan: { readonly id: string; readonly title: string; readonly dossier: string | null };
}

export interface DonePageProps extends PaperPage {
  readonly resultCode: string | null;
  readonly verificationCode: string;
  readonly sha256: string;
  /** Absent for an electronic original, which was not digitised. */
  readonly statement: boolean;
}

export function DonePage(props: DonePageProps) {
  const { frame, scan } = props;
  const t = content[frame.language].done;
  return (
    <web.DeskPage {...props} title={t.title}>
      <web.Notice tone="ok" title={<h1>{t.title}</h1>}>
        <p>{t.lead}</p>
      </web.Notice>
      <h2 class="title">{scan.title}</h2>
      <web.SummaryList
        ruled
        rows={[
          ...(props.resultCode
            ? [{ label: t.code, value: <span class="num">{maskedCode(props.resultCode)}</span> }]
            : []),
          {
            label: t.verification,
            value: <a href={web.paths.verifyCode(props.verificationCode)}>{props.verificationCode}</a>,
          },
          ...(props.statement
            ? [
                {
                  label: t.statement,
                  value: (
                    <>
                      <a href={digitisePaths.statement(scan.id)}>{t.statement}</a>,{' '}
                      <a href={digitisePaths.statementSignature(scan.id)}>{t.statementSignature}</a>
                    </>
                  ),
                },
              ]
            : [{ label: t.statement, value: t.electronic }]),
        ]}
      />
      <web.Folded title={t.sha256}>
        <p class="small">
          <code>{props.sha256.replace(/(.{8})/g, '$1 ').trim()}</code>
        </p>
      </web.Folded>
      <div class="row">
        <web.ButtonLink href={digitisePaths.open}>{t.next}</web.ButtonLink>
      </div>
    </web.DeskPage>
  );
}

/** The code begins with the owner's number: pages show it masked. */
export const maskedCode = (code: string): string => code.replace(/^(\d{4})\d{4}(\d{4})/, '$1••••$2');

export interface SecondPageProps extends PaperPage {
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  readonly pictures: readonly { readonly src: string; readonly alt: string }[];
  /** The reader attested already: somebody else has to. */
  readonly yours: boolean;
}

/** The second pair of eyes sees the values and the pages, and changes nothing. */
export function SecondPage(props: SecondPageProps) {
  const { frame, scan, faults } = props;
  const t = content[frame.language];
  return (
    <web.DeskPage {...props} title={t.second.title}>
      <h1 class="tight">{t.second.title}</h1>
      <p>{props.yours ? t.second.yours : t.second.lead}</p>
      <div class="cols two">
        <section>
          <h2>{t.data}</h2>
          <web.SummaryList ruled rows={props.rows} />
        </section>
        <section>
          <h2>{t.original}</h2>
          {props.pictures.map((picture) => (
            <web.Facsimile key={picture.src} image={{ ...picture, width: 600, height: 848 }} />
          ))}
        </section>
      </div>
      {props.yours ? null : (
        <web.PostForm frame={frame} action={digitisePaths.second(scan.id)} class="loose measure">
          <web.CheckTile
            name={attestField}
            fault={web.faultOf(faults, attestField)}
            label={
              <>
                {t.attest} <b>{t.attestOriginal}</b>.
              </>
            }
          />
          <web.Button>{t.second.send}</web.Button>
        </web.PostForm>
      )}
    </web.DeskPage>
  );
}

/** Signed, and then a power cut: one press goes on. */
export function FinishPage(props: PaperPage) {
  const t = content[props.frame.language].finish;
  return (
    <web.DeskPage {...props} title={t.title}>
      <h1 class="tight">{t.title}</h1>
      <p>{props.scan.title}</p>
      <p>{t.lead}</p>
      <web.PostForm frame={props.frame} action={digitisePaths.finish(props.scan.id)}>
        <web.Button>{t.send}</web.Button>
      </web.PostForm>
    </web.DeskPage>
  );
}

export interface SlipPageProps extends PaperPage {
  readonly reason: RejectionReason;
  readonly at: Date;
}

/** What the citizen takes along: printed as it stands. */
export function SlipPage(props: SlipPageProps) {
  const { frame, scan } = props;
  const t = content[frame.language];
  return (
    <web.DeskPage {...props} title={t.slip.title}>
      <h1 class="tight">{t.slip.title}</h1>
      <p>{t.slip.lead}</p>
      <web.SummaryList
        ruled
        rows={[
          { label: t.slip.paper, value: scan.title },
          { label: t.slip.reason, value: t.reject.reasons[props.reason] },
          { label: t.slip.when, value: web.formatDateTime(props.at) },
        ]}
      />
      <web.LoneLink href={web.paths.digitise}>{t.start.title}</web.LoneLink>
    </web.DeskPage>
  );
}

/** A file that is kept and never opened. */
export function QuarantinePage(props: PaperPage & { readonly reason: string }) {
  const { frame, scan, reason } = props;
  const t = content[frame.language].quarantine;
  const known = t.reasons as Readonly<Record<string, string>>;
  return (
    <web.DeskPage {...props} title={t.title}>
      <h1 class="tight">{t.title}</h1>
      <web.Notice tone="warn" title={known[reason] ?? reason}>
        <p>{t.lead}</p>
      </web.Notice>
      <div class="row">
        <web.ButtonLink href={digitisePaths.open}>{t.again}</web.ButtonLink>
        <web.ButtonLink kind="second" href={web.paths.captureReject(scan.id)}>
          {t.reject}
        </web.ButtonLink>
      </div>
    </web.DeskPage>
  );
}
