/**
 * The operations of the API as a reader needs them, taken from the OpenAPI document itself, so that the pages cannot
 * tell another story than the machine-readable description. Pure.
 */
export interface Field {
  /** `owners[].fullName`. */
  readonly name: string;
  /** `string`, `integer`, `array of string`, … */
  readonly type: string;
  readonly required: boolean;
  /** What narrows it: format, limits, choices; empty where nothing does. */
  readonly limits: string;
  readonly description: string;
}

export interface Parameter extends Field {
  readonly place: 'path' | 'query' | 'header';
}

export interface Answer {
  readonly status: string;
  /** `application/json`, `application/pdf`; empty where there is no body. */
  readonly mediaType: string;
  readonly fields: readonly Field[];
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly isPublic: boolean;
  readonly forSession: boolean;
  readonly scopes: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body: { readonly mediaType: string; readonly fields: readonly Field[] } | undefined;
  readonly answers: readonly Answer[];
  /** A request that can be typed into a shell. */
  readonly example: string;
}

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const jsonOf = (value: unknown): Json => (isJson(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** All operations, in the order of the document. */
export function operationsOf(document: Json): Operation[] {
  return Object.entries(jsonOf(document.paths)).flatMap(([path, methods]) =>
    Object.entries(jsonOf(methods)).map(([method, declared]) => operationOf(path, method, jsonOf(declared))),
  );
}

function operationOf(path: string, method: string, declared: Json): Operation {
  const security = listOf(declared.security).map(jsonOf);
  const parameters = listOf(declared.parameters).map(jsonOf).map(parameterOf);
  const content = Object.entries(jsonOf(jsonOf(declared.requestBody).content))[0];
  const schema = content ? jsonOf(jsonOf(content[1]).schema) : undefined;
  return {
    id: textOf(declared.operationId),
    method: method.toUpperCase(),
    path,
    tag: textOf(listOf(declared.tags)[0]),
    summary: textOf(declared.summary),
    description: textOf(declared.description),
    isPublic: security.length === 0,
    forSession: security.some((each) => 'session' in each),
    scopes: security.flatMap((each) => listOf(each.system).map(textOf)),
    parameters,
    body: content && schema ? { mediaType: content[0], fields: fieldsOf(schema) } : undefined,
    answers: answersOf(jsonOf(declared.responses)),
    example: exampleOf({ path, method, parameters, isPublic: security.length === 0, content, schema }),
  };
}

function parameterOf(declared: Json): Parameter {
  const schema = jsonOf(declared.schema);
  return {
    name: textOf(declared.name),
    place: textOf(declared.in) as Parameter['place'],
    required: declared.required === true,
    type: typeOf(schema),
    limits: limitsOf(schema),
    description: textOf(declared.description),
  };
}

function answersOf(responses: Json): Answer[] {
  return Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, response]) => {
      const content = Object.entries(jsonOf(jsonOf(response).content))[0];
      return {
        status,
        mediaType: content?.[0] ?? '',
        fields: content ? fieldsOf(jsonOf(jsonOf(content[1]).schema)) : [],
      };
    });
}

/** Deeper ones are left to the machine-readable document. */
const DEPTH = 3;

function fieldsOf(schema: Json, prefix = '', depth = 0): Field[] {
  const { object, isList } = objectIn(schema);
  if (!object || depth >= DEPTH) return [];
  const required = new Set(listOf(object.required));
  const start = isList && prefix === '' ? '[].' : prefix;
  return Object.entries(jsonOf(object.properties)).flatMap(([name, property]) => {
    const each = jsonOf(property);
    const inner = objectIn(each);
    const path = `${start}${name}`;
    return [
      {
        name: path,
        type: typeOf(each),
        required: required.has(name),
        limits: limitsOf(each),
        description: textOf(each.description),
      },
      ...fieldsOf(each, `${path}${inner.isList ? '[]' : ''}.`, depth + 1),
    ];
  });
}

/** The object that a schema describes, itself or as the element of a list, null left aside. */
function objectIn(schema: Json): { object: Json | undefined; isList: boolean } {
  if (schema.type === 'object' && isJson(schema.properties)) return { object: schema, isList: false };
  if (schema.type === 'array') return { object: objectIn(jsonOf(schema.items)).object, isList: true };
  for (const choice of listOf(schema.anyOf).map(jsonOf)) {
    const found = objectIn(choice);
    if (found.object) return found;
  }
  return { object: undefined, isList: false };
}

