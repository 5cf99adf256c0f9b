// Where Prisma finds the schema; the address of a database is never needed to generate the client.
import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
});
