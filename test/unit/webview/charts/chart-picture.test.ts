// A chart as vectors: well-formed, every visible curve stands in it and hidden ones do not, axes, marks, bands and notes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { chartPicture, type ChartScene } from '../../../../webview/charts/chart-picture.ts';
import { allTasks, type Curve, type Source, type Underlay } from '../../../../webview/charts/source.ts';
import { fits, linesWithin, widthOf } from '../../../../webview/charts/svg-text.ts';
import { wholeTicks } from '../../../../webview/charts/x-ticks.ts';
import { paperStyle } from '../../../../webview/export/paper-style.ts';

const style = paperStyle('white', 'Arial, "Noto Sans CJK SC"', 12);
const size = { width: 529, height: 321 };
const tasks = ['分类', 'b <&> "c"'];
const strings = { x: 'Step', y: 'Losses' };

interface Given {
  readonly x?: readonly number[];
  readonly values?: readonly (readonly (number | null)[])[];
  readonly hidden?: readonly string[];
  readonly log?: boolean;
  readonly under?: readonly Underlay[];
  readonly axis?: Source['axis'];
}

function sceneOf(given: Given = {}): ChartScene {
  const { x = [1, 2, 3, 4], values = [[1, 2, null, 3], [2, 1, 0.5, 0.25]], hidden = [], log = false, under = [], axis = 'step' } = given; // prettier-ignore
  const curves = values.flatMap((own, task): Curve[] => [
    { label: `${tasks[task] ?? ''} raw`, task, style: 'faint', values: own },
    { label: tasks[task] ?? '', task, style: 'bold', values: own, derived: true },
    { label: `${tasks[task] ?? ''} validation`, task, style: 'dots', values: own },
  ]);
  const total: Curve = { label: 'total', task: null, style: 'total', values: x.map(() => 1) };
  const source: Source = {
    ...{ shape: '', axis, xLabel: strings.x, log, hidden: new Set(hidden), tasks, any: true, under, columns: [] },
    reach: { from: x[0] ?? NaN, to: x.at(-1) ?? NaN },
    picture: () => ({ x: Float64Array.from(x), curves: [...curves, total], marks: [{ x: x[1] ?? 0, task: 0, word: 'NaN' }] }), // prettier-ignore
    readings: () => [],
  };
  return {
    ...{ title: 'run <1>', yLabel: strings.y, source, zoom: null, notes: ['2 zeros have no place on a log scale.'] },
    legend: [
      ...tasks.map((text, task) => ({ text, task, style: 'bold' as const })),
      { text: 'total', task: null, style: 'total' },
    ],
  };
}