function typeOf(schema: Json): string {
  const choices = [...listOf(schema.anyOf), ...listOf(schema.oneOf)].map(jsonOf);
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.type)) return schema.type.map(String).join(' | ');
  if (schema.type === 'array') return `array of ${typeOf(jsonOf(schema.items))}`;
  return textOf(schema.type) || (Array.isArray(schema.enum) ? 'string' : 'any');
}

function limitsOf(schema: Json): string {
  const choices = [...listOf(schema.anyOf), ...listOf(schema.oneOf)].map(jsonOf);
  if (choices.length > 0) return [...new Set(choices.map(limitsOf).filter((text) => text !== ''))].join('; ');
  if (schema.type === 'array') {
    const most = schema.maxItems === undefined ? '' : `≤ ${String(schema.maxItems)}`;
    return [most, limitsOf(jsonOf(schema.items))].filter((text) => text !== '').join('; ');
  }
  const words = [
    Array.isArray(schema.enum) ? schema.enum.map(String).join(', ') : '',
    textOf(schema.format),
    schema.minLength === undefined ? '' : `≥ ${String(schema.minLength)}`,
    schema.maxLength === undefined ? '' : `≤ ${String(schema.maxLength)}`,
    schema.type === 'integer' && isSmall(schema.minimum) ? `≥ ${String(schema.minimum)}` : '',
    schema.type === 'integer' && isSmall(schema.maximum) ? `≤ ${String(schema.maximum)}` : '',
    schema.default === undefined ? '' : `= ${JSON.stringify(schema.default)}`,
  ];
  return words.filter((word) => word !== '').join(' ');
}

const isSmall = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) < 1e9;

function exampleOf(of: {
  path: string;
  method: string;
  parameters: readonly Parameter[];
  isPublic: boolean;
  content: readonly [string, unknown] | undefined;
  schema: Json | undefined;
}): string {
  const path = of.path.replace(/\{(\w+)\}/g, (_, name: string) => SAMPLES[name] ?? ID);
  const lines = [`curl${of.method === 'get' ? '' : ` -X ${of.method.toUpperCase()}`} "$KHO${path}"`];
  if (!of.isPublic) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  if (of.parameters.some(({ name }) => name === 'Idempotency-Key'))
    lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
  if (of.content?.[0] === 'application/json' && of.schema) {
    lines.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(sampleOf(of.schema, ''))}'`);
  } else if (of.content?.[0] === 'multipart/form-data') {
    lines.push(`-F 'metadata=<metadata.json'`, `-F 'file=@scan.pdf'`);
  } else if (of.content) {
    lines.push(`-H 'Content-Type: ${of.content[0]}'`, `--data-binary @file`);
  }
  return lines.join(' \\\n  ');
}

const ID = '01900000-0000-7000-8000-000000000000';
/** What the demonstration knows. */
const SAMPLES: Readonly<Record<string, string>> = {
  agency: 'H24.991',
  agencyId: 'H24.991',
  code: 'H24.991-261124-0001',
  dossier: 'H24.991-261124-0001',
  component: 'legal-residence',
  procedure: '1.004222',
  personalNumber: '000190000017',
  fullName: 'Nguyễn Thị Lan',
};

/** A value that the schema allows as far as it can be guessed; only what is required stands in it. */
function sampleOf(schema: Json, name: string): unknown {
  if ('const' in schema) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const choice = [...listOf(schema.anyOf), ...listOf(schema.oneOf)].map(jsonOf)[0];
  if (choice) return sampleOf(choice, name);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const required = new Set(listOf(schema.required));
      const entries = Object.entries(jsonOf(schema.properties)).filter(([key]) => required.has(key));
      return Object.fromEntries(entries.map(([key, each]) => [key, sampleOf(jsonOf(each), key)]));
    }
    case 'array':
      return [sampleOf(jsonOf(schema.items), name)];
    case 'integer':
    case 'number':
      return Number(isSmall(schema.minimum) ? schema.minimum : 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return SAMPLES[name] ?? FORMATS[textOf(schema.format)] ?? '…';
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: ID,
  date: '2026-11-24',
  'date-time': '2026-11-24T08:00:00+07:00',
  uri: 'https://example.vn/',
};
