import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import type { ExperimentToPage } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import {
  arms,
  assertClean,
  attribute,
  hydrate,
  openComparison,
  tab,
  text,
  type PageOptions,
} from './comparison-page.ts';
import { comparisonOf, progressOf } from './comparisons.ts';
import { surfaceOfTasks } from './surfaces.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const open = (message = hydrate(), options: PageOptions = {}): Promise<WebviewPage> =>
  openComparison(browser, message, options);

/** Answers the page's question for curves: three seeds an arm, the second arm's third ends early. */
async function answerCurves(page: WebviewPage): Promise<void> {
  const asked = await page.waitForPosted('curves');
  const wanted = asked['arms'] as string[];
  const curves = wanted.flatMap((arm, place) =>
    [1, 2, 3].map((seed) => {
      const length = place === 1 && seed === 3 ? 10 : 30;
      const x = Array.from({ length }, (_, at) => at + 1);
      return {
        arm,
        seed,
        run: `${arm}-${String(seed)}`,
        x,
        y: x.map((epoch) => 1 - Math.exp(-epoch / (8 + place)) + 0.01 * seed),
      };
    }),
  );
  const { task, series } = asked;
  await page.send({ type: 'curves', task, series, arms: wanted, curves, missing: ['run-9'] });
  await page.page.locator('[data-testid="curves"][data-state="ready"]').waitFor();
}

test('question, sentence, rows of arms and cells of measures', async () => {
  const page = await open();
  assert.equal(await attribute(page, 'data-arms'), '4');
  assert.equal(await attribute(page, 'data-baseline'), 'single');
  assert.equal(await text(page, 'name'), 'digits');
  assert.equal(await text(page, 'question'), 'Does sharing help 分类?');
  assert.match(await text(page, 'summary'), /^Compared with “single”: “joint” helps 分类/);
  assert.deepEqual(await arms(page), ['single', 'joint', 'wide', 'uncertainty']);
  const cells = page.page.locator('[data-arm="joint"] [data-measure]');
  assert.deepEqual(await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute('data-measure'))), ['分类', '回归']); // prettier-ignore
  const mean = comparisonOf().arms[1]?.measures[0]?.mean ?? NaN;
  assert.ok(Math.abs(Number(await cells.first().getAttribute('data-value')) - mean) < 1e-5);
  assert.equal(await page.page.locator('[data-arm="joint"] [data-delta="分类"] .verdict').getAttribute('data-verdict'), 'helps'); // prettier-ignore
  assert.match(await text(page, 'remarks'), /3 remarks · 1 run without a result/);
  assert.deepEqual(await page.accessibilityProblems(), []);
  await assertClean(page);
  await page.close();
});

test('nothing yet: the name of the tab and the reason; then the comparison comes', async () => {
  const page = await open({
    ...hydrate(null, progressOf('running')),
    problem: 'No arm is known yet.',
  } as ExperimentToPage);
  assert.equal(await text(page, 'name'), 'shown.experiment');
  assert.equal(await text(page, 'problem'), 'No arm is known yet.');
  assert.equal(await attribute(page, 'data-arms'), '0');
  await page.send({ type: 'problem', problem: null });
  await page.send({ type: 'comparison', comparison: comparisonOf(3) });
  await page.page.locator('[data-testid="comparison"][data-arms="3"]').waitFor();
  assert.equal(await page.page.getByTestId('problem').isHidden(), true);
  await assertClean(page);
  await page.close();
});

test('how far it is; pause, go on and stop as the state allows; a look that is counted', async () => {
  const page = await open(hydrate(comparisonOf(), progressOf('running', { held: 3 })));
  assert.equal(await attribute(page, 'data-state'), 'running');
  assert.match(await text(page, 'progress-text'), /^15 of 40 runs done · 2 running/);
  await page.page.getByTestId('pause').click();
  await page.waitForPosted('pause');
  await page.page.getByTestId('stop').click();
  await page.waitForPosted('stop');
  assert.match(await text(page, 'held'), /Test results of 3 runs are held back/);
  await page.page.getByTestId('look').click();
  await page.waitForPosted('look');
  await page.send({
    type: 'progress',
    progress: progressOf('idle', { why: { en: 'No space left.', zh: '磁盘已满。' } }),
  });
  await page.page.locator('[data-testid="comparison"][data-state="idle"]').waitFor();
  assert.equal(await text(page, 'why'), 'No space left.');
  assert.equal(await page.page.getByTestId('held').isHidden(), true);
  await page.page.getByTestId('resume').click();
  await page.waitForPosted('resume');
  assert.equal(await page.page.getByTestId('pause').getAttribute('disabled'), '');
  await assertClean(page);
  await page.close();
});

