/** `npm run generate`: writes the generated files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generated } from './generated.ts';
import { root } from './root.ts';

for (const { path, make } of generated) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), make());
  console.log(path);
}
