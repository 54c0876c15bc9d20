import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { decodeMappings, readCoverage } from '../../../../scripts/lib/mutate/coverage.ts';
import { inRanges, toRanges } from '../../../../scripts/lib/mutate/record.ts';
import { temporaryFolder } from '../../runs/helpers.ts';

const source = `export function used(a) {
  if (a) return 1;
  return 2;
}
export function unused() {
  return 3;
}
used(true);
`;

test('mappings are read as Node reads them', () => {
  const { map } = transformSync(source, { sourcemap: true, loader: 'ts', minify: true });
  const parsed = JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0];
  const theirs = new SourceMap(parsed);
  const ours = decodeMappings(parsed.mappings);
  assert.ok(ours.length > 10);
  for (const { line, column, sourceLine } of ours) {
    const entry = theirs.findEntry(line, column) as { originalLine: number };
    assert.equal(sourceLine, entry.originalLine, `${String(line)}:${String(column)}`);
  }
});

test('lines that ran: the innermost range decides; a half-written file is passed over', (context) => {
  const folder = temporaryFolder(context);
  const coverage = path.join(folder, 'coverage');
  fs.mkdirSync(coverage);
  const file = path.join(folder, 'src/x.ts');
  const { code, map } = transformSync(source, { sourcemap: true, loader: 'ts', sourcefile: file });
  const url = pathToFileURL(file).href;
  const at = (text: string): number => code.indexOf(text);
  const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });
  const ranges = [
    range(0, code.length, 1),
    range(at('function used'), at('function unused'), 1),
    range(at('  return 2'), at('  return 2') + 11, 0),
    range(at('function unused'), at('used(true)'), 0),
  ];
  const lineLengths = code.split('\n').map(({ length }) => length);
  const data = JSON.parse(map) as object;
  const text = JSON.stringify({
    result: [
      { url, functions: ranges.map((each) => ({ ranges: [each] })) },
      { url: 'node:fs', functions: [] },
    ],
    'source-map-cache': { [url]: { lineLengths, data } },
  });
  fs.writeFileSync(path.join(coverage, 'one.json'), text);
  fs.writeFileSync(path.join(coverage, 'two.json'), text.slice(0, 100));
  const { lines, bundled } = readCoverage(coverage, folder);
  assert.equal(bundled, false);
  const ran = lines.get('src/x.ts') ?? new Set();
  assert.deepEqual([1, 2, 3, 6, 8].map((line) => ran.has(line)), [true, true, false, false, true]); // prettier-ignore
});

test('lines are kept as ranges', () => {
  assert.equal(toRanges(new Set([9, 3, 4, 5, 12])), '3-5,9,12');
  assert.equal(toRanges(new Set()), '');
  assert.equal(toRanges(new Set([1])), '1');
  for (const line of [3, 4, 5, 9, 12]) assert.ok(inRanges('3-5,9,12', line));
  for (const line of [0, 2, 6, 10, 13]) assert.ok(!inRanges('3-5,9,12', line));
  assert.equal(inRanges('', 0), false);
});