test('sorting, filtering, columns and seeds; remembered through a reload', async () => {
  const page = await open();
  await page.page.locator('[data-sort="mean:分类"]').click();
  assert.equal(await page.page.locator('th:has([data-sort="mean:分类"])').getAttribute('aria-sort'), 'ascending');
  const up = await arms(page);
  await page.page.locator('[data-sort="mean:分类"]').click();
  assert.deepEqual((await arms(page)).slice(1), up.slice(1).toReversed());
  await page.page.getByTestId('filter').fill('helps 分类');
  assert.deepEqual(await arms(page), ['single', 'joint']);
  await page.page.locator('[data-arm="joint"] .twist').click();
  assert.equal(await page.page.getByTestId('seed').count(), 8);
  await page.page.getByTestId('columns').locator('summary').click();
  await page.page.getByTestId('column-mean:回归').click();
  assert.equal(await page.page.locator('[data-measure="回归"]').count(), 0);
  await page.page.getByTestId('seed').first().dblclick();
  assert.deepEqual(await page.waitForPosted('showRun'), { type: 'showRun', run: 'run-1-1' });
  const state = await page.state();
  await assertClean(page);
  await page.close();
  const again = await open(hydrate(), { state });
  assert.deepEqual(await arms(again), ['single', 'joint']);
  assert.equal(await again.page.getByTestId('seed').count(), 8);
  assert.equal(await again.page.locator('[data-measure="回归"]').count(), 0);
  await assertClean(again);
  await again.close();
});

test('by the keyboard: rows are walked, seeds opened, another arm pinned as the baseline', async () => {
  const page = await open();
  await page.page.getByTestId('arms-table').focus();
  await page.page.keyboard.press('ArrowDown');
  await page.page.keyboard.press('ArrowDown');
  assert.equal(await page.page.locator('tr.active').getAttribute('data-arm'), 'joint');
  const active = await page.page.getByTestId('arms-table').getAttribute('aria-activedescendant');
  assert.equal(await page.page.locator(`#${active ?? ''}`).getAttribute('data-arm'), 'joint');
  await page.page.keyboard.press('ArrowRight');
  assert.equal(await page.page.getByTestId('seed').count(), 8);
  await page.page.keyboard.press('ArrowLeft');
  assert.equal(await page.page.getByTestId('seed').count(), 0);
  await page.page.getByTestId('pin').click();
  assert.deepEqual(await page.waitForPosted('baseline'), { type: 'baseline', arm: 'joint' });
  await page.send({ type: 'comparison', comparison: { ...comparisonOf(), baseline: 'joint' } });
  await page.page.locator('[data-testid="comparison"][data-baseline="joint"]').waitFor();
  assert.equal((await arms(page))[0], 'joint');
  const state = await page.state();
  await page.close();
  // After a reload the editor has forgotten it: the page says it again.
  const again = await open(hydrate(), { state });
  assert.deepEqual(await again.waitForPosted('baseline'), { type: 'baseline', arm: 'joint' });
  await assertClean(again);
  await again.close();
});

test('forest: a row an arm with both intervals, the verdict in words, seeds that would decide', async () => {
  const page = await open(hydrate(comparisonOf(6)));
  await tab(page, 'forest');
  const rows = page.page.getByTestId('forest-row');
  assert.equal(await rows.count(), 5);
  assert.match((await rows.first().textContent()) ?? '', /joint.*helps/);
  assert.match((await page.page.locator('[data-testid="forest-row"][data-verdict="undecided"]').textContent()) ?? '', /About 5 more seeds would decide\./); // prettier-ignore
  assert.match(await text(page, 'forest-sentence'), /^分类 \(accuracy\): 1 arm helps/);
  await page.page.getByTestId('forest-task').selectOption('回归');
  assert.equal(await page.page.getByTestId('forest').getAttribute('data-task'), '回归');
  await page.page.getByTestId('forest-order').selectOption('difference');
  const values = await rows.locator('[data-value]').evaluateAll((all) => all.map((cell) => Number(cell.getAttribute('data-value')))); // prettier-ignore
  assert.deepEqual(
    values,
    values.toSorted((a, b) => b - a),
  );
  await assertClean(page);
  await page.close();
});