/** Tags are closed in the order in which they were opened, and nothing stands in them that XML forbids. */
function assertWellFormed(text: string): void {
  const open: string[] = [];
  let rest = text.trimEnd();
  while (rest !== '') {
    const [whole = '', close, name = '', attributes = '', self] = /^<(\/?)([a-zA-Z]+)((?: [a-zA-Z0-9-]+="[^"<]*")*)(\/?)>/.exec(rest) ?? []; // prettier-ignore
    if (whole === '') {
      const [words = ''] = /^[^<]+/.exec(rest) ?? [];
      assert.notEqual(words, '', rest.slice(0, 80));
      assert.doesNotMatch(words.replace(/&(?:amp|lt|gt|quot);/g, ''), /[&>]|[\u0000-\u0008]/);
      assert.notEqual(open.length, 0);
      rest = rest.slice(words.length);
      continue;
    }
    assert.doesNotMatch(attributes.replace(/&(?:amp|lt|gt|quot);/g, ''), /&|NaN(?!")|Infinity/);
    if (close === '/') assert.equal(open.pop(), name);
    else if (self === '') open.push(name);
    rest = rest.slice(whole.length);
  }
  assert.deepEqual(open, []);
}

const drawn = (given: Given = {}): string => {
  const { text } = chartPicture(sceneOf(given), style, size);
  assertWellFormed(text);
  return text;
};
const curvesIn = (text: string): readonly string[] =>
  [...text.matchAll(/data-curve="([^"]*)"/g)].map(([, label = '']) => label);

describe('what stands in it', () => {
  test('every visible curve, with the color and dash that its legend line has', () => {
    const text = drawn();
    const escaped = 'b &lt;&amp;&gt; &quot;c&quot;';
    const each = (name: string): readonly string[] => [`${name} raw`, name, `${name} validation`];
    assert.deepEqual(curvesIn(text), [...each('分类'), ...each(escaped), 'total']);
    for (const name of ['分类', escaped]) {
      const [, curve = ''] = new RegExp(`<path d="[^"]*"( stroke="[^>]*) data-curve="${name}"`).exec(text) ?? [];
      const [, legend = ''] = new RegExp(`<line [^>]*?( stroke="[^>]*) data-legend="${name}"`).exec(text) ?? [];
      assert.notEqual(curve, '');
      assert.equal(curve, legend);
    }
    assert.match(text, /<text [^>]*>run &lt;1&gt;<\/text>/);
    assert.match(text, />Step<\/text>/);
    assert.match(text, />Losses<\/text>/);
    assert.match(text, />2 zeros have no place on a log scale\.<\/text>/);
  });

  test('hidden tasks and a hidden total do not, nor their marks; the axis is that of what is left', () => {
    const text = drawn({ hidden: ['分类', allTasks] });
    assert.ok(curvesIn(text).length === 3 && curvesIn(text).every((label) => label.startsWith('b ')));
    assert.doesNotMatch(text, /data-mark/);
    assert.match(drawn(), /data-mark="NaN".*>NaN<\/text>/);
    assert.match(drawn({ hidden: [...tasks, allTasks] }), /<svg/);
  });

  test('a gap stays a gap; few values are joined and have points', () => {
    const text = drawn({ hidden: ['b <&> "c"', allTasks] });
    const pathOf = (label: string): string => new RegExp(`<path d="([^"]*)"[^>]*data-curve="${label}"`).exec(text)?.[1] ?? ''; // prettier-ignore
    assert.equal(pathOf('分类').match(/M/g)?.length, 2);
    assert.equal(pathOf('分类 validation').match(/M/g)?.length, 1);
    assert.equal(text.match(/<circle /g)?.length, 3);
  });

  test('other runs and the band of an arm', () => {
    const other: Underlay = { task: 0, x: [1, 6], y: [1, 2], style: 'other' };
    const mean: Underlay = { task: 1, x: [1, 2], y: [1, 2], sd: [0.5, 0.5], style: 'mean' };
    const text = drawn({ under: [other, mean] });
    assert.match(text, /data-underlay="other"/);
    assert.match(text, /data-band="1".*data-underlay="mean"/);
    assert.doesNotMatch(drawn({ under: [other, mean], hidden: ['分类'] }), /data-underlay="other"/);
    // As far as the other run goes.
    assert.match(text, />6<\/text>/);
  });

  test('on a log scale what is not positive is a gap, and the axis ends where the recorded values do', () => {
    const text = drawn({ log: true, values: [[1, 0, 0.01, 1e-3], [100, 10, 1, -1]] }); // prettier-ignore
    assert.match(text, />0\.001<\/text>/);
    assert.doesNotMatch(text, />0\.0001<\/text>|>1e-4</);
  });

  test('transparent paper has no ground; white has', () => {
    const transparent = chartPicture(sceneOf(), paperStyle('transparent', 'serif', 9), size).text;
    assert.doesNotMatch(transparent, /<rect [^>]*fill=/);
    assert.match(drawn(), /<rect x?[^>]*fill="#ffffff"/);
  });
});

describe('its size', () => {
  test('as asked for; higher where the legend of sixty tasks needs the room, and said', () => {
    const usual = chartPicture(sceneOf(), style, size);
    assert.deepEqual([usual.width, usual.height], [size.width, size.height]);
    const legend = Array.from({ length: 60 }, (_, task) => ({ text: `a task ${String(task)}`, task, style: 'bold' as const })); // prettier-ignore
    const many = chartPicture({ ...sceneOf(), legend }, style, size);
    assert.ok(many.height > size.height);
    assert.equal(many.text.match(/data-legend=/g)?.length, 60);
    assert.match(many.text, new RegExp(`viewBox="0 0 529 ${String(Number(many.height.toFixed(2)))}"`));
  });
});

test('any values: well-formed, and every number of a place is finite', () => {
  const number = fc.oneof(
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.constantFrom(0, 5e-324, 1e308, -1e308, 1e-300),
    fc.constant(null),
  );
  fc.assert(
    fc.property(fc.array(number, { maxLength: 12 }), fc.boolean(), (values, log) => {
      const x = values.map((_, at) => at + 1);
      const text = drawn({ x, values: [values, values], log });
      assert.doesNotMatch(text.replaceAll('"NaN"', '').replaceAll('>NaN<', ''), /NaN|Infinity/);
    }),
    { numRuns: 150 },
  );
});

test('lines of the horizontal axis: whole for steps and epochs, round for seconds', () => {
  const places = (range: readonly [number, number], whole: boolean): readonly string[] =>
    wholeTicks(range, whole, 6).map(({ text }) => text);
  assert.deepEqual(places([1, 4], true), ['1', '2', '3', '4']);
  assert.deepEqual(places([0, 1200], true), ['0', '200', '400', '600', '800', '1000', '1200']);
  assert.deepEqual(places([0, 1.2], false), ['0', '0.2', '0.4', '0.6', '0.8', '1', '1.2']);
  assert.deepEqual(places([3, 3], true), []);
});

test('words: about how wide, cut with an ellipsis, and broken between words or in Chinese anywhere', () => {
  assert.ok(widthOf('损失', 10) > widthOf('ab', 10));
  assert.equal(fits('abc', 10, 1000), 'abc');
  assert.match(fits('a long name of a task', 10, 60), /^a long.*…$/);
  const lines = linesWithin('one two three four five six', 10, 60);
  assert.ok(lines.length > 1 && lines.every((line) => widthOf(line, 10) <= 60));
  assert.equal(lines.join(' '), 'one two three four five six');
  assert.equal(linesWithin('对数刻度上没有零的位置。', 10, 50).join(''), '对数刻度上没有零的位置。');
});
