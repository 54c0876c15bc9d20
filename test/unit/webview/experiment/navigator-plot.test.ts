// The navigator's pictures as nodes: a surface whose every value is known by hand, in boxes of round sizes.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { tsImport } from 'tsx/esm/api';
import type {
  Response,
  ResponseModel,
  SupportPoint,
  WeightSurface,
} from '../../../../src/experiment/surface/contract.ts';
import { openPage, type Made } from '../fake-page.ts';

interface Picture {
  readonly surface: WeightSurface;
  readonly task: number;
  readonly shares: readonly number[];
  readonly width: number;
  readonly height: number;
}
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
// By its address: the rest of the tests is checked without the types of a page.
const { boxOf, handleAt, lineParts, simplexParts } = (await tsImport(
  '../../../../webview/experiment/navigator-plot.ts',
  import.meta.url,
)) as {
  readonly boxOf: (size: { readonly width: number; readonly height: number }, tasks: number) => Box;
  readonly handleAt: (picture: Picture) => readonly [number, number];
  readonly lineParts: (picture: Picture) => Made[];
  readonly simplexParts: (picture: Picture) => Made[];
};
const closePage = openPage();
after(closePage);

const close = (actual: readonly number[], expected: readonly number[], what = ''): void => {
  assert.equal(actual.length, expected.length, what);
  for (const [at, value] of actual.entries())
    assert.ok(Math.abs(value - (expected[at] ?? NaN)) < 1e-9, `${what} ${String(actual)} ≠ ${String(expected)}`);
};
const withTag = (parts: readonly Made[], tag: string): readonly Made[] => parts.filter((part) => part.tag === tag);
const words = (parts: readonly Made[]) =>
  withTag(parts, 'text').map((part) => [part.children[0], part.attributes['text-anchor'] ?? 'start']);
const places = (parts: readonly Made[], tag: string, x = 'x', y = 'y'): readonly (readonly number[])[] =>
  withTag(parts, tag).map((part) => [part.at(x), part.at(y)]);

const plain = { degree: 1, df: 1, quantile: 1, sd: 1, reach: 1, leftOutError: 0, meanError: 0 } as const;
const point = (shares: readonly number[], means: readonly (number | null)[], ...arms: readonly string[]): SupportPoint => ({ shares, means, arms, runs: 1 }); // prettier-ignore
const response = (task: string, model: ResponseModel | null, higherIsBetter = true): Response => ({
  ...{ task, metric: 'm', runs: 3, remark: null, model, higherIsBetter },
});
const surfaceOf = (responses: readonly Response[], points: readonly SupportPoint[]): WeightSurface => ({
  ...{ tasks: responses.map(({ task }) => task), current: [], total: 1, level: 0.95, arm: 'weights', remarks: [] },
  ...{ points, responses },
});

const half = Math.sqrt(3) / 2;

describe('where it is drawn', () => {
  test('a share takes all between the margins', () => {
    assert.deepEqual(boxOf({ width: 184, height: 166 }, 2), { left: 60, top: 26, width: 100, height: 100 });
    assert.deepEqual(boxOf({ width: 284, height: 116 }, 2), { left: 60, top: 26, width: 200, height: 50 });
  });

  test('a triangle has equal sides, as large as width and height let it be, in the middle', () => {
    const of = (width: number, height: number): readonly number[] => {
      const { left, top, width: wide, height: tall } = boxOf({ width, height }, 3);
      return [left, top, wide, tall];
    };
    close(of(184, 500), [42, 26, 100, 100 * half]);
    close(of(500, 66 + 200 * half), [150, 26, 200, 200 * half]);
    close(of(90, 500), [25, 26, 40, 40 * half], 'never too small to be seen');
    close(of(500, 70), [230, 26, 40, 40 * half]);
  });

  test('the handle stands under its share, or at its place in the triangle', () => {
    const of = (tasks: number, ...shares: readonly number[]) =>
      handleAt({
        surface: surfaceOf(['a', 'b', 'c'].slice(0, tasks).map((name) => response(name, null)), []), // prettier-ignore
        ...{ task: 0, shares, width: 184, height: tasks === 2 ? 166 : 500 },
      });
    close(of(2, 0.25, 0.75), [85, 126]);
    close(of(2, 1, 0), [160, 126]);
    close(of(3, 1, 0, 0), [92, 26]);
    close(of(3, 0, 1, 0), [42, 26 + 100 * half]);
    close(of(3, 0, 0.5, 0.5), [92, 26 + 100 * half]);
    close(of(3, 0.5, 0, 0.5), [117, 26 + 50 * half]);
  });
});

