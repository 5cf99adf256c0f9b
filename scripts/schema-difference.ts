/**
 * Tells what a database lacks to have the tables that `prisma/schema` describes, as SQL. For authors and for the
 * drift check; the vault itself never needs it.
 *
 * The engine is Prisma's own, in WebAssembly, pinned to one version because its interface is internal. It is given a
 * pool and no connection string, and a shadow database is refused: the adapter would use the main database as one
 * and empty it. It only reads.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** Statements that lead from the database to the schema; an empty text means that they agree. */
export async function schemaDifference(
  url: string,
  schema: readonly SchemaFile[] = readSchema(),
): Promise<string> {
  const engine = await loadEngine();
  const pool = new CatalogPool({ connectionString: url, max: 2 });
  try {
    const session = await engine.SchemaEngine.new(
      { datamodels: schema.map(({ path, content }) => [path, content]) },
      () => undefined,
      readingAdapter(pool),
    );
    const { stdout } = await session.diff({
      from: { tag: 'schemaDatasource', files: schema, configDir: process.cwd() },
      to: { tag: 'schemaDatamodel', files: schema },
      script: true,
      exitCode: true,
      shadowDatabaseUrl: null,
      filters: { externalTables: ['public._prisma_migrations'], externalEnums: [] },
    });
    session.free();
    if (typeof stdout !== 'string') throw new Error('The schema engine answered nothing.');
    return stdout.replace(/^-- This is an empty migration\.\s*$/m, '').trim();
  } finally {
    await pool.end();
  }
}

export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

export function readSchema(): SchemaFile[] {
  const folder = fileURLToPath(new URL('../prisma/schema/', import.meta.url));
  return readdirSync(folder)
    .sort()
    .map((name) => ({ path: name, content: readFileSync(`${folder}${name}`, 'utf8') }));
}

interface EngineBindings {
  readonly SchemaEngine: {
    new: (options: object, log: (line: string) => void, adapter: object) => Promise<EngineSession>;
  };
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}
interface EngineSession {
  diff(parameters: object): Promise<{ exitCode: number; stdout: string | null }>;
  free(): void;
}

let loaded: Promise<EngineBindings> | undefined;
/** One instance a process: the bindings keep it in a variable of their module. */
const loadEngine = (): Promise<EngineBindings> => {
  loaded ??= instantiate();
  return loaded;
};

async function instantiate(): Promise<EngineBindings> {
  // Where the engine leaves the words of a panic; without it a panic hides behind a TypeError.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message: (message: string) => {
        throw new Error(`The schema engine failed: ${message}`);
      },
    },
  });
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bindings = (await import(pathToFileURL(file).href)) as EngineBindings & WebAssembly.ModuleImports;
  const module = new WebAssembly.Module(readFileSync(file.replace(/\.js$/, '.wasm')));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start?: () => void }).__wbindgen_start?.();
  return bindings;
}

const SYSTEM_CHAR = 18;
const BLANK_PADDED_CHAR = 1042;

/** Gives PostgreSQL's one-byte system type as text: the adapter does not know it and the catalogue is full of it. */
class CatalogPool extends pg.Pool {
  // The overloads of `pg` all end in a promise of a result when no callback is given, which the adapter never gives.
  override query = (async (...args: Parameters<pg.Pool['query']>) => {
    const result = await (super.query as unknown as (...all: unknown[]) => Promise<pg.QueryArrayResult>)(
      ...args,
    );
    for (const field of result.fields ?? []) {
      if (field.dataTypeID === SYSTEM_CHAR) field.dataTypeID = BLANK_PADDED_CHAR;
    }
    return result;
  }) as unknown as pg.Pool['query'];
}

function readingAdapter(pool: pg.Pool): object {
  const factory = new PrismaPg(pool);
  return bindMigrationAwareSqlAdapterFactory({
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => withCharacters(await factory.connect()),
    connectToShadowDb: () => Promise.reject(new Error('a shadow database is never used')),
  });
}

const CHARACTER_COLUMNS = new Set(['constraint_type', 'confdeltype', 'confupdtype']);

/** The engine reads these columns of the catalogue as single characters and panics on text. */
function withCharacters(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const queryRaw: SqlDriverAdapter['queryRaw'] = async (query) => {
    const result = await adapter.queryRaw(query);
    const columnTypes = result.columnNames.map((name, at) =>
      CHARACTER_COLUMNS.has(name) ? ColumnTypeEnum.Character : result.columnTypes[at],
    );
    return { ...result, columnTypes: columnTypes as typeof result.columnTypes };
  };
  return new Proxy(adapter, {
    get(object, key) {
      if (key === 'queryRaw') return queryRaw;
      const member: unknown = Reflect.get(object, key);
      return typeof member === 'function' ? member.bind(object) : member;
    },
  });
}
