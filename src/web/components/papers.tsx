/** What an agency stands behind: the paper card, the document pane and the facsimile, all under a double rule. */
import type { ComponentChildren } from 'preact';
import { shared } from '../content.ts';
import type { vi } from '../content.vi.ts';
import type { Language } from '../i18n/language.ts';
import { ProvenanceRing } from './mark.tsx';
import { type State, Status } from './status.tsx';

/** How a copy came into the vault; decides what it may be used for (TT 01/2023 Đ.4). */
export type Provenance = keyof typeof vi.provenance;

export interface PaperCardProps {
  readonly language: Language;
  readonly issuer: string;
  readonly title: string;
  readonly href: string;
  readonly validity: string;
  readonly provenance: Provenance;
  /** The database a `database-link` comes from. */
  readonly database?: string;
  readonly state: State;
  /** A line under the status: days left, or what to do. */
  readonly note?: string;
}

/** The word for a provenance, with the database's name where there is one. */
export const provenanceWord = (language: Language, provenance: Provenance, database?: string): string =>
  `${shared[language].provenance[provenance]}${provenance === 'database-link' && database ? ` ${database}` : ''}`;

/** One paper in a list; the title is the link and covers the card. */
export function PaperCard(props: PaperCardProps) {
  const t = shared[props.language].card;
  return (
    <article class="card">
      <p class="from">{props.issuer}</p>
      <h3 class="title">
        <a href={props.href}>{props.title}</a>
      </h3>
      <dl class="facts">
        <div>
          <dt>{t.validity}</dt>
          <dd>{props.validity}</dd>
        </div>
        <div>
          <dt>{t.source}</dt>
          <dd>{provenanceWord(props.language, props.provenance, props.database)}</dd>
        </div>
      </dl>
      <div class="card-foot">
        <Status language={props.language} state={props.state}>
          {props.note}
        </Status>
        <ProvenanceRing vouched={props.provenance !== 'self-upload'} />
      </div>
    </article>
  );
}

/** A paper in a side panel, or a page about one. */
export function DocumentPane({
  above,
  title,
  children,
}: {
  above: string;
  title: string;
  children: ComponentChildren;
}) {
  return (
    <section class="pane" aria-labelledby="pane">
      <div>
        <p class="small soft">{above}</p>
        <h2 class="title" id="pane">
          {title}
        </h2>
      </div>
      {children}
    </section>
  );
}

/** Part of a page, in hundredths of its width and height. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface FacsimileProps {
  /** The access image of one page. */
  readonly image: {
    readonly src: string;
    readonly alt: string;
    readonly width: number;
    readonly height: number;
  };
  /** Part of the page that is being read, outlined. */
  readonly region?: Region;
}

/** A page of the paper as it looks. Keeps the colour of paper in the dark. */
export function Facsimile({ image, region }: FacsimileProps) {
  return (
    <div class="facsimile">
      <div class="sheet">
        <img src={image.src} alt={image.alt} width={image.width} height={image.height} />
        {region ? (
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect {...region} fill="#f2c230" fill-opacity=".3" stroke="#774900" stroke-width=".4" />
          </svg>
        ) : null}
      </div>
    </div>
  );
}
