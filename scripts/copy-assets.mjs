// Copies the files that are read at run time (data, styles, SQL) beside the compiled code in dist/.
import { cpSync } from 'node:fs';
import { extname } from 'node:path';

const assets = new Set([
  '.json',
  '.csv',
  '.css',
  '.svg',
  '.js',
  '.icc',
  '.ttf',
  '.md',
  '.sql',
  '.html',
  '.txt',
  '.toml',
  '',
]);
for (const folder of ['src', 'storage', 'scripts', 'prisma/migrations']) {
  cpSync(folder, `dist/${folder}`, {
    recursive: true,
    filter: (source) => assets.has(extname(source)) && !source.endsWith('.d.ts'),
  });
}
