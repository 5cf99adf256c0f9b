/** Papers of the counter: the words to read out with room to sign, the scan of the signed form, the receipt to take home. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import type { DeskProps } from './desk-pages.tsx';
import { answerFields } from './desk-panel-forms.tsx';

export interface ConsentFormPageProps extends DeskProps {
  readonly dossier: { readonly id: string; readonly code: string };
  readonly line: string;
  readonly citizen: string;
  readonly title: string;
  /** The exact words; their hash stands below them. */
  readonly text: string;
  readonly textSha256: string;
  readonly textVersion: string;
  /** With it the form to upload the signed sheet follows. */
  readonly upload: boolean;
  readonly faults?: readonly web.Fault[];
}

/** The exact words of the question, for reading out and for signing. */
export function ConsentFormPage(props: ConsentFormPageProps) {
  const { frame, dossier, line, citizen, faults } = props;
  const t = content[frame.language].form;
  return (
    <web.DeskPage {...props} title={t.title} faults={faults}>
      <web.BackLink href={web.paths.deskLine(dossier.id, line)}>{dossier.code}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <section class="panel measure" aria-label={props.title} lang="vi">
        <h2 class="title">{props.title}</h2>
        {props.text.split('\n').map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p class="small soft">
          {props.textVersion} · SHA-256 {props.textSha256}
        </p>
        <web.SummaryList
          ruled
          rows={[
            { label: t.allow, value: '☐' },
            { label: t.refuse, value: '☐' },
            { label: t.signature(citizen), value: '…………………………' },
            { label: t.thumb, value: '…………………………' },
            { label: t.witnessSign, value: '…………………………' },
          ]}
        />
      </section>
      {props.upload ? (
        <section class="measure">
          <h2>{t.uploadTitle}</h2>
          <web.PostForm frame={frame} action={web.paths.deskForm(dossier.id, line)} files class="loose">
            <web.RadioTiles
              name={answerFields.kind}
              legend={t.kind}
              fault={web.faultOf(faults, answerFields.kind)}
              options={[
                { value: 'signed-form', label: t.signed },
                { value: 'thumbprint', label: t.thumbprint },
              ]}
            />
            <web.TextField
              name={answerFields.witness}
              label={t.witness}
              hint={t.witnessHint}
              fault={web.faultOf(faults, answerFields.witness)}
            />
            <web.TextField
              name={answerFields.witnessNumber}
              label={t.witnessNumber}
              keyboard="numeric"
              width="w12"
            />
            <web.RadioTiles
              name={answerFields.decision}
              pair
              legend={t.decision}
              fault={web.faultOf(faults, answerFields.decision)}
              options={[
                { value: 'allow', label: t.allow },
                { value: 'refuse', label: t.refuse },
              ]}
            />
            <web.FileField
              name={answerFields.file}
              label={t.scan}
              accept="application/pdf,image/jpeg,image/png"
              fault={web.faultOf(faults, answerFields.file)}
            />
            <web.Button>{t.record}</web.Button>
          </web.PostForm>
        </section>
      ) : null}
    </web.DeskPage>
  );
}

export interface CounterReceiptPageProps extends DeskProps {
  readonly dossier: { readonly id: string; readonly code: string; readonly procedure: string };
  readonly citizen: string;
  readonly agency: string;
  readonly lines: readonly { readonly at: Date; readonly what: string; readonly paper: string }[];
  /** The number by which a consent is withdrawn at any desk or by telephone. */
  readonly code: string;
}

/** What was seen and allowed at the counter, for both sides, on paper. */
export function CounterReceiptPage(props: CounterReceiptPageProps) {
  const { frame, dossier, citizen, lines } = props;
  const t = content[frame.language].receipt;
  return (
    <web.DeskPage {...props} title={t.title}>
      <web.BackLink href={web.paths.deskDossier(dossier.id)}>{dossier.code}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p>
        {props.agency}. {dossier.procedure}, {dossier.code}.
      </p>
      {lines.length === 0 ? (
        <p>{t.nothing}</p>
      ) : (
        <web.Ledger title={t.lines(citizen)}>
          {lines.map((line) => (
            <web.LedgerEntry
              key={`${line.at.toISOString()} ${line.what} ${line.paper}`}
              who={line.what}
              time={web.formatDateTime(line.at)}
            >
              <p>{line.paper}</p>
            </web.LedgerEntry>
          ))}
        </web.Ledger>
      )}
      <web.Notice tone="act" title={t.withdraw(props.code)}>
        <p>{t.withdrawHow}</p>
      </web.Notice>
      <p class="small soft">{t.assisted(props.officer.name, props.officer.office)}</p>
      <web.PostForm frame={frame} action={web.paths.deskEnd}>
        <web.Button>{t.end}</web.Button>
      </web.PostForm>
    </web.DeskPage>
  );
}
