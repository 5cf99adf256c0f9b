/**
 * Pages that refuse or fail: 403, 404, 422, 429, 500. No bare code and no dead end; a page that may not be seen
 * says who may and how to ask, never whether the thing exists.
 */
import type { ComponentChildren } from 'preact';
import { LoneLink } from './components/form.tsx';
import { PublicPage } from './components/page.tsx';
import { en } from './error-content.en.ts';
import { vi } from './error-content.vi.ts';
import type { Frame } from './frame.ts';
import type { Catalogue } from './i18n/language.ts';
import { paths } from './paths.ts';

const content: Catalogue<typeof vi> = { vi, en };

interface ErrorPageProps {
  readonly frame: Frame;
}

function ErrorPage({
  frame,
  title,
  children,
}: ErrorPageProps & { title: string; children: ComponentChildren }) {
  const t = content[frame.language];
  return (
    <PublicPage frame={frame} title={title}>
      <h1>{title}</h1>
      {children}
      <div>
        <LoneLink href={paths.home}>{t.home}</LoneLink>
        <LoneLink href={paths.verify}>{t.verify}</LoneLink>
        <LoneLink href={paths.offices}>{t.offices}</LoneLink>
      </div>
    </PublicPage>
  );
}

/** 404. The same words for a thing that is not there and one that is somebody else's. */
export function NotFoundPage({ frame }: ErrorPageProps) {
  const t = content[frame.language].notFound;
  return (
    <ErrorPage frame={frame} title={t.title}>
      <p>{t.text}</p>
    </ErrorPage>
  );
}

/** Who may see a page that was refused. */
export type ForbiddenReason = keyof typeof vi.forbidden.reasons;

/** 403. `detail` is a sentence that says who may, where the common reasons do not fit. */
export function ForbiddenPage({
  frame,
  reason,
  detail,
}: ErrorPageProps & { readonly reason?: ForbiddenReason; readonly detail?: string }) {
  const t = content[frame.language].forbidden;
  return (
    <ErrorPage frame={frame} title={t.title}>
      <p>{reason === undefined ? (detail ?? t.text) : t.reasons[reason]}</p>
    </ErrorPage>
  );
}

/** 500. `reference` is the request id under which the fault was logged. */
export function ServerErrorPage({ frame, reference }: ErrorPageProps & { readonly reference: string }) {
  const t = content[frame.language].server;
  return (
    <ErrorPage frame={frame} title={t.title}>
      <p>{t.text}</p>
      <p>{t.reference(reference)}</p>
      <LoneLink href={frame.path}>{t.retry}</LoneLink>
    </ErrorPage>
  );
}

/** 422 where no form could be shown again. `details` are sentences that say what to mend. */
export function UnprocessablePage({
  frame,
  details,
}: ErrorPageProps & { readonly details?: readonly string[] }) {
  const t = content[frame.language].unprocessable;
  return (
    <ErrorPage frame={frame} title={t.title}>
      <p>{t.text}</p>
      {details && details.length > 0 ? (
        <ul>
          {details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      ) : null}
    </ErrorPage>
  );
}

/** 429. */
export function TooManyRequestsPage({ frame, seconds }: ErrorPageProps & { readonly seconds: number }) {
  const t = content[frame.language].tooMany;
  return (
    <ErrorPage frame={frame} title={t.title}>
      <p>{t.text(seconds)}</p>
    </ErrorPage>
  );
}
