/**
 * The compare screen: pages at the left, the original in the middle, what was read at the right. Doubtful fields
 * show their cut-out and offer the readings; one tick attests, then the officer signs. A plain form.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';

export interface CapturedPage {
  /** Counted from 1. */
  readonly page: number;
  /** “Mặt trước”. */
  readonly name: string;
  readonly src: string;
  readonly good: boolean;
  /** “300 dpi, đủ 4 mép” or what is wrong: “Nghiêng 2,4°”. */
  readonly quality: string;
}

export interface ComparePageProps {
  readonly frame: web.Frame;
  readonly officer: { readonly name: string; readonly office: string };
  readonly tabs: readonly web.Tab[];
  readonly session?: web.CounterSession;
  readonly capture: { readonly id: string; readonly title: string; readonly dossier?: string };
  readonly steps: readonly { readonly state: web.Step['state']; readonly word?: string }[];
  readonly pages: readonly CapturedPage[];
  readonly sheets: number;
  /** Absent for an electronic original, which has no scanned page. */
  readonly picture?: web.FacsimileProps['image'] & { readonly page: number };
  /** A signed electronic document offered as a scan: kept as it is. */
  readonly electronic?: { readonly good: boolean };
  /** What the reading machine is at. */
  readonly note?: string;
  /** The part of the page that belongs to the chosen field. */
  readonly region?: web.Region & { readonly field: string };
  /** All values; the sure ones after the eighth are folded. */
  readonly values: readonly web.ReadValue[];
  readonly attested?: boolean;
  readonly faults?: readonly web.Fault[];
}

/** Name of the field that attests. */
export const attestField = 'da-doi-chieu';

const stepNames = ['copy', 'extract', 'code', 'keep'] as const;

export function ComparePage(props: ComparePageProps) {
  const { frame, capture, steps, faults } = props;
  const t = content[frame.language];
  return (
    <web.DeskPage {...props} title={capture.title} faults={faults}>
      <div class="cols two">
        <div class="page-head">
          {capture.dossier ? <p class="small soft">{t.for(capture.dossier)}</p> : null}
          <h1>{capture.title}</h1>
        </div>
        <web.Steps
          language={frame.language}
          steps={stepNames.map((name, index) => ({
            name: t.steps[name],
            ...(steps[index] ?? { state: 'later' as const }),
          }))}
        />
      </div>
      <div class="cols compare">
        <Pages {...props} />
        <Original {...props} />
        <Values {...props} />
      </div>
    </web.DeskPage>
  );
}

function Pages({ frame, capture, pages, picture, sheets }: ComparePageProps) {
  const t = content[frame.language];
  return (
    <nav aria-label={t.pagesTitle}>
      <ol class="pages">
        {pages.map((page) => (
          <li key={page.page}>
            <a
              href={web.paths.capturePage(capture.id, page.page)}
              aria-current={page.page === picture?.page ? 'page' : undefined}
            >
              <img src={page.src} alt="" width={96} height={136} />
              <b>{page.name}</b>
            </a>
            <web.Status
              language={frame.language}
              state={page.good ? 'done' : 'not_acceptable'}
              word={page.good ? t.good : page.quality}
            >
              {page.good ? page.quality : t.again}
            </web.Status>
          </li>
        ))}
      </ol>
      {pages.length > 0 ? <p class="small soft">{t.enough(pages.length, sheets)}</p> : null}
    </nav>
  );
}

function Original({ frame, picture, region, electronic }: ComparePageProps) {
  const t = content[frame.language];
  if (!picture) {
    return (
      <section class="stack">
        <h2>{t.electronic.title}</h2>
        <p>
          {t.electronic.lead} {electronic?.good ? t.electronic.verdict.good : t.electronic.verdict.unsure}.
        </p>
      </section>
    );
  }
  return (
    <section>
      <div class="between">
        <h2>{t.original}</h2>
        <a href={picture.src}>{t.enlarge}</a>
      </div>
      <web.Facsimile image={picture} region={region} />
      {region ? <p class="small soft">{t.region(region.field)}</p> : null}
    </section>
  );
}

function Values({ frame, capture, values, attested, electronic, note, faults }: ComparePageProps) {
  const t = content[frame.language];
  const count = (state: web.ReadValue['state']): number =>
    values.filter((value) => value.state === state).length;
  const foldable = values.slice(8).filter((value) => value.state === 'sure' && !value.fault);
  const shown = values.filter((value) => !foldable.includes(value));
  return (
    <section class="panel">
      <div>
        <h2>{t.data}</h2>
        <p class="small soft">
          {t.counts(values.length, count('sure'), count('doubtful'), count('by-hand'))}
        </p>
        {note ? <p class="small">{note}</p> : null}
      </div>
      <web.PostForm frame={frame} action={web.paths.capture(capture.id)} class="loose">
        <web.ComparedValues language={frame.language} values={shown} />
        {foldable.length > 0 ? (
          <web.Folded title={t.rest(foldable.length)}>
            <web.ComparedValues language={frame.language} values={foldable} />
          </web.Folded>
        ) : null}
        <web.CheckTile
          name={attestField}
          checked={attested}
          fault={web.faultOf(faults, attestField)}
          label={
            <>
              {t.attest} <b>{t.attestOriginal}</b>.
            </>
          }
        />
        <div class="row">
          <web.Button name="viec" value="ky">
            {electronic ? t.electronic.send : t.sign}
          </web.Button>
          <web.Button kind="second" name="viec" value="nhap">
            {t.draft}
          </web.Button>
        </div>
        <web.LoneLink href={web.paths.captureReject(capture.id)}>{t.cannot}</web.LoneLink>
      </web.PostForm>
    </section>
  );
}

/** The fault when the officer signs without attesting. */
export const notAttested = (language: web.Language): web.Fault => ({
  field: attestField,
  text: content[language].notAttested,
});

/** Why a paper cannot be digitised. */
export const rejectionReasons = ['blurred', 'altered', 'not-original', 'not-allowed'] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

export interface RejectPageProps
  extends Pick<ComparePageProps, 'frame' | 'officer' | 'tabs' | 'session' | 'capture' | 'faults'> {
  /** Field: `ly-do`. */
  readonly reason?: RejectionReason;
}

export function RejectPage(props: RejectPageProps) {
  const { frame, capture, reason, faults } = props;
  const t = content[frame.language].reject;
  return (
    <web.DeskPage {...props} title={t.title}>
      <web.BackLink href={web.paths.capture(capture.id)}>{capture.title}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p>{t.lead}</p>
      <web.PostForm frame={frame} action={web.paths.captureReject(capture.id)} class="loose measure">
        <web.RadioTiles
          name="ly-do"
          legend={t.why}
          value={reason}
          fault={web.faultOf(faults, 'ly-do')}
          options={rejectionReasons.map((value) => ({ value, label: t.reasons[value] }))}
        />
        <web.Button kind="refuse">{t.send}</web.Button>
      </web.PostForm>
    </web.DeskPage>
  );
}
