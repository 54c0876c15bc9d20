// Single runs side by side: their curves in one chart, their metrics beside a reference's, and where their specs differ.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Comparison, RunsBeside } from '../../src/experiment/comparison/contract.ts';
import type { ExperimentToPage, OverlayCurve } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import { comparisonOf } from './comparisons.ts';
import { assertClean, attribute, hydrate, openComparison, text } from './comparison-page.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const tasks = ['分类', '回归'];

/** Runs `run-0` … of which the second is pinned; the last has no value of the second task. */
function besideOf(count: number): RunsBeside {
  const places = Array.from({ length: count }, (_, at) => at);
  const value = (number: number | null, epoch: number | null = null) =>
    number === null
      ? ({ state: 'failed', value: null, epoch: null } as const)
      : ({ state: 'value', value: number, epoch } as const);
  return {
    reference: 'run-1',
    runs: places.map((at) => ({
      ...{ id: `run-${String(at)}`, label: `cars #${String(at)}`, created: 0, state: 'completed', pinned: at === 1 },
      ...{
        seed: at === 2 ? 7 : 1,
        engine: 'wasm 1',
        strategy: 'static',
        fork: at === 2 ? { run: 'run-1', step: 40 } : null,
      },
    })),
    rows: [
      {
        task: '分类',
        metric: 'accuracy',
        higherIsBetter: true,
        split: 'test',
        values: places.map((at) => value(0.8 + at / 100)),
      },
      {
        task: '分类',
        metric: 'accuracy',
        higherIsBetter: true,
        split: 'validation',
        values: places.map((at) => value(0.9, at + 3)),
      },
      {
        task: '回归',
        metric: 'mae',
        higherIsBetter: false,
        split: 'test',
        values: places.map((at) => value(at === count - 1 ? null : 0 + at)),
      },
    ],
    differences: [{ pointer: '/weights/分类', values: places.map((at) => (at === 0 ? '0.8' : '0.5')) }],
    caveats: [
      { en: 'The seeds differ (1, 7): a difference may be chance alone.', zh: '种子不同（1、7）：差异可能只是偶然。' },
    ],
  };
}

const compared = (count = 3): Comparison => ({ ...comparisonOf(2), kind: 'runs', beside: besideOf(count) });
const curve = (run: string, task: string, y: readonly (number | null)[]): OverlayCurve => ({
  ...{ choice: run, run, seed: 1, task, y, epoch: y.map((_, at) => at + 1), step: y.map((_, at) => 4 * (at + 1)) },
  seconds: y.map((_, at) => at + 1),
});
function curvesOf(count: number, series: 'validation' | 'train' = 'validation'): ExperimentToPage {
  const curves = Array.from(
    { length: count },
    (_, at) =>
    tasks.map((task, place) => curve(`run-${String(at)}`, task, Array.from({ length: 24 }, (_one, epoch) => (at === 2 && place === 1 && epoch === 5 ? null : (place + 1) / (1 + 0.3 * epoch) + 0.12 * at)))), // prettier-ignore
  ).flat();
  return { type: 'besideCurves', series, curves, missing: [] };
}

async function opened(
  count = 3,
  options: Parameters<typeof openComparison>[2] = {},
  locale: 'en' | 'zh-cn' = 'en',
): Promise<WebviewPage> {
  const page = await openComparison(browser, hydrate(compared(count), null, locale), options);
  assert.deepEqual(await page.waitForPosted('besideCurves'), { type: 'besideCurves', series: 'validation' });
  await page.send(curvesOf(count));
  await page.page.locator('[data-testid="beside"][data-state="ready"] canvas').waitFor();
  return page;
}
const cells = (page: WebviewPage, metric: string, split: string, what: string): Promise<(string | null)[]> =>
  page.page
    .locator(`[data-testid="beside-cell"][data-metric="${metric}"][data-split="${split}"]`)
    .evaluateAll((all, name) => all.map((one) => one.getAttribute(name)), `data-${what}`);

