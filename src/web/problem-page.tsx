/** The page for a refused or failed request: the one table of problems, in words a person can act on. */
import type { VNode } from 'preact';
import { PublicPage } from './components/page.tsx';
import { shared } from './content.ts';
import {
  ForbiddenPage,
  NotFoundPage,
  ServerErrorPage,
  TooManyRequestsPage,
  UnprocessablePage,
} from './error-pages.tsx';
import type { Frame } from './frame.ts';
import { paths } from './paths.ts';

/** What the page needs of a problem (RFC 9457); texts are in the page's language. */
export interface ShownProblem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Request URN; read out when calling for help. */
  readonly instance: string;
  readonly errors?: readonly { readonly detail: string }[];
  /** Seconds. */
  readonly retryAfter?: number;
}

/** The page of a problem. A missing page and one of somebody else say the same. */
export function problemPage(problem: ShownProblem, frame: Frame): VNode {
  if (problem.status === 404) return <NotFoundPage frame={frame} />;
  if (problem.status === 429) return <TooManyRequestsPage frame={frame} seconds={problem.retryAfter ?? 60} />;
  if (problem.status >= 500) return <ServerErrorPage frame={frame} reference={problem.instance} />;
  if (problem.status === 403) return <ForbiddenPage frame={frame} detail={problem.detail} />;
  if (problem.status === 422 || problem.status === 400) {
    const details = problem.errors?.map(({ detail }) => detail) ?? [];
    return <UnprocessablePage frame={frame} details={details.length > 0 ? details : [problem.detail]} />;
  }
  return (
    <PublicPage frame={frame} title={problem.title}>
      <h1>{problem.title}</h1>
      <p>{problem.detail}</p>
      {problem.status === 401 ? (
        <p>
          <a href={paths.signIn}>{shared[frame.language].signIn}</a>
        </p>
      ) : null}
    </PublicPage>
  );
}
