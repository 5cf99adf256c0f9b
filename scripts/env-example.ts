/** Writes `.env.example`: npm run env-example. */
import { writeFileSync } from 'node:fs';
import { envExample } from '../src/config/env-example.ts';

writeFileSync(new URL('../.env.example', import.meta.url), envExample());