test('who picked runs sees them side by side first: best marked, nothing for what is not there, the pinned run as reference', async () => {
  const page = await opened();
  assert.equal(await attribute(page, 'data-tab'), 'beside');
  assert.match(await text(page, 'beside-sentence'), /2 runs beside “cars #1”/);
  assert.deepEqual(await cells(page, 'accuracy', 'test', 'delta'), ['-0.01', '', '0.01']);
  assert.deepEqual(await cells(page, 'accuracy', 'test', 'best'), ['false', 'false', 'true']);
  assert.deepEqual(
    await cells(page, 'accuracy', 'validation', 'best'),
    ['false', 'false', 'false'],
    'all have the same',
  );
  // 0 is a value and the best one; a run that failed has none.
  assert.deepEqual(await cells(page, 'mae', 'test', 'value'), ['0', '1', '']);
  assert.deepEqual(await cells(page, 'mae', 'test', 'best'), ['true', 'false', 'false']);
  const last = page.page.locator('[data-testid="beside-cell"][data-metric="mae"]').last();
  assert.equal(await last.textContent(), '– the run failed');
  assert.equal(await page.page.getByRole('img', { name: 'best' }).count(), 2);
  assert.match(await text(page, 'beside-caveats'), /must not be read as the effect.*The seeds differ \(1, 7\)/);
  assert.match(await text(page, 'beside-note'), /no finite number: cars #2 回归/);
  assert.match(await text(page, 'beside-specs'), /\/weights\/分类≠ 0\.80\.50\.5/);
  assert.match(await text(page, 'beside-table'), /forked from run-1 at step 40/);
  // Nothing is cut off: at the left edge stand the first losses, which are above 1.
  const colored = await page.page.locator('[data-testid="beside-plot"] canvas').evaluate((node) => {
    const canvas = node as HTMLCanvasElement;
    const scale = canvas.width / canvas.clientWidth;
    const { data } = canvas.getContext('2d')?.getImageData(57 * scale, 0, 12 * scale, canvas.height) ?? { data: [] };
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if (Math.abs((data[at] ?? 0) - (data[at + 2] ?? 0)) > 60 && (data[at + 3] ?? 0) > 100) count += 1;
    return count;
  });
  assert.ok(colored > 20, String(colored));
  await page.screenshot('webview-beside');
  await assertClean(page);
  await page.close();
});

test('another reference, hidden runs and tasks, the loss that is asked for, and a run that is opened', async () => {
  const page = await opened();
  const { page: inside } = page;
  await inside.getByTestId('beside-reference').selectOption('run-0');
  assert.deepEqual(await cells(page, 'accuracy', 'test', 'delta'), ['', '0.01', '0.02']);
  const item = (name: string) => inside.locator(`[data-testid="legend-item"][${name}]`);
  await item('data-run="run-2"').click();
  assert.equal(await item('data-run="run-2"').getAttribute('aria-pressed'), 'false');
  await item('data-task="回归"').click();
  assert.equal(await item('data-task="回归"').getAttribute('aria-pressed'), 'false');
  await inside.locator('.plot').focus();
  await inside.keyboard.press('Home');
  assert.equal(await inside.locator('.plot').getAttribute('aria-valuetext'), 'Epoch 1, 分类 1');
  await inside.getByTestId('beside-series').selectOption('train');
  await inside.waitForFunction(
    () => document.querySelector('[data-testid="beside"]')?.getAttribute('data-state') === 'loading',
  );
  // What was asked for before comes late, and is not shown as what is asked for now.
  await page.send(curvesOf(3));
  assert.equal(await inside.getByTestId('beside').getAttribute('data-state'), 'loading');
  await page.send(curvesOf(3, 'train'));
  await inside.locator('[data-testid="beside"][data-state="ready"]').waitFor();
  await inside.locator('[data-testid="beside-table"] th[data-run="run-2"] button').click();
  assert.deepEqual(await page.waitForPosted('showRun'), { type: 'showRun', run: 'run-2' });
  await assertClean(page);
  await page.close();
});

test('more runs than lines differ: six are drawn, and it is said how to see another', async () => {
  const page = await opened(8);
  const pressed = page.page.locator('[data-testid="legend-item"][data-run][aria-pressed="true"]');
  assert.equal(await pressed.count(), 6);
  assert.match(await text(page, 'beside-note'), /At most 6 runs/);
  const other = page.page.locator('[data-testid="legend-item"][data-run="run-7"]');
  await other.click();
  assert.equal(await other.getAttribute('aria-pressed'), 'false', 'not before one is hidden');
  await page.page.locator('[data-testid="legend-item"][data-run="run-0"]').click();
  await other.click();
  assert.equal(await other.getAttribute('aria-pressed'), 'true');
  assert.equal(await pressed.count(), 6);
  await assertClean(page);
  await page.close();
});

test('an experiment has no such tab, and arrows pass it by', async () => {
  const page = await openComparison(browser, hydrate(comparisonOf(2)));
  assert.equal(await page.page.getByTestId('tab-beside').isVisible(), false);
  assert.equal(await attribute(page, 'data-tab'), 'arms');
  await page.page.getByTestId('tab-arms').focus();
  await page.page.keyboard.press('ArrowLeft');
  assert.equal(await attribute(page, 'data-tab'), 'hypotheses');
  await page.page.keyboard.press('ArrowRight');
  assert.equal(await attribute(page, 'data-tab'), 'arms');
  await assertClean(page);
  await page.close();
});

for (const [name, options, locale] of [
  ['light', { theme: 'light' }, 'en'],
  ['high-contrast', { theme: 'high-contrast' }, 'en'],
  ['chinese', {}, 'zh-cn'],
  ['narrow', { viewport: { width: 400, height: 720 } }, 'en'],
] as const) {
  test(`side by side: ${name}`, async () => {
    const page = await opened(6, options, locale);
    await page.screenshot(`webview-beside-${name}`);
    await assertClean(page);
    await page.close();
  });
}
