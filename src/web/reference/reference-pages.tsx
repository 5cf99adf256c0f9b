/** The API as people read it: all operations by group, and a page for each with parameters, bodies, answers, example. */
import { LoneLink } from '../components/form.tsx';
import { PublicPage } from '../components/page.tsx';
import { Table } from '../components/table.tsx';
import type { Frame } from '../frame.ts';
import type { Catalogue } from '../i18n/language.ts';
import { paths } from '../paths.ts';
import { en } from './content.en.ts';
import { vi } from './content.vi.ts';
import type { Field, Operation } from './operation.ts';
import { operationWords } from './operation-words.vi.ts';

/** Words of these pages in both languages. */
export const referenceContent: Catalogue<typeof vi> = { vi, en };

export interface ReferencePageProps {
  readonly frame: Frame;
  readonly operations: readonly Operation[];
  /** The group whose operations are listed; without one, or with one that does not exist, the groups are. */
  readonly group?: string;
}

export function ReferencePage({ frame, operations, group }: ReferencePageProps) {
  const t = referenceContent[frame.language];
  const groups = Map.groupBy(operations, ({ tag }) => tag);
  const members = group === undefined ? undefined : groups.get(group);
  if (group !== undefined && members) {
    return (
      <PublicPage frame={frame} title={t.groups[group] ?? group} wide>
        <LoneLink href={paths.reference}>{t.back}</LoneLink>
        <h1>{t.groups[group] ?? group}</h1>
        <Operations frame={frame} group={group} members={members} />
      </PublicPage>
    );
  }
  return (
    <PublicPage frame={frame} title={t.title} wide>
      <h1>{t.title}</h1>
      <p>{t.lead}</p>
      <h2>{t.start}</h2>
      <ol>
        {t.startSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <LoneLink href="/api/v1/openapi.json">{t.machine}</LoneLink>
      <h2>{t.byGroup}</h2>
      <ul>
        {[...groups].map(([tag, list]) => (
          <li key={tag}>
            <a href={`${paths.reference}?nhom=${encodeURIComponent(tag)}`}>{t.groups[tag] ?? tag}</a> (
            {list.length})
          </li>
        ))}
      </ul>
      <h2 id="loi">{t.faults}</h2>
      <p>{t.faultsText}</p>
      <Table
        caption={t.faults}
        rows={Object.entries(t.faultMeanings)}
        keyOf={([status]) => status}
        columns={[
          { label: t.status, heads: true, cell: ([status]) => status },
          { label: t.meaning, cell: ([, meaning]) => meaning },
        ]}
      />
    </PublicPage>
  );
}

function Operations({
  frame,
  group,
  members,
}: {
  readonly frame: Frame;
  readonly group: string;
  readonly members: readonly Operation[];
}) {
  const t = referenceContent[frame.language];
  return (
    <Table
      caption={t.groups[group] ?? group}
      rows={members}
      keyOf={({ id }) => id}
      columns={[
        {
          label: t.operation,
          heads: true,
          cell: (operation) => (
            <a href={paths.referenceOperation(operation.id)}>
              <Summary frame={frame} operation={operation} />
            </a>
          ),
        },
        { label: t.address, cell: (operation) => <Address operation={operation} /> },
      ]}
    />
  );
}

export function OperationPage({
  frame,
  operation,
}: {
  readonly frame: Frame;
  readonly operation: Operation;
}) {
  const t = referenceContent[frame.language];
  const { parameters, body, answers } = operation;
  return (
    <PublicPage frame={frame} title={operation.id} wide>
      <LoneLink href={paths.reference}>{t.back}</LoneLink>
      <h1>
        <Summary frame={frame} operation={operation} />
      </h1>
      <p>
        <Address operation={operation} />
      </p>
      {operation.description !== '' && <p lang="en">{operation.description}</p>}
      <h2>{t.callers}</h2>
      {operation.isPublic && <p>{t.anybody}</p>}
      {operation.forSession && <p>{t.person}</p>}
      {operation.scopes.length > 0 && <p>{t.systems(operation.scopes.join(', '))}</p>}
      <h2>{t.parameters}</h2>
      {parameters.length === 0 ? (
        <p>{t.noParameters}</p>
      ) : (
        <Table
          caption={t.parameters}
          rows={parameters}
          keyOf={({ name }) => name}
          columns={[
            { label: t.name, heads: true, cell: ({ name }) => <code>{name}</code> },
            { label: t.place, cell: ({ place }) => t.places[place] },
            ...fieldColumns(frame),
          ]}
        />
      )}
      {body && (
        <section>
          <h2>{t.body}</h2>
          <p>
            <code>{body.mediaType}</code>
          </p>
          {body.mediaType === 'multipart/form-data' ? (
            <p>{t.multipart}</p>
          ) : (
            body.fields.length === 0 && <p>{t.anyFile}</p>
          )}
          <Fields frame={frame} caption={t.body} fields={body.fields} />
        </section>
      )}
      <h2>{t.answers}</h2>
      {answers.map(({ status, mediaType, fields }) => (
        <section key={status}>
          <h3>{t.answer(status, mediaType)}</h3>
          <Fields frame={frame} caption={t.answer(status, mediaType)} fields={fields} />
        </section>
      ))}
      <p>
        <a href={`${paths.reference}#loi`}>{t.faults}</a>
      </p>
      <h2>{t.example}</h2>
      <p>{t.exampleText}</p>
      <pre>
        <code>{operation.example}</code>
      </pre>
    </PublicPage>
  );
}

function Fields({
  frame,
  caption,
  fields,
}: {
  readonly frame: Frame;
  readonly caption: string;
  readonly fields: readonly Field[];
}) {
  if (fields.length === 0) return null;
  const t = referenceContent[frame.language];
  return (
    <Table
      caption={caption}
      rows={fields}
      keyOf={({ name }) => name}
      columns={[
        { label: t.name, heads: true, cell: ({ name }) => <code>{name}</code> },
        ...fieldColumns(frame),
      ]}
    />
  );
}

function fieldColumns(frame: Frame) {
  const t = referenceContent[frame.language];
  return [
    { label: t.type, cell: ({ type }: Field) => type },
    { label: t.required, cell: ({ required }: Field) => (required ? t.yes : t.no) },
    {
      label: t.limits,
      cell: ({ limits, description }: Field) =>
        [limits, description].filter((text) => text !== '').join(' · '),
    },
  ];
}

/** In the page's language; what has no Vietnamese yet is marked as English. */
function Summary({ frame, operation }: { readonly frame: Frame; readonly operation: Operation }) {
  const words = frame.language === 'vi' ? operationWords[operation.id] : undefined;
  const foreign = frame.language === 'vi' && words === undefined;
  return <span lang={foreign ? 'en' : undefined}>{words ?? operation.summary}</span>;
}

function Address({ operation }: { readonly operation: Operation }) {
  return (
    <code>
      {operation.method} {operation.path}
    </code>
  );
}
