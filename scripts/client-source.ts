/**
 * Writes the typed operations of the client from the vault's own OpenAPI document: one line an operation, so that a change
 * of the API is a line in the review. Pure; `scripts/client.ts` fetches the document, a test compares.
 */

type Json = Record<string, unknown>;

/** What integrators use; pages, citizens' own operations and administration are left out. */
export const CLIENT_TAGS: readonly string[] = [
  'documents',
  'dossiers',
  'reuse',
  'webhooks',
  'links',
  'catalogue',
  'verification',
];

export function clientSource(document: Json): string {
  const lines: string[] = [];
  const table: string[] = [];
  const paths = Object.entries(document.paths as Record<string, Record<string, Json>>);
  for (const [path, methods] of paths) {
    for (const [method, operation] of Object.entries(methods)) {
      const systems = ((operation.security as Json[] | undefined) ?? []).some((way) => 'system' in way);
      const open = ((operation.security as Json[] | undefined) ?? []).length === 0;
      const tags = operation.tags as string[];
      if (!(systems || open) || !tags.some((tag) => CLIENT_TAGS.includes(tag))) continue;
      const id = String(operation.operationId);
      const about = String(operation.summary).replaceAll('*/', '* /');
      lines.push(`  /** ${about} */\n  readonly ${id}: ${operationType(operation)};`);
      table.push(`  ${id}: ['${method.toUpperCase()}', '${path}'],`);
    }
  }
  return [
    '/** The operations of the vault, typed. Written by `npm run client` from its OpenAPI document: change the routes. */',
    'export interface Operations {',
    ...lines,
    '}',
    '',
    '/** Method and path of each. */',
    'export const OPERATIONS = {',
    ...table,
    '} as const satisfies Record<keyof Operations, readonly [string, string]>;',
    '',
  ].join('\n');
}

function operationType(operation: Json): string {
  const parameters = (operation.parameters as Json[] | undefined) ?? [];
  const of = (place: string): string => {
    const fields = parameters
      .filter((parameter) => parameter.in === place)
      .map(
        (parameter) =>
          `readonly ${key(String(parameter.name))}${parameter.required === true ? '' : '?'}: ${typeOf(parameter.schema)}`,
      );
    return fields.length === 0 ? 'undefined' : `{ ${fields.join('; ')} }`;
  };
  return `{ readonly params: ${of('path')}; readonly query: ${of('query')}; readonly body: ${bodyOf(operation)}; readonly answer: ${answerOf(operation)} }`;
}

function bodyOf(operation: Json): string {
  const content = (operation.requestBody as Json | undefined)?.content as Record<string, Json> | undefined;
  if (!content) return 'undefined';
  const json = content['application/json'];
  return json ? typeOf(json.schema) : 'FormData | Uint8Array';
}

/** What the successful statuses carry; bytes and pages come as the `Response`. */
function answerOf(operation: Json): string {
  const types = new Set<string>();
  for (const [status, response] of Object.entries(operation.responses as Record<string, Json>)) {
    if (!/^2/.test(status)) continue;
    const content = response.content as Record<string, Json> | undefined;
    const json = content?.['application/json'];
    types.add(content === undefined ? 'undefined' : json ? typeOf(json.schema) : 'Response');
  }
  return [...types].sort().join(' | ') || 'undefined';
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** The part of JSON Schema 2020-12 that zod writes. What it does not know is `unknown`, never a guess. */
function typeOf(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'unknown';
  const node = schema as Json;
  if (Array.isArray(node.enum)) return node.enum.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in node) return JSON.stringify(node.const);
  const union = (node.anyOf ?? node.oneOf) as unknown[] | undefined;
  if (union) return `(${[...new Set(union.map(typeOf))].join(' | ')})`;
  if (Array.isArray(node.allOf)) return node.allOf.map(typeOf).join(' & ');
  switch (node.type) {
    case 'string':
      return 'string';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return Array.isArray(node.prefixItems)
        ? `readonly [${node.prefixItems.map(typeOf).join(', ')}]`
        : `readonly ${wrapped(typeOf(node.items))}[]`;
    case 'object':
      return objectOf(node);
    default:
      return 'unknown';
  }
}

function objectOf(node: Json): string {
  const properties = Object.entries((node.properties as Json | undefined) ?? {});
  const required = (node.required as string[] | undefined) ?? [];
  if (properties.length === 0)
    return typeof node.additionalProperties === 'object'
      ? `Readonly<Record<string, ${typeOf(node.additionalProperties)}>>`
      : 'Readonly<Record<string, unknown>>';
  const fields = properties.map(
    ([name, value]) => `readonly ${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(value)}`,
  );
  return `{ ${fields.join('; ')} }`;
}

const wrapped = (type: string): string => (/[|& ]/.test(type) && !/^[({]/.test(type) ? `(${type})` : type);
