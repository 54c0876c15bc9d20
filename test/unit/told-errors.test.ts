// Errors for people are written in both languages; what is thrown in one is a fault of the program, and gives no advice.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { root } from '../../scripts/lib/process.mjs';
const sources = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .map((file) => ({ file, code: readFileSync(`${root}/${file}`, 'utf8') }));

test('every class of errors has both languages, which its constructor asks for', () => {
  const classes = sources.flatMap(({ file, code }) =>
    [...code.matchAll(/class (\w+) extends (?:Range|Type)?Error\b/g)].map(([, name]) => `${file}: ${name}`),
  );
  assert.deepEqual(classes, ['src/common/told-error.ts: ToldError']);
});

/** What stands between the parenthesis before `from` and the one that closes it. */
function argumentsAt(code: string, from: number): string {
  let depth = 1;
  let at = from;
  for (; at < code.length && depth > 0; at++) depth += code[at] === '(' ? 1 : code[at] === ')' ? -1 : 0;
  return code.slice(from, at);
}

const rooms = /^src\/(?:files|data|samples|trainer|weighting|engine|runs|numbers)\//;
const advice =
  /[.;:)] (?:Use|Give|Set|Choose|Start|Correct|Resume|Train|Install|Check|Rename|Remove|Name|Save|Lower|Free|Update|Write|Split|Put|Restore|Try)\b/i;

test('a plain error tells of a fault of the program: a sentence that says what to do next is for people', () => {
  const found = sources
    .filter(({ file }) => rooms.test(file))
    .flatMap(({ file, code }) =>
      [...code.matchAll(/\bnew (?:Range|Type)?Error\(/g)]
        .map(({ index, 0: { length } }) => argumentsAt(code, index + length))
        .filter((words) => advice.test(words))
        .map((words) => `${file}: ${words}`),
    );
  assert.deepEqual(found, []);
  // The rule finds what it is for.
  assert.match('"x" is no number. Use another one.', advice);
});