test('Pareto: faint only where decided, points reached by arrows, a table in its place', async () => {
  const page = await open(hydrate(comparisonOf(7, 3)));
  await tab(page, 'pareto');
  const points = page.page.getByTestId('point');
  assert.equal(await points.count(), 7);
  assert.equal(await page.page.locator('.point.faint').getAttribute('data-arm'), 'wide');
  assert.equal(await page.page.getByTestId('frontier').getAttribute('data-of'), 'static-frontier');
  await page.page.locator('.point[tabindex="0"]').focus();
  const before = await text(page, 'pareto-readout');
  await page.page.keyboard.press('ArrowRight');
  const now = await text(page, 'pareto-readout');
  assert.notEqual(now, before);
  assert.match(now, /: 0\.\d+ ± /);
  await page.page.getByTestId('pareto-y').selectOption('task 2');
  await page.page.getByTestId('view-table').click();
  assert.equal(await page.page.getByTestId('pareto-row').count(), 7);
  assert.equal(await page.page.getByTestId('pareto-plot').isHidden(), true);
  assert.match((await page.page.locator('[data-testid="pareto-row"][data-arm="wide"]').textContent()) ?? '', /surely dominated by joint/); // prettier-ignore
  assert.deepEqual(await page.accessibilityProblems(), []);
  await assertClean(page);
  await page.close();
});

test('parallel coordinates: ranges by sliders and by dragging', async () => {
  const page = await open(hydrate(comparisonOf(9, 2)));
  await tab(page, 'parallel');
  const out = page.page.locator('[data-testid="line"][data-inside="false"]');
  assert.equal(await page.page.getByTestId('line').count(), 9);
  assert.equal(await out.count(), 0);
  await page.page.getByTestId('brush-from-5').fill('60');
  assert.ok((await out.count()) > 0);
  const left = 9 - (await out.count());
  assert.equal(await text(page, 'parallel-sentence'), `${String(left)} of 9 arms lie within the ranges.`);
  await page.page.getByTestId('clear').click();
  assert.equal(await out.count(), 0);
  const box = await page.page.locator('[data-axis="mean:分类"] .hit').boundingBox();
  assert.ok(box);
  await page.page.mouse.move(box.x + 12, box.y + 10);
  await page.page.mouse.down();
  await page.page.mouse.move(box.x + 12, box.y + box.height / 2);
  await page.page.mouse.up();
  assert.ok((await out.count()) > 0);
  await assertClean(page);
  await page.close();
});

test('curves are asked for, every seed is drawn, the mean where all seeds have one', async () => {
  const page = await open();
  await tab(page, 'curves');
  assert.equal(await page.page.getByTestId('curves').getAttribute('data-state'), 'loading');
  await answerCurves(page);
  assert.equal(await page.page.getByTestId('seed-curve').count(), 12);
  assert.equal(await page.page.getByTestId('mean-curve').count(), 4);
  const points = (await page.page.locator('[data-testid="mean-curve"][data-arm="joint"]').getAttribute('d')) ?? '';
  assert.equal(points.split('L').length, 10);
  assert.match((await page.page.getByTestId('curves').textContent()) ?? '', /Without records: run-9\./);
  await page.page.locator('[data-testid="legend-item"][data-arm="wide"]').click();
  await answerCurves(page);
  assert.equal(await page.page.getByTestId('mean-curve').count(), 3);
  await page.page.getByTestId('curves-series').selectOption('train');
  assert.equal((await page.waitForPosted('curves'))['series'], 'train');
  await page.page.getByTestId('view-table').click();
  assert.equal(await page.page.getByTestId('curve-row').count(), 9);
  await assertClean(page);
  await page.close();
});

test('effects, differences and hypotheses in tables', async () => {
  const page = await open();
  await tab(page, 'effects');
  assert.equal(await page.page.getByTestId('effect').count(), 3);
  assert.equal(await page.page.getByTestId('level').count(), 3);
  assert.match(await text(page, 'effects-sentence'), /weight \(η² 50\.0 %\)/);
  assert.match(await text(page, 'interaction-sentence'), /^weight × strategy: of the spread 5\.0 %.* 1 of 6 combinations has no run\./); // prettier-ignore
  const spread = page.page.getByTestId('spread');
  assert.deepEqual(await spread.first().locator('td').allTextContents(), ['split', '', '25.0 %', '1', '3 × 2 × 4']);
  assert.match(await text(page, 'spread-note'), /^Descriptive; no verdict comes from it\. The seed moves all together\. \S+: 3 runs a task are left out/); // prettier-ignore
  assert.equal(await page.page.getByTestId('interaction-line').count(), 2);
  assert.equal(await page.page.getByTestId('interaction-bar').count(), 5);
  await page.page.getByTestId('interaction').selectOption('strategy × weight');
  assert.equal(await page.page.getByTestId('interaction-line').count(), 3);
  assert.equal(await page.page.getByTestId('interaction-cell').count(), 6);
  assert.match((await page.page.locator('[data-testid="interaction-cell"][data-value=""]').textContent()) ?? '', /pcgrad2no run/); // prettier-ignore
  await tab(page, 'differences');
  assert.equal(await page.page.getByTestId('difference').count(), 3);
  await page.page.getByTestId('second').selectOption('uncertainty');
  const pointers = await page.page.getByTestId('difference').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-pointer'))); // prettier-ignore
  assert.deepEqual(pointers, ['/network/trunk/layers/0/units', '/weights/分类']);
  await tab(page, 'hypotheses');
  assert.equal(await page.page.locator('[data-hypothesis="H1"]').getAttribute('data-result'), 'supported');
  assert.match(await text(page, 'hypotheses-sentence'), /1 is supported, 0 refuted and 1 undecided/);
  await assertClean(page);
  await page.close();
});

