// npm run bench -- --editor: from a keystroke in a spec of 2,000 lines to what is seen of it, by itself and in a real window;
// activation; what panels leave behind. The worst of 50 counts; the pause before squiggles (20 ms) is in it, the time that
// VS Code takes to draw them is not.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { layoutEdits, completionsAt, parseTree, readSpec, referencesOf, symbols } from '../../../src/spec/index.ts';
import { makePlan } from '../../../src/plan/index.ts';
import { root } from '../../../scripts/lib/process.mjs';
import { longSpec } from '../long-spec.ts';
import { median, timesOf } from '../times.ts';
import { panning } from './pan.ts';
import { windowFigures } from './window.ts';

const keystrokes = 50;
const squigglePause = 20;
const text = longSpec(356);

/** The text after a key was pressed somewhere: a letter in a name, a comma taken away, a digit more. */
function typed(index: number): string {
  const at = Math.floor(((index * 7919) % 997) * (text.length / 997));
  const kinds = [
    () => `${text.slice(0, at)}x${text.slice(at)}`,
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.replace(/16/g, (found, offset: number) => (offset > at && offset < at + 300 ? '160' : found)),
  ];
  return (kinds[index % kinds.length] ?? assertNever)();
}
const assertNever = (): never => {
  throw new Error('no such key');
};

const measure = (work: (text: string, index: number) => void): readonly number[] => {
  // What is compiled once is compiled before.
  for (let index = 0; index < 5; index += 1) work(typed(index), index);
  let index = 0;
  return timesOf(keystrokes, () => work(typed(index), index++));
};

const results = [
  {
    name: 'keystroke to squiggles',
    aim: 100,
    times: measure((source) => {
      const { spec, tree } = readSpec(source);
      if (spec !== undefined) makePlan(spec, tree);
    }).map((time) => time + squigglePause),
  },
  {
    name: 'completion',
    aim: 100,
    times: measure(
      (source, index) => void completionsAt(source, parseTree(source).tree, (index * 1571) % source.length),
    ),
  },
  { name: 'colors of names', aim: 100, times: measure((source) => void referencesOf(parseTree(source).tree)) },
  { name: 'outline', aim: 100, times: measure((source) => void symbols(parseTree(source).tree)) },
  {
    name: 'Format Document',
    aim: 100,
    times: measure((source) => void layoutEdits(source, { tabSize: 4, insertSpaces: true })),
  },
].map(({ name, aim, times }) => figureOf(name, times, aim));

interface Figure {
  readonly name: string;
  readonly unit: string;
  /** What the worst is to be at most. */
  readonly aim: number;
  readonly median: number;
  readonly worst: number;
}

function figureOf(name: string, values: readonly number[], aim: number, unit = 'ms'): Figure {
  return { name, unit, aim, median: median(values), worst: Math.max(...values) };
}

const { values } = parseArgs({
  options: {
    arithmetic: { type: 'boolean', default: false },
    panels: { type: 'string', default: '200' },
    keystrokes: { type: 'string', default: String(keystrokes) },
    shown: { type: 'string', default: '150' },
  },
});

const kilobytes = (file: string): number => fs.statSync(path.join(root, file)).size / 1000;

/** What each panel leaves behind: a panel that is held is hundreds of objects. */
const leftObjects = 10;
const leftBytes = 5000;

async function ofWindow(): Promise<readonly Figure[]> {
  const [panels, count, shown] = [values.panels, values.keystrokes, values.shown].map(Number) as [
    number,
    number,
    number,
  ];
  const found = await windowFigures({ panels, keystrokes: count, shown });
  return [
    figureOf('extension.cjs', [kilobytes('dist/extension.cjs')], 500, 'kB'),
    figureOf('activation', found.activations, 50),
    ...(count > 0 ? [figureOf('keystroke to squiggles, in a window', found.keystrokes, 100)] : []),
    ...Object.entries(found.growth).flatMap(([name, { before, after }]) => {
      const title = `left by each of ${values.panels} panels: ${name}`;
      const bytes = figureOf(title, [(after.bytes - before.bytes) / panels], leftBytes, 'bytes');
      if (before.objects === null || after.objects === null) return [bytes];
      return [figureOf(title, [(after.objects - before.objects) / panels], leftObjects, 'objects'), bytes];
    }),
  ];
}

/** 95 of 100 frames are the worst that counts: the browser drops one now and then by itself. */
async function ofChart(): Promise<readonly Figure[]> {
  return (await panning()).map(({ shown, times }) =>
    figureOf(`a frame of 1,000,000 steps, ${shown} shown`, times.slice(0, Math.ceil(times.length * 0.95)), 16.8),
  );
}

const all = [...results, ...(values.arithmetic ? [] : [...(await ofWindow()), ...(await ofChart())])];
console.log(`a spec of ${String(text.split('\n').length)} lines, ${String(keystrokes)} keystrokes`);
for (const { name, unit, aim, median: middle, worst } of all) {
  const number = (value: number): string => value.toFixed(1).padStart(7);
  console.log(
    `${name.padEnd(44)} ${number(middle)} ${unit}  worst ${number(worst)} ${unit}  aim ${String(aim)} ${unit}`,
  );
}
const target = path.join(root, 'out/bench-editor.json');
fs.mkdirSync(path.dirname(target), { recursive: true });
fs.writeFileSync(target, `${JSON.stringify({ v: 1, keystrokes, results: all }, null, 2)}\n`);
