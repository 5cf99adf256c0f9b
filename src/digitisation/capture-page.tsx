/** Capture: the pages so far with what the examination found, reasons for what may pass, and the scanner's signature. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import { findingWords } from './finding-words.ts';
import type { Finding } from './scan.ts';
import { type DigitisationPage, digitisePaths } from './start-pages.tsx';

export interface CapturePageProps extends DigitisationPage {
  readonly scan: { readonly id: string; readonly title: string; readonly dossier: string | null };
  readonly pages: readonly {
    readonly number: number;
    readonly file: number;
    readonly src: string;
    readonly dpi: number;
  }[];
  readonly findings: readonly Finding[];
  /** The cover sheet's code as a picture, for a scanner station. */
  readonly cover?: string;
  /** True once something was captured. */
  readonly examined: boolean;
  readonly steps: readonly { readonly state: web.Step['state']; readonly word?: string }[];
}

export const captureFields = { files: 'file', device: 'device' } as const;

/** Name of the field that holds the reason for a finding. */
export const reasonField = ({ code, page }: Pick<Finding, 'code' | 'page'>): string =>
  `ly-do.${code}${page === undefined ? '' : `.${page}`}`;

export function CapturePage(props: CapturePageProps) {
  const { frame, scan, pages, findings, examined, faults } = props;
  const t = content[frame.language].capture;
  const all = content[frame.language];
  const open = findings.filter(({ verdict }) => verdict !== 'pass');
  const rejected = open.filter(({ verdict }) => verdict === 'reject');
  return (
    <web.DeskPage {...props} title={scan.title}>
      <div class="cols two">
        <div class="page-head">
          {scan.dossier ? <p class="small soft">{all.for(scan.dossier)}</p> : null}
          <h1>{scan.title}</h1>
        </div>
        <web.Steps
          language={frame.language}
          steps={(['copy', 'extract', 'code', 'keep'] as const).map((name, index) => ({
            name: all.steps[name],
            ...(props.steps[index] ?? { state: 'later' as const }),
          }))}
        />
      </div>
      {examined ? (
        <section class="stack">
          <h2>{t.pages}</h2>
          <ol class="pages">
            {pages.map((page) => (
              <li key={page.number}>
                <img src={page.src} alt={t.page(page.number)} width={96} height={136} />
                <b>{t.page(page.number)}</b>
                <span class="small soft">{page.dpi} dpi</span>
                <web.PostForm frame={frame} action={digitisePaths.remove(scan.id)}>
                  <button class="link" type="submit" name="tep" value={String(page.file)}>
                    {t.remove}
                    <span class="hidden">, {t.page(page.number)}</span>
                  </button>
                </web.PostForm>
              </li>
            ))}
          </ol>
        </section>
      ) : null}
      {examined ? (
        <section class="panel">
          <p class="lead">{open.length === 0 ? t.allPass : t.open(open.length)}</p>
          <web.PostForm frame={frame} action={digitisePaths.sign(scan.id)} class="loose measure">
            {open.map((finding) => (
              <FindingRow
                key={reasonField(finding)}
                {...props}
                finding={finding}
                fault={web.faultOf(faults, reasonField(finding))}
              />
            ))}
            {rejected.length === 0 && pages.length > 0 ? (
              <>
                <p class="small soft">{t.signNote}</p>
                <web.Button>{t.sign}</web.Button>
              </>
            ) : null}
          </web.PostForm>
        </section>
      ) : null}
      <section class="stack">
        {examined ? <h2>{t.more}</h2> : null}
        <web.PostForm frame={frame} action={web.paths.captureMore(scan.id)} files class="loose measure">
          <web.FileField
            name={captureFields.files}
            label={t.files}
            hint={t.filesHint}
            accept="image/jpeg,image/png,image/tiff,image/heic,application/pdf"
            multiple
            fault={web.faultOf(faults, captureFields.files)}
          />
          <web.TextField name={captureFields.device} label={t.device} width="w20" />
          <web.Button kind={examined ? 'second' : 'primary'}>{t.send}</web.Button>
        </web.PostForm>
        {props.cover ? (
          <web.Folded title={t.cover}>
            <p>{t.coverNote}</p>
            <img src={props.cover} alt={t.cover} width={160} height={160} />
          </web.Folded>
        ) : null}
        <web.LoneLink href={web.paths.captureReject(scan.id)}>{t.reject}</web.LoneLink>
      </section>
    </web.DeskPage>
  );
}

function FindingRow({ frame, finding, fault }: CapturePageProps & { finding: Finding; fault?: string }) {
  const t = content[frame.language].capture;
  const words = findingWords(finding, frame.language);
  const place = finding.page === undefined ? '' : `${t.page(finding.page)}. `;
  if (finding.verdict === 'reject') {
    return (
      <web.Notice tone="bad" title={`${place}${t.again}`}>
        <p>{words}</p>
      </web.Notice>
    );
  }
  return (
    <web.TextField
      name={reasonField(finding)}
      label={
        <>
          <web.Shape name="warn" /> {place}
          {words}
        </>
      }
      hint={`${t.why} (${t.whyHint})`}
      value={finding.override}
      fault={fault}
    />
  );
}