describe('three tasks', () => {
  // The value is the first task's share; from more than half of it on nothing was run.
  const model: ResponseModel = { ...plain, terms: [[0], [1], [2]], coefficients: [1, 0, 0], inverse: [[1, 0, 0], [0, 0, 0], [0, 0, 0]], reach: 0.25 }; // prettier-ignore
  const level: ResponseModel = { ...model, coefficients: [0, 0, 0] };
  const points = [point([1, 0, 0], [], 'one', 'two'), point([0, 0.5, 0.5], [], 'three')];
  const responses = [response('up', model), response('down', model, false), response('level', level)];
  const draw = (task: number, of = responses): readonly Made[] =>
    simplexParts({ surface: surfaceOf(of, points), task, shares: [], width: 184, height: 500 });

  test('a frame, its corners named: the first task on top, the others below', () => {
    const parts = draw(0);
    const [frame] = parts;
    assert.equal(frame?.tag, 'polygon');
    assert.deepEqual([frame.attributes['fill'], frame.attributes['stroke']], ['none', '--vscode-descriptionForeground']); // prettier-ignore
    close(frame.points.flat(), [92, 26, 42, 26 + 100 * half, 142, 26 + 100 * half]);
    assert.deepEqual(words(parts), [['up', 'middle'], ['down', 'middle'], ['level', 'middle']]); // prettier-ignore
    const below = 26 + 100 * half + 18;
    close(places(parts, 'text').flat(), [92, 16, 42, below, 142, below]);
    for (const { attributes } of withTag(parts, 'text'))
      assert.deepEqual([attributes['fill'], attributes['class']], ['--vscode-foreground', 'tick']);
  });

  test('a dot at every 24th: full where runs lie around, the fuller the better; small and hollow beyond', () => {
    const dots = withTag(draw(0), 'circle');
    // 1 + 2 + … + 25 points.
    assert.equal(dots.length, 325);
    close([dots[0]?.at('cx') ?? NaN, dots[0]?.at('cy') ?? NaN], [142, 26 + 100 * half], 'all of the last task');
    close([dots[324]?.at('cx') ?? NaN, dots[324]?.at('cy') ?? NaN], [92, 26], 'all of the first');
    const [zero, top] = [dots[0]?.attributes, dots[324]?.attributes];
    const { cx: _, cy: __, ...full } = zero ?? {};
    assert.deepEqual(full, { r: '5', fill: '--vscode-charts-blue', 'fill-opacity': '0.12', 'data-extrapolated': 'false' }); // prettier-ignore
    const { cx: ___, cy: ____, ...hollow } = top ?? {};
    assert.deepEqual(hollow, {
      ...{ r: '2.5', fill: 'none', stroke: '--vscode-descriptionForeground', 'stroke-opacity': '0.6' },
      'data-extrapolated': 'true',
    });
    // Shares of 0/24 … 12/24 of the first task, 25 + 24 + … + 13 points.
    assert.equal(dots.filter(({ attributes }) => attributes['data-extrapolated'] === 'false').length, 247);
    const opacity = (of: readonly Made[], row: number): number => {
      const high = 26 + 100 * half * (1 - row / 24);
      return of.find((dot) => Math.abs(dot.at('cy') - high) < 1e-6)?.at('fill-opacity') ?? NaN;
    };
    close([opacity(dots, 0), opacity(dots, 3), opacity(dots, 6), opacity(dots, 12)], [0.12, 0.32, 0.52, 0.92]);
    const down = withTag(draw(1), 'circle');
    close([opacity(down, 0), opacity(down, 3), opacity(down, 12)], [0.92, 0.72, 0.12]);
    assert.equal(down[0]?.attributes['fill'], '--vscode-charts-yellow');
    // Where all is the same nothing is better.
    const flat = withTag(draw(2), 'circle');
    close([opacity(flat, 0), opacity(flat, 12)], [0.52, 0.52]);
  });

  test('a square around each weighting that was run, that says whose', () => {
    for (const parts of [
      draw(0),
      draw(
        0,
        responses.map(({ task }) => response(task, null)),
      ),
    ]) {
      // prettier-ignore
      close(places(parts, 'rect').flat(), [88, 22, 88, 22 + 100 * half]);
      const [square] = withTag(parts, 'rect');
      const { x: _, y: __, ...rest } = square?.attributes ?? {};
      assert.deepEqual(rest, {
        ...{ width: '8', height: '8', fill: '--vscode-panel-background', stroke: '--vscode-foreground' },
        ...{ 'stroke-width': '1.5', 'data-testid': 'support-mark' },
      });
      const titles = withTag(parts, 'rect').map(({ children }) => children[0] as Made);
      assert.deepEqual(titles.map(({ tag, children }) => [tag, ...children]), [['title', 'one, two'], ['title', 'three']]); // prettier-ignore
    }
  });

  test('without a model there are no dots', () => {
    assert.equal(withTag(draw(0, [response('up', null), ...responses.slice(1)]), 'circle').length, 0);
  });
});