test('names from strangers are text', async () => {
  const name = '<img src=x onerror=alert(1)>"\'';
  const base = comparisonOf();
  const renamed = JSON.parse(JSON.stringify(base).replaceAll('"joint"', JSON.stringify(name))) as Comparison;
  const page = await open(hydrate(renamed));
  for (const one of ['arms', 'forest', 'pareto', 'parallel', 'effects', 'curves', 'navigator', 'differences', 'hypotheses']) await tab(page, one); // prettier-ignore
  assert.equal(await page.page.locator('img').count(), 0);
  await assertClean(page);
  await page.close();
});

const tabs = ['arms', 'forest', 'pareto', 'parallel', 'effects', 'curves', 'navigator', 'differences', 'hypotheses'] as const; // prettier-ignore

for (const [theme, locale] of [
  ['dark', 'en'],
  ['light', 'zh-cn'],
  ['high-contrast', 'en'],
] as const) {
  test(`every tab is accessible, as a chart and as a table: ${theme}, ${locale}`, async () => {
    const page = await open(hydrate(comparisonOf(7, 3), progressOf('running', { held: 2 }), locale), { theme, language: locale }); // prettier-ignore
    await page.send({ type: 'surface', surface: surfaceOfTasks(3) });
    for (const name of tabs) {
      await tab(page, name);
      if (name === 'curves') await answerCurves(page);
      assert.deepEqual(await page.accessibilityProblems(), [], name);
      await page.screenshot(`webview-experiment-${name}-${theme}`);
      const table = page.page.getByTestId('view-table');
      if (!(await table.isVisible())) continue;
      await table.click();
      assert.deepEqual(await page.accessibilityProblems(), [], `${name} as a table`);
      await table.click();
    }
    await assertClean(page);
    await page.close();
  });
}

test('another theme: marks take its colors', async () => {
  const page = await open();
  const color = (): Promise<string | null> =>
    page.page.locator('[data-arm="single"] .swatch path').getAttribute('fill');
  const dark = await color();
  await page.setTheme('light');
  await page.page.waitForFunction((before) => document.querySelector('[data-arm="single"] .swatch path')?.getAttribute('fill') !== before, dark); // prettier-ignore
  assert.equal(await color(), '#1a85ff');
  await assertClean(page);
  await page.close();
});

test('500 arms × 8 tasks: only rows in sight are in the page', async () => {
  const comparison = comparisonOf(500, 8, 8);
  const times: string[] = [];
  const measured = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await work();
    times.push(`${what} ${(performance.now() - start).toFixed(0)} ms`);
  };
  const page = await browser.open({ name: 'experiment', viewport: { width: 1200, height: 720 } });
  await page.waitForPosted('ready');
  await measured('open', async () => {
    await page.send(hydrate(comparison));
    await page.page.getByTestId('arm').first().waitFor();
  });
  assert.ok((await page.page.getByTestId('arm').count()) < 60);
  assert.equal(await page.page.getByTestId('arms-table').getAttribute('aria-rowcount'), '501');
  await page.page.getByTestId('arms-table').focus();
  await measured('to the end', async () => {
    await page.page.keyboard.press('End');
    await page.page.locator('tr.active[data-arm="arm 499"]').waitFor();
  });
  assert.ok((await page.page.getByTestId('arm').count()) < 60);
  await measured('scroll', async () => {
    for (let top = 0; top < 12000; top += 400) {
      await page.page.locator('#panel-arms .scroller').evaluate((node, to) => {
        node.scrollTop = to;
      }, top);
    }
  });
  await measured('sort', () => page.page.locator('[data-sort="mean:分类"]').click());
  await measured('filter', () => page.page.getByTestId('filter').fill('uncertainty'));
  assert.equal(await text(page, 'arms-count'), '2 of 500 arms');
  for (const name of ['forest', 'pareto', 'parallel', 'effects', 'differences'] as const) {
    await measured(name, () => tab(page, name));
  }
  console.log(`500 arms × 8 tasks: ${times.join(', ')}`);
  await assertClean(page);
  await page.close();
});
