/**
 * Applies the missing migrations to the database that DATABASE_URL names, before the instances of a new release
 * start. The embedded database needs no such step: `npm start` does it.
 */
import { migrate } from '../src/platform/migrator.ts';

const url = process.env.DATABASE_URL;
if (url === undefined || url === '') {
  process.stderr.write(
    'Set DATABASE_URL to the database to migrate: DATABASE_URL=postgres://user:password@host/motlan npm run migrate\n',
  );
  process.exitCode = 2;
} else {
  try {
    const applied = await migrate(url);
    process.stdout.write(
      applied.length === 0 ? 'Nothing to apply.\n' : applied.map((name) => `applied ${name}\n`).join(''),
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
