/**
 * Verification for anyone: enter a code or give a file, then in this order the verdict in one sentence, what to
 * compare or what was changed, the three checks, what to do, and the technical report folded. Green only for a
 * result wholly proven; “no conclusion” is a warning and never green.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import type { ExplainedSignature } from './explain.ts';

/** Names of the form fields; a fault's `field` is one of them. */
export const verifyFields = { code: 'ma', file: 'tep' } as const;

export interface VerifyStartPageProps {
  readonly frame: web.Frame;
  readonly maximumBytes: number;
  readonly code?: string;
  readonly faults?: readonly web.Fault[];
}

/** Where a check begins. */
export function VerifyStartPage({ frame, maximumBytes, code, faults }: VerifyStartPageProps) {
  const t = content[frame.language].start;
  return (
    <web.PublicPage frame={frame} title={t.title} faults={faults}>
      <h1>{t.title}</h1>
      <p>{t.lead}</p>
      <form action={web.paths.verify} class="loose">
        <web.TextField
          name={verifyFields.code}
          label={t.code}
          hint={t.codeHint}
          width="w12"
          value={code}
          fault={web.faultOf(faults, verifyFields.code)}
        />
        <web.Button>{t.checkCode}</web.Button>
      </form>
      <section>
        <web.PostForm frame={frame} action={web.paths.verifyFile} files class="loose">
          <web.FileField
            name={verifyFields.file}
            label={t.file}
            hint={t.fileHint(web.formatBytes(maximumBytes, frame.language))}
            accept="application/pdf"
            fault={web.faultOf(faults, verifyFields.file)}
          />
          <web.Button kind="second">{t.checkFile}</web.Button>
        </web.PostForm>
      </section>
      <web.Folded title={t.how}>
        <p>{t.howText}</p>
      </web.Folded>
    </web.PublicPage>
  );
}

/** What the verification concluded, as a reader needs it. */
export type PageVerdict = Exclude<
  keyof typeof content.vi.verdict,
  'at' | 'test' | 'indeterminateText' | 'intactText'
>;

export interface VerdictPageProps {
  readonly frame: web.Frame;
  readonly verdict: PageVerdict;
  readonly checkedAt: Date;
  readonly checks: web.CheckFacts;
  /** True where the signature is one of development keys: said under the verdict, which is then never green. */
  readonly test?: boolean;
  /** Facts to compare with the paper in the hand; name and number masked by the caller. Only for a known paper. */
  readonly paper?: {
    readonly title: string;
    readonly holder: string;
    readonly serial?: string;
    readonly issuer: string;
    readonly keeper?: string;
    readonly issuedOn?: Date;
    readonly validity: web.ValidityTerm;
  };
  /** Places that differ from the signed version; only for an uploaded file. */
  readonly changes?: readonly { readonly where: string; readonly signed: string; readonly file: string }[];
  /** One sentence under the verdict, where the verdict alone does not say why. */
  readonly summary?: string;
  /** Each signature of a file, explained line by line. */
  readonly signatures?: readonly ExplainedSignature[];
  /** What may be added without touching what was signed, the last sentence saying how. */
  readonly repairs?: readonly string[];
  /** What the paper is worth by law, in sentences. */
  readonly worth?: readonly string[];
  /** The technical report: verdict in the terms of EN 319 102-1, signatures, times, digests. */
  readonly technical: readonly { readonly label: string; readonly value: string }[];
}

const good: readonly PageVerdict[] = ['valid'];
const bad: readonly PageVerdict[] = ['changed', 'revoked', 'annulled', 'broken'];
const shapes: Readonly<Partial<Record<PageVerdict, web.ShapeName>>> = {
  revoked: 'octagon',
  annulled: 'octagon',
  broken: 'octagon',
  expired: 'bar',
  suspended: 'pause',
  superseded: 'sheets',
  intact: 'info',
  unsigned: 'unverified',
  unverified: 'unverified',
};

/** The answer. */
export function VerdictPage(props: VerdictPageProps) {
  const { frame, verdict, checks, paper, changes, worth, technical } = props;
  const t = content[frame.language];
  return (
    <web.PublicPage frame={frame} title={t.verdict[verdict]} wide>
      <Verdict {...props} />
      <div class="cols two">
        <div>
          {paper && !changes ? <Compare {...props} /> : null}
          {changes ? <Changes {...props} /> : null}
          {verdict === 'valid' ? null : <Advice {...props} />}
        </div>
        <div class="loose">
          <section>
            <h2>{web.shared[frame.language].checks.title}</h2>
            <web.ThreeChecks language={frame.language} {...web.describeChecks(checks, frame.language)} />
          </section>
          <div id="technical">
            {worth ? (
              <web.Folded title={t.worth}>
                {worth.map((sentence) => (
                  <p key={sentence}>{sentence}</p>
                ))}
              </web.Folded>
            ) : null}
            {props.signatures && props.signatures.length > 0 ? (
              <web.Folded title={t.signatures}>
                <Signatures signatures={props.signatures} />
                {props.repairs && props.repairs.length > 0 ? (
                  <div class="stack small">
                    <h3>{t.repairs}</h3>
                    <ul>
                      {props.repairs.map((sentence) => (
                        <li key={sentence}>{sentence}</li>
                      ))}
                    </ul>
                  </div>
                ) : null}
              </web.Folded>
            ) : null}
            <web.Folded title={t.technical}>
              <div class="small num">
                <web.SummaryList narrow rows={technical} />
              </div>
            </web.Folded>
          </div>
        </div>
      </div>
      <p>
        <web.ButtonLink kind="second" href={web.paths.verify}>
          {t.again}
        </web.ButtonLink>
      </p>
    </web.PublicPage>
  );
}

