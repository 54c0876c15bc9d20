import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applied, choose, faultsOf, type Fault } from '../../../../scripts/lib/mutate/faults.ts';
import { kindNames, type KindName } from '../../../../scripts/lib/mutate/kinds.ts';
import { mulberry32, shuffled } from '../../../../scripts/lib/mutate/random.ts';

/** What the text reads with each fault of a kind in it. */
const readings = (kind: KindName, text: string): string[] =>
  faultsOf('src/x.ts', text)
    .filter((fault) => fault.kind === kind)
    .map((fault) => applied(text, fault));

const examples: Readonly<Record<KindName, readonly (readonly [string, readonly string[]])[]>> = {
  boundary: [
    ['f(a < b);', ['f(a <= b);']],
    // Of two equal values either may be taken.
    ['x = a < b ? a : b;', []],
    ['x = a < b ? b : a;', []],
    ['x = a < b ? a : c;', ['x = a <= b ? a : c;']],
    ['if (a > most) most = a;', []],
    ['if (a > most) { most = a; }', []],
    ['if (a > most) at = a;', ['if (a >= most) at = a;']],
    ['if (a > most) most = a; else f();', ['if (a >= most) most = a; else f();']],
  ],
  comparison: [
    ['f(a >= b);', ['f(a < b);']],
    ['f(a === b);', ['f(a !== b);']],
  ],
  arithmetic: [
    ['x = a + b * c;', ['x = a - b * c;', 'x = a + b / c;']],
    ["x = a + 'm';", []],
    ['x += 2;', ['x -= 2;']],
  ],
  logic: [['f(a && b);', ['f(a || b);']]],
  negation: [
    ['if (a) f();', ['if (!(a)) f();']],
    ['x = !fine;', ['x = fine;']],
  ],
  condition: [
    ['if (a) f();', ['if (true) f();', 'if (false) f();']],
    ['while (a) f();', ['while (false) f();']],
  ],
  'call removed': [['async () => { await f(); x = g(); };', ['async () => { ; x = g(); };']]],
  'assignment removed': [['x = 1; const y = 2;', ['; const y = 2;']]],
  'arguments swapped': [
    ['f(a, b, c);', ['f(b, a, c);', 'f(a, c, b);']],
    ['new Range(1, 2);', ['new Range(2, 1);']],
    ['f(a, a);', []],
    ['Math.max(a, b); tf.add(a, b);', []],
    ['tf.sub(a, b);', ['tf.sub(b, a);']],
  ],
  'argument removed': [['f(a, b);', ['f(a);']]],
  number: [['x = 3;', ['x = 4;', 'x = 6;']]],
  boolean: [['x = true;', ['x = false;']]],
  string: [
    ["x = 'mean';", ["x = '';"]],
    ["x = { 'k e': 1, text: 'two words' };", []],
  ],
  'list emptied': [['x = [a, b];', ['x = [];']]],
  'entry removed': [
    ['x = [a, b];', ['x = [b];', 'x = [a];']],
    ['x = { a, b: 1, ...c };', ['x = { b: 1, ...c };', 'x = { a, ...c };', 'x = { a, b: 1 };']],
  ],
  'return replaced': [
    ['function f() { return a; }', ['function f() { return undefined; }']],
    ['x = () => a;', ['x = () => undefined;']],
  ],
  'default removed': [
    ['x = a ?? b;', ['x = a;', 'x = b;']],
    // The default of a list's entry is there for the compiler.
    ['x = a[0] ?? b;', ['x = b;']],
  ],
  'await removed': [
    ['async () => { x = await f(); await g(); };', ['async () => { x = f(); await g(); };']],
    // Who called awaits it; in a `try` what it throws would not be caught.
    ['async function f() { return await g(); }', []],
    ['async () => (await g());', []],
    ['async () => { try { return await g(); } catch {} };', ['async () => { try { return g(); } catch {} };']],
  ],
  regex: [['x = /^a+$/g;', ['x = /a+$/g;', 'x = /^a+/g;', 'x = /^a$/g;', 'x = /^a+$/;']]],
  'method mistaken': [['x = a.some(f);', ['x = a.every(f);']]],
  'method left out': [
    ['x = a.filter(f).length;', ['x = a.length;']],
    ['x = Math.abs(a);', ['x = a;']],
  ],
  sign: [
    ['x = -a;', ['x = a;']],
    ['n++;', ['n--;']],
    ['for (let i = 0; i < 2; i++) f();', []],
  ],
  jump: [
    ['for (;;) { if (a) continue; break; }', ['for (;;) { if (a) break; break; }', 'for (;;) { if (a) continue; ; }']],
  ],
};

describe('kinds of faults', () => {
  for (const kind of kindNames) {
    test(kind, () => {
      for (const [text, expected] of examples[kind]) assert.deepEqual(readings(kind, text), expected, text);
    });
  }
});

test('types, imports and words for people have no faults', () => {
  const text = `import { a } from './a.ts';
export interface B { readonly c: 'd' | 'e'; readonly f?: [1, 2] }
type G = B extends { c: 'd' } ? 1 : 2;
const h = text({ en: 'One.', zh: '一。' }, { en: 'two', zh: '二' });
throw new RangeError(i > 0 ? 'x' : 'y');
console.log('z', 1);
`;
  assert.deepEqual(
    faultsOf('src/x.ts', text).map(({ kind, from }) => [kind, from]),
    [
      ['arguments swapped', "{ en: 'One.', zh: '一。' }, { en: 'two', zh: '二' }"],
      ['argument removed', ", { en: 'two', zh: '二' }"],
    ],
  );
});

test('a fault knows its line, and what stood there', () => {
  const [fault] = faultsOf('src/x.ts', 'a();\n\n  if (a < b) f();\n').filter(({ kind }) => kind === 'boundary');
  assert.deepEqual([fault?.line, fault?.lineText, fault?.from, fault?.text], [3, 'if (a < b) f();', '<', '<=']);
});

describe('the choice', () => {
  const fault = (kind: KindName, file: string, start: number): Fault => ({
    ...{ kind, file, start, end: start, text: '', line: 1, lineText: '', from: 'x' },
  });
  const many = Array.from({ length: 100 }, (_, at) => fault('number', `f${String(at % 10)}`, at));
  const all = [...many, fault('jump', 'g', 0), fault('regex', 'g', 1), fault('logic', 'g', 2)];

  test('is the same for a seed, another for another', () => {
    const pick = (seed: number): Fault[] => choose(all, 12, 2, mulberry32(seed));
    assert.deepEqual(pick(3), pick(3));
    assert.notDeepEqual(pick(3), pick(4));
    assert.equal(new Set(pick(3)).size, 12);
  });

  test('goes kind by kind, and takes so many of a file at most', () => {
    const first = choose(all, 4, 2, mulberry32(1)).map(({ kind }) => kind);
    // The third of file g is one too many.
    assert.equal(new Set(first).size, 3);
    const everything = choose(all, 1000, 2, mulberry32(1));
    assert.equal(everything.length, 22);
    for (const file of new Set(everything.map((each) => each.file))) {
      assert.equal(everything.filter((each) => each.file === file).length, 2);
    }
  });
});

test('mulberry32 gives its published numbers; shuffling keeps all', () => {
  const random = mulberry32(1);
  const found = [random(), random(), random()];
  assert.deepEqual(found, [0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  assert.deepEqual(shuffled([1, 2, 3, 4, 5], mulberry32(9)).sort(), [1, 2, 3, 4, 5]);
  assert.notDeepEqual(shuffled([1, 2, 3, 4, 5], mulberry32(9)), [1, 2, 3, 4, 5]);
});
