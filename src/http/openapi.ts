/** The OpenAPI 3.1 document, made from the routes themselves, so that it cannot drift from them. */
import { z } from 'zod';
import type { Auth, ResponseSchema, Route, RouteDeclaration } from './route.ts';

type Json = Record<string, unknown>;
type Declared = RouteDeclaration<z.ZodType, z.ZodType, z.ZodType>;

export function openApiDocument(
  routes: readonly Route[],
  options: { baseUrl: string; version: string },
): Json {
  const paths: Record<string, Json> = {};
  for (const { declaration } of routes) {
    // Pages and what belongs to them are for browsers.
    if (declaration.page || declaration.tag === 'pages') continue;
    const path = paths[declaration.path] ?? {};
    path[declaration.method] = operationOf(declaration);
    paths[declaration.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Một Lần',
      version: options.version,
      summary: "Deposit papers once; let every later procedure ask the vault, with the owner's say.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.baseUrl }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
        system: {
          type: 'oauth2',
          description: 'private_key_jwt (RFC 7523); resource is the address of the vault followed by /api',
          flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: scopesOf(routes) } },
        },
      },
      schemas: { Problem: PROBLEM },
    },
  };
}

/** Every scope that an operation asks for, with the operations it opens. */
function scopesOf(routes: readonly Route[]): Record<string, string> {
  const opened = new Map<string, string[]>();
  for (const { declaration } of routes) {
    const { auth, operationId } = declaration;
    const scopes = auth.kind === 'office' || auth.kind === 'citizen-or-office' ? (auth.scopes ?? []) : [];
    for (const scope of scopes) opened.set(scope, [...(opened.get(scope) ?? []), operationId]);
  }
  return Object.fromEntries([...opened].map(([scope, operations]) => [scope, operations.join(', ')]));
}

function operationOf(declared: Declared): Json {
  return {
    operationId: declared.operationId,
    summary: declared.summary,
    ...(declared.description ? { description: declared.description } : {}),
    tags: [declared.tag],
    security: securityOf(declared.auth),
    parameters: [
      ...parametersOf('path', declared.params),
      ...parametersOf('query', declared.query),
      ...(declared.idempotent
        ? [
            {
              name: 'Idempotency-Key',
              in: 'header',
              required: declared.idempotent === 'required',
              schema: { type: 'string', minLength: 8, maxLength: 128 },
            },
          ]
        : []),
    ],
    ...bodyOf(declared),
    responses: {
      ...Object.fromEntries(
        Object.entries(declared.responses).map(([status, schema]) => [status, responseOf(schema)]),
      ),
      default: {
        description: 'A problem detail (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function securityOf(auth: Auth): Json[] {
  if (auth.kind === 'public') return [];
  const scopes = auth.kind === 'citizen' ? [] : (auth.scopes ?? []);
  return [{ session: [] }, ...scopes.map((scope) => ({ system: [scope] }))];
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (!schema) return [];
  const json = jsonSchema(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (json.required ?? []).includes(name),
    ...(property.description ? { description: property.description } : {}),
    schema: property,
  }));
}

function bodyOf(declared: Declared): Json {
  if (declared.upload) {
    const content = declared.upload.contentTypes.map((type) => [type, { schema: {} }]);
    return { requestBody: { required: true, content: Object.fromEntries(content) } };
  }
  if (!declared.body) return {};
  return {
    requestBody: {
      required: true,
      content: { 'application/json': { schema: jsonSchema(declared.body, 'input') } },
    },
  };
}

function responseOf(schema: ResponseSchema): Json {
  if (schema === null) return { description: 'No content' };
  if ('page' in schema) return { description: 'A page', content: { 'text/html': {} } };
  if ('bytes' in schema) return { description: 'The bytes', content: { [schema.bytes]: {} } };
  return {
    description: 'The answer',
    content: { 'application/json': { schema: jsonSchema(schema, 'output') } },
  };
}

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return json;
};

const WORDS = { type: 'object', properties: { title: { type: 'string' }, detail: { type: 'string' } } };
const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'status', 'title', 'detail', 'instance', 'translations'],
  properties: {
    type: { type: 'string', format: 'uri' },
    status: { type: 'integer' },
    title: { type: 'string' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
    translations: { type: 'object', properties: { vi: WORDS, en: WORDS } },
  },
};
