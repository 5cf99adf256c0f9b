/** `npm run client [URL]`: writes src/client/operations.ts from the OpenAPI document of a running vault. */
import { writeFileSync } from 'node:fs';
import { clientSource } from './client-source.ts';

const url = process.argv[2] ?? 'http://127.0.0.1:3000';
const response = await fetch(`${url}/api/v1/openapi.json`);
if (!response.ok)
  throw new Error(`${url} answered ${response.status}; start a vault there first (npm start).`);
writeFileSync('src/client/operations.ts', clientSource((await response.json()) as Record<string, unknown>));
process.stdout.write('src/client/operations.ts is written\n');
