/** What the page of results says of a comparison as `mtl compare --json` gives it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/lib/process.mjs';
import { kept, resultsPage } from '../../../scripts/lib/results-page.mjs';

const arm = (id: string, deltaM: number | null, verdict: string) => ({
  ...{ id, n: 5, failed: 1, confirmed: true },
  measures: {
    mass: { ...{ metric: 'mae', n: 5, mean: 291.256, interval: null }, delta: { ...{ mean: -1, interval: null, adjustedP: 0.5 }, verdict } }, // prettier-ignore
  },
  deltaM: deltaM === null ? null : { mean: deltaM, interval: [deltaM - 0.01, deltaM + 0.01] as const },
});
const comparison = {
  arms: [arm('single', null, ''), arm('static', 0.0168, 'undecided'), arm('frontier', -0.002, 'helps')],
  tests: 2,
  measures: { mass: { metric: 'mae', higherIsBetter: false, margin: null } },
};
const studies = [{ name: 'cars', single: comparison, frontier: comparison }];

test('differences to single-task networks are shares, and are shown in percent', () => {
  const page = resultsPage(studies, ['digits'], { static: 200 }, 'en');
  assert.match(page, /\| `static` \| \+1\.7 \[\+0\.7, \+2\.7\] \| 1\.00 \|/);
  assert.match(page, /\| `frontier` \| −0\.2 \[−1\.2, \+0\.8\] \| – \|/);
  assert.match(page, /Best by its mean: `static`, Δm \+1\.7 \[\+0\.7, \+2\.7\] %/);
  assert.match(page, /lies above 0 for 1 and below 0 for 0 of 2 arms/);
  assert.match(page, /\| `static` \| 5 \| 1 \| 291\.3 \(undecided\) \| \+1\.7/);
  assert.match(page, /Not on this page yet:\*\* digits\./);
});

test('networks of their own are no strategy that beats the tuned weights, and are told of by themselves', () => {
  const beside = {
    ...comparison,
    arms: [arm('single', 0, 'helps'), arm('static', 0, 'undecided'), arm('dwa', 0, 'hurts')],
  };
  const other = [{ name: 'cars', single: comparison, frontier: beside }];
  const page = resultsPage(other, [], {}, 'en');
  assert.match(
    page,
    /tuned static weights: 1 × hurts, 1 × undecided; no strategy beats them on any task\. Worse: `dwa` on mass\. Single-task networks are better than they on mass\./,
  );
  assert.match(
    resultsPage(other, [], {}, 'zh'),
    /没有任何策略在任何任务上胜过它。更差的：`dwa` 于 mass。单任务网络在 mass 上胜过它。/,
  );
});

test('in Chinese, and with all samples', () => {
  const page = resultsPage(studies, [], {}, 'zh');
  assert.match(page, /最好的是 `static`，Δm \+1\.7/);
  assert.doesNotMatch(page, /尚未包含/);
});

test('what is kept beside the page makes the same page, without what was only explored', () => {
  const explored = { ...arm('static/p1', 0.5, 'not-confirmed'), confirmed: false };
  const more = { ...comparison, arms: [...comparison.arms, explored], engine: 'not on the page' };
  const slim = kept(more);
  assert.deepEqual(JSON.parse(JSON.stringify(slim)), JSON.parse(JSON.stringify(comparison)));
  const page = resultsPage([{ name: 'cars', single: slim, frontier: slim }], [], {}, 'en');
  assert.equal(page, resultsPage([{ name: 'cars', single: more, frontier: more }], [], {}, 'en'));
});

test('a difference that is 0 with the digits shown has no sign', () => {
  const tiny = { ...comparison, arms: [arm('single', null, ''), arm('static', -0.0001, 'equivalent')] };
  const page = resultsPage([{ name: 'cars', single: tiny, frontier: tiny }], [], {}, 'en');
  assert.match(page, /\| `static` \| 0\.0 \[−1\.0, \+1\.0\]/);
});

test('the pages in docs say what the figures kept beside them say', () => {
  const docs = path.join(root, 'docs');
  const read = (name: string): unknown =>
    JSON.parse(fs.readFileSync(path.join(docs, 'results', `${name}.json`), 'utf8'));
  const all = ['cars', 'digits', 'penguins'].map((name) => read(name) as (typeof studies)[number]);
  const costs = read('costs') as Record<string, number>;
  const pages = { 'results.md': 'en', 'results.zh-CN.md': 'zh' } as const;
  for (const [page, language] of Object.entries(pages))
    assert.equal(
      fs.readFileSync(path.join(docs, page), 'utf8'),
      resultsPage(all, [], costs, language),
      `${page} is not what "npm run results" would write of docs/results`,
    );
});
