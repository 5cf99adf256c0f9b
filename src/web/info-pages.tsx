/** Pages that need nobody's data: the first page, and those behind the footer. */
import { ButtonLink, LoneLink } from './components/form.tsx';
import { PublicPage } from './components/page.tsx';
import { Table } from './components/table.tsx';
import type { Frame } from './frame.ts';
import type { Catalogue } from './i18n/language.ts';
import { en } from './info-content.en.ts';
import { vi } from './info-content.vi.ts';
import { paths } from './paths.ts';

/** Words of these pages in both languages. */
export const infoContent: Catalogue<typeof vi> = { vi, en };

interface InfoPageProps {
  readonly frame: Frame;
}

/** The first page of somebody who is not signed in: see, check, or be helped. */
export function WelcomePage({ frame }: InfoPageProps) {
  const t = infoContent[frame.language].welcome;
  return (
    <PublicPage frame={frame} title={t.title}>
      <h1>{t.title}</h1>
      <p>{t.lead}</p>
      <section class="panel">
        <h2>{t.own}</h2>
        <p>{t.ownText}</p>
        <ButtonLink href={paths.signIn}>{t.signIn}</ButtonLink>
      </section>
      <section class="panel">
        <h2>{t.verify}</h2>
        <p>{t.verifyText}</p>
        <ButtonLink kind="second" href={paths.verify}>
          {t.verifyLink}
        </ButtonLink>
      </section>
      <section class="panel">
        <h2>{t.desk}</h2>
        <p>{t.deskText}</p>
        <LoneLink href={paths.offices}>{t.deskLink}</LoneLink>
      </section>
    </PublicPage>
  );
}

/** Help, personal data or accessibility. */
export function InfoPage({
  frame,
  about,
}: InfoPageProps & { readonly about: 'help' | 'privacy' | 'accessibility' }) {
  const t = infoContent[frame.language][about];
  return (
    <PublicPage frame={frame} title={t.title}>
      <h1>{t.title}</h1>
      {t.sections.map((section) => (
        <section key={section.title}>
          <h2>{section.title}</h2>
          {section.text.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </section>
      ))}
      {about === 'help' ? (
        <LoneLink href={paths.offices}>{infoContent[frame.language].offices.title}</LoneLink>
      ) : null}
    </PublicPage>
  );
}

/** One desk where people are helped in person. */
export interface Office {
  readonly name: string;
  readonly address: string;
  readonly hours: string;
}

export function OfficesPage({ frame, offices }: InfoPageProps & { readonly offices: readonly Office[] }) {
  const t = infoContent[frame.language].offices;
  return (
    <PublicPage frame={frame} title={t.title}>
      <h1>{t.title}</h1>
      <p>{t.lead}</p>
      {offices.length === 0 ? (
        <p>{t.none}</p>
      ) : (
        <Table
          caption={t.title}
          rows={offices}
          keyOf={(office) => office.name}
          columns={[
            { label: t.columns.name, heads: true, cell: (office) => office.name },
            { label: t.columns.address, cell: (office) => office.address },
            { label: t.columns.hours, cell: (office) => office.hours },
          ]}
        />
      )}
    </PublicPage>
  );
}