function Verdict({ frame, verdict, checkedAt, test, summary }: VerdictPageProps) {
  const t = content[frame.language].verdict;
  const checked = t.at(web.formatTime(checkedAt), web.formatDate(checkedAt));
  if ((good.includes(verdict) && !test) || bad.includes(verdict)) {
    return (
      <web.VerdictBlock
        good={good.includes(verdict)}
        title={t[verdict]}
        checked={summary ? `${summary} ${checked}` : checked}
        shape={shapes[verdict]}
      />
    );
  }
  return (
    <web.Notice
      tone="warn"
      shape={shapes[verdict] ?? 'warn'}
      title={<h1 class="verdict-words">{t[verdict]}</h1>}
    >
      {test ? (
        <p>
          <b>{t.test}</b>
        </p>
      ) : null}
      {summary ? <p>{summary}</p> : null}
      {verdict === 'indeterminate' ? <p>{t.indeterminateText}</p> : null}
      {verdict === 'intact' ? <p>{t.intactText}</p> : null}
      <p>{checked}</p>
    </web.Notice>
  );
}

function Compare({ frame, paper }: VerdictPageProps) {
  const t = content[frame.language].compare;
  if (paper === undefined) return null;
  const row = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }]);
  return (
    <section>
      <h2>{t.title}</h2>
      <p>{t.text}</p>
      <div class="panel wide-labels">
        <web.SummaryList
          rows={[
            { label: t.paper, value: <b class="serif">{paper.title}</b> },
            ...row(t.holder, paper.holder),
            ...row(t.serial, paper.serial),
            ...row(t.issuer, paper.issuer),
            ...row(t.keeper, paper.keeper),
            ...row(t.issuedOn, paper.issuedOn && web.formatDate(paper.issuedOn)),
            ...row(t.validity, web.validityWords(paper.validity, frame.language)),
          ]}
        />
      </div>
      <p class="small soft">{t.masked}</p>
    </section>
  );
}

function Signatures({ signatures }: { signatures: readonly ExplainedSignature[] }) {
  return (
    <div class="loose">
      {signatures.map((signature) => (
        <div key={signature.field} class="stack small">
          <h3>{signature.title}</h3>
          <ul>
            {signature.lines.map((line) => (
              <li key={line.text}>
                {line.kind === 'wrong' ? <b>{line.text}</b> : line.text} {line.matters} {line.todo}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Changes({ frame, changes }: VerdictPageProps) {
  const t = content[frame.language].changes;
  return (
    <section>
      <h2>{t.title}</h2>
      <web.Table
        caption={t.title}
        rows={changes ?? []}
        keyOf={(change) => change.where}
        columns={[
          { label: t.where, heads: true, cell: (change) => change.where },
          { label: t.signed, cell: (change) => change.signed },
          { label: t.file, cell: (change) => change.file },
        ]}
      />
    </section>
  );
}

function Advice({ frame, verdict, paper }: VerdictPageProps) {
  const t = content[frame.language].advice;
  const agency = paper?.keeper ?? paper?.issuer ?? t.theIssuer;
  return (
    <section>
      <h2>{t.title}</h2>
      <ol>
        {t[adviceFor(verdict)](agency).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ol>
      {verdict === 'changed' || verdict === 'broken' ? <p class="small soft">{t.haste}</p> : null}
    </section>
  );
}

function adviceFor(
  verdict: PageVerdict,
): 'changed' | 'refused' | 'broken' | 'ended' | 'indeterminate' | 'unsigned' | 'intact' {
  switch (verdict) {
    case 'changed':
    case 'broken':
    case 'indeterminate':
    case 'unsigned':
    case 'intact':
      return verdict;
    case 'revoked':
    case 'annulled':
      return 'refused';
    case 'valid':
    case 'expired':
    case 'suspended':
    case 'superseded':
    case 'unverified':
      return 'ended';
  }
}

/** A well-formed code that no paper of this vault carries: says what to try, and not to accept the paper yet. */
export function CodeNotFoundPage({ frame, code }: { readonly frame: web.Frame; readonly code: string }) {
  const t = content[frame.language];
  return (
    <web.PublicPage frame={frame} title={t.notFound.title}>
      <web.Notice tone="warn" shape="missing" title={<h1 class="verdict-words">{t.notFound.title}</h1>}>
        <p>{t.notFound.text(code)}</p>
      </web.Notice>
      <section>
        <h2>{t.advice.title}</h2>
        <ol>
          {t.notFound.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ol>
      </section>
      <web.ButtonLink kind="second" href={web.paths.verify}>
        {t.again}
      </web.ButtonLink>
    </web.PublicPage>
  );
}
