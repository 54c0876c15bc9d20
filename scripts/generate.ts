/** Writes everything that is made from the tables of the language. `test/unit/spec/generated.test.ts` says when it is stale. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentation } from '../src/spec/telling/documentation.ts';
import { strategyDocumentation } from '../src/spec/telling/strategy-documentation.ts';
import { looseSchema, strictSchema } from '../src/spec/telling/json-schema.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Path from the root of the repository → content. */
export const generated: ReadonlyMap<string, () => string> = new Map([
  ['media/mtl.schema.json', () => json(looseSchema())],
  ['media/mtl.strict.schema.json', () => json(strictSchema())],
  ['docs/spec.md', () => documentation('en')],
  ['docs/spec.zh-CN.md', () => documentation('zh')],
  ['docs/strategies.md', () => strategyDocumentation('en')],
  ['docs/strategies.zh-CN.md', () => strategyDocumentation('zh')],
]);

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of generated) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content());
    process.stdout.write(`${path}\n`);
  }
}
