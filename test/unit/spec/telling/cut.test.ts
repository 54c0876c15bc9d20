// A text is broken most of the time: every sample cut at every position is completed without a throw, and whatever stands
// in a sample is offered in its place while nothing behind it has been written yet.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { cursorAt } from '../../../../src/spec/editing/cursor.ts';
import { completionsAt, parseTree, pathAt, type SpecNode } from '../../../../src/spec/index.ts';
import { root } from '../../../../scripts/lib/process.mjs';

const folder = path.join(root, 'examples');
const samples = fs
  .readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.mtl.json'))
  .map((name) => ({ name, source: fs.readFileSync(path.join(folder, name), 'utf8') }));

const columns = ['a column', 'b'];
const complete = (source: string, offset: number) => completionsAt(source, parseTree(source).tree, offset, { columns });

/** Texts in quotes: keys and values, with what they are. */
function textsOf(tree: SpecNode | undefined, source: string) {
  return [...source.matchAll(/"(?:[^"\\]|\\.)*"/g)].flatMap(({ index, 0: written }) => {
    const place = pathAt(tree, index + 1);
    if (place === undefined || place.within === 'gap') return [];
    return [{ start: index, end: index + written.length, text: JSON.parse(written) as string, within: place.within }];
  });
}

test('a cut at any position: no throw, and edits that lie where one writes', () => {
  for (const { name, source } of samples) {
    // The long specs of the results hold the same kinds of places many times over.
    const step = source.length > 4000 ? 7 : 1;
    for (let at = 0; at <= source.length; at += step) {
      const cut = source.slice(0, at);
      for (const { range, before, insert } of complete(cut, at)) {
        assert.ok(range.start <= at && at <= range.end && range.end <= cut.length, `${name} at ${at}`);
        assert.ok(before === undefined || before.end <= range.start, `${name} at ${at}`);
        assert.ok(insert.length > 0);
      }
    }
  }
});

test('whatever stands in a sample is offered where it stands, though nothing follows', () => {
  const checked = { key: 0, value: 0 };
  for (const { name, source } of samples) {
    const { tree } = parseTree(source);
    for (const { start, end, text, within } of textsOf(tree, source)) {
      const whole = completionsAt(source, tree, start + 1, { columns: [text] }).find(({ label }) => label === text);
      if (whole === undefined) continue;
      const given = source.slice(0, start);
      // A name counts only where the spec has given it before.
      if (whole.kind === 'name' && !given.includes(`${JSON.stringify(text.replace(/^task:/, ''))}: `)) continue;
      const offered = completionsAt(`${given}"`, parseTree(`${given}"`).tree, start + 1, { columns: [text] });
      assert.ok(
        offered.some(({ label }) => label === text),
        `${name}: ${text} at ${start}`,
      );
      // Half typed it replaces all that has been typed.
      const half = source.slice(0, start + Math.ceil((end - start) / 2));
      for (const { range } of completionsAt(half, parseTree(half).tree, half.length, { columns: [text] }))
        assert.deepEqual(range, { start, end: half.length }, `${name}: ${text}`);
      checked[within === 'key' ? 'key' : 'value'] += 1;
    }
  }
  assert.ok(checked.key > 250 && checked.value > 150, JSON.stringify(checked));
});

test('every column of the samples is offered at its place in a text cut there, and in one where a value is missing', () => {
  let checked = 0;
  for (const { name, source } of samples) {
    const places = textsOf(parseTree(source).tree, source).filter(({ start, within }) => {
      const at = pathAt(parseTree(source).tree, start + 1)?.path.map(String) ?? [];
      const reads = at.includes('from') || at.includes('target');
      return within === 'value' && reads && !at.includes('match') && !at.includes('except');
    });
    for (const { start, end, text } of places) {
      const [before, after] = [source.slice(0, start), source.slice(end)];
      for (const [broken, offset] of [
        [`${before}"`, start + 1],
        [`${before}""${after}`, start + 1],
        [`${before}${after}`, start],
        [`${before}"${text.slice(0, 1)}"${after}`, start + 2],
      ] as const) {
        const found = completionsAt(broken, parseTree(broken).tree, offset, { columns: [text] });
        assert.ok(found.some(({ kind, label }) => kind === 'column' && label === text), `${name}: ${text} in …${broken.slice(Math.max(0, offset - 30), offset + 30)}…`); // prettier-ignore
        checked += 1;
      }
    }
  }
  assert.ok(checked > 100, String(checked));
});

test('with any part of it taken out a sample is completed everywhere without a throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat(60), fc.nat(), ({ source }, from, length, at) => {
      const start = from % source.length;
      const broken = source.slice(0, start) + source.slice(start + length);
      const offset = at % (broken.length + 1);
      for (const { range } of complete(broken, offset)) assert.ok(range.start <= offset && offset <= range.end);
    }),
    { numRuns: 2000 },
  );
});

test('any text has a cursor or none, and never a throw', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', ' ', '\n', 'x', '1', '//', '/*', '*/', '\\');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(60), (pieces, at) => {
      const source = pieces.join('');
      const offset = Math.min(at, source.length);
      const found = cursorAt(source, offset);
      assert.ok(found === undefined || (found.range.start <= offset && offset <= found.range.end));
      complete(source, offset);
    }),
    { numRuns: 3000 },
  );
});

test('a bracket that closes nothing ends nothing: one may begin behind it', () => {
  for (const stray of [']', '}']) assert.deepEqual(cursorAt(`${stray} `, 2), cursorAt('  ', 2), stray);
  assert.deepEqual(cursorAt('  ', 2)?.path, []);
  // Behind what is whole nothing is written.
  assert.equal(cursorAt('{} ', 3), undefined);
});
