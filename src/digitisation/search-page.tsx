/** Search in the text of digitised papers: words found are marked in the lines they stand in. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import { type DigitisationPage, digitisePaths } from './start-pages.tsx';

export interface FoundPaper {
  readonly id: string;
  readonly title: string;
  readonly issuer: string;
  readonly page: number;
  /** The line around the words; found parts are marked. */
  readonly snippet: readonly { readonly text: string; readonly found: boolean }[];
}

export interface SearchPageProps extends DigitisationPage {
  readonly query: string;
  /** Undefined before the first search. */
  readonly papers?: readonly FoundPaper[];
}

export const searchField = 'chu';

export function SearchPage(props: SearchPageProps) {
  const { frame, query, papers } = props;
  const t = content[frame.language].search;
  return (
    <web.DeskPage {...props} title={t.title}>
      <web.BackLink href={web.paths.digitise}>{content[frame.language].start.title}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p>{t.lead}</p>
      <web.PostForm frame={frame} action={digitisePaths.search} class="measure">
        <web.TextField name={searchField} label={t.field} value={query} keyboard="search" />
        <web.Button>{t.send}</web.Button>
      </web.PostForm>
      {papers === undefined ? null : (
        <section class="stack">
          <p class="lead">{papers.length === 0 ? t.none : t.found(papers.length)}</p>
          <ul class="stack">
            {papers.map((paper) => (
              <li key={`${paper.id}/${paper.page}`}>
                <b>{paper.title}</b>, {paper.issuer}, {t.page(paper.page)}
                <p>
                  {paper.snippet.map((part, index) =>
                    part.found ? <mark key={String(index)}>{part.text}</mark> : part.text,
                  )}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </web.DeskPage>
  );
}