describe('two tasks', () => {
  // The value is 3 − 2s at a share s of the first task, h = (2s − 1)²: between ¼ and ¾ there were runs.
  const model: ResponseModel = { ...plain, terms: [[0], [1]], coefficients: [1, 3], inverse: [[1, -1], [-1, 1]], reach: 0.25 }; // prettier-ignore
  const points = [point([0, 1], [null, 5], 'one', 'two'), point([1, 0], [7, 0], 'three'), point([0.5, 0.5], [7, null], 'four')]; // prettier-ignore
  const draw = (of: ResponseModel | null, runs: readonly SupportPoint[] = points): readonly Made[] =>
    lineParts({
      surface: surfaceOf([response('first', null), response('second', of)], runs),
      ...{ task: 1, shares: [], width: 184, height: 166 },
    });
  // Means of 0 and 5, and a twentieth of room at both ends.
  const up = (value: number): number => 126 - ((value + 0.25) / 5.5) * 100;
  const value = (at: number): number => 3 - at / 50;
  const spread = (at: number): number => Math.sqrt(1 + (at / 50 - 1) ** 2);
  const hundredths = (from: number, to: number): readonly number[] =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at);

  test('a line across at each round value, and the names of the tasks at the ends below', () => {
    const parts = draw(model);
    const lines = withTag(parts, 'line');
    close(lines.flatMap((line) => ['x1', 'x2', 'y1', 'y2'].map((name) => line.at(name))), [60, 160, up(0), up(0), 60, 160, up(5), up(5)]); // prettier-ignore
    for (const { attributes } of lines) assert.equal(attributes['stroke'], '--vscode-editorIndentGuide-background1');
    assert.deepEqual(words(parts), [['0', 'end'], ['5', 'end'], ['second', 'start'], ['first', 'end']]); // prettier-ignore
    close(places(parts, 'text').flat(), [54, up(0) + 4, 54, up(5) + 4, 60, 144, 160, 144]);
  });

  test('the prediction: dotted, drawn through, dotted', () => {
    const lines = withTag(draw(model), 'polyline');
    assert.deepEqual(lines.map(({ attributes }) => attributes['stroke-dasharray']), ['2 4', '', '2 4']); // prettier-ignore
    for (const [place, [from, to]] of [
      [0, 25],
      [25, 75],
      [75, 100],
    ].entries()) {
      // prettier-ignore
      const expected = hundredths(from ?? NaN, to ?? NaN).flatMap((at) => [60 + at, up(value(at))]);
      close(lines[place]?.points.flat() ?? [], expected, String(place));
    }
    const { points: _, 'stroke-dasharray': __, ...rest } = lines[0]?.attributes ?? {};
    assert.deepEqual(rest, { fill: 'none', stroke: '--vscode-charts-yellow', 'stroke-width': '2', 'data-testid': 'surface-line' }); // prettier-ignore
  });

  test('the band: its upper side, and its lower one back', () => {
    const [band, ...others] = withTag(draw(model), 'polygon');
    assert.equal(others.length, 0);
    assert.deepEqual([band?.attributes['fill'], band?.attributes['fill-opacity']], ['--vscode-charts-yellow', '0.18']);
    const above = hundredths(0, 100).map((at) => [60 + at, up(value(at) + spread(at))]);
    const below = hundredths(0, 100).map((at) => [60 + at, Math.min(126, up(value(at) - spread(at)))]);
    close(band?.points.flat() ?? [], [...above, ...below.reverse()].flat());
  });

  test('a square at the mean of each weighting that was run', () => {
    const parts = draw(model);
    close(places(parts, 'rect').flat(), [56, up(5) - 4, 156, up(0) - 4]);
    assert.deepEqual(withTag(parts, 'rect').map(({ children }) => (children[0] as Made).children), [['one, two'], ['three']]); // prettier-ignore
  });

  test('the axis goes by what is not extrapolated: that ends at the frame', () => {
    const parts = draw(model, []);
    // From the band's lower side at ¾ to its upper one at ¼, and room.
    const [low, high] = [1.5 - Math.sqrt(1.25), 2.5 + Math.sqrt(1.25)];
    const room = (high - low) / 20;
    const place = (one: number): number => 126 - ((one - low + room) / (high - low + 2 * room)) * 100;
    const [band] = withTag(parts, 'polygon');
    const found = band?.points ?? [];
    close([found[25]?.[1] ?? NaN, found[202 - 1 - 75]?.[1] ?? NaN], [place(high), place(low)]);
    assert.equal(found[0]?.[1], 26, 'above');
    assert.equal(found[101]?.[1], 126, 'below');
  });

  test('what is known everywhere is drawn through, what is known nowhere is not drawn', () => {
    const dashes = (reach: number) => withTag(draw({ ...model, reach }), 'polyline').map(({ attributes }) => attributes['stroke-dasharray']); // prettier-ignore
    assert.deepEqual(dashes(1), ['']);
    assert.deepEqual(dashes(-1), []);
    const [line] = withTag(draw({ ...model, reach: 1 }), 'polyline');
    assert.equal(line?.points.length, 101);
    // The first point alone, and the last one: (2s − 1)² of the ends is 1, with another term of the share.
    const ends = (inverse: readonly (readonly number[])[], reach = 0) => withTag(draw({ ...model, inverse, reach }), 'polyline').map(({ attributes, points: own }) => [attributes['stroke-dasharray'], own.length]); // prettier-ignore
    assert.deepEqual(ends([[1, 0], [0, 0]]), [['', 1], ['2 4', 101]]); // prettier-ignore
    assert.deepEqual(ends([[0, 0], [0, 1]]), [['2 4', 101], ['', 1]]); // prettier-ignore
    // All but the last, and all but the first: the share's square at 0.99 is 0.9801.
    assert.deepEqual(ends([[1, 0], [0, 0]], 0.99), [['', 100], ['2 4', 2]]); // prettier-ignore
    assert.deepEqual(ends([[0, 0], [0, 1]], 0.99), [['2 4', 2], ['', 100]]); // prettier-ignore
  });

  test('without a model only what was run', () => {
    const parts = draw(null);
    assert.deepEqual([withTag(parts, 'polyline').length, withTag(parts, 'polygon').length], [0, 0]);
    assert.equal(withTag(parts, 'rect').length, 2);
  });
});
