// The loss panel with other runs under its curves: the picker, the legend, the table, and what it asks the editor for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LossesToPage, OverlayCurve } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import { assertClean, history, hydrate, openHydrated, tasks } from './loss-page.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const choices: Extract<LossesToPage, { type: 'overlays' }>['choices'] = [
  { id: 'arm:joint', kind: 'arm', name: 'joint', runs: 3 },
  { id: 'run-0', kind: 'run', name: 'sample · 1.1.', runs: 1 },
];
const curve = (choice: string, run: string, seed: number | null, task: string, y: readonly number[]): OverlayCurve => ({
  ...{ choice, run, seed, task, y, epoch: y.map((_, at) => at + 1), step: y.map((_, at) => 4 * (at + 1)) },
  seconds: y.map((_, at) => at + 1),
});
const seeds = [0.9, 0.7, 0.5].flatMap((value, at) =>
  tasks.map((task) => curve('arm:joint', `s${String(at)}`, at + 1, task, [value + 0.2, value, value, value])),
);
const single = tasks.map((task) => curve('run-0', 'run-0', null, task, [0.8, 0.4]));

async function offered(): Promise<WebviewPage> {
  const page = await openHydrated(browser, hydrate());
  await page.send({ type: 'overlays', run: 'run-1', choices });
  await page.page.getByTestId('overlay-add').waitFor();
  return page;
}
const cell = (page: WebviewPage, run: string, task: string, series: string): Promise<string | null> =>
  page.page
    .locator(`[data-testid="overlay-table"] td[data-run="${run}"][data-task="${task}"][data-series="${series}"]`)
    .textContent();

test('without other runs there is no picker and nothing else of it', async () => {
  const page = await openHydrated(browser, hydrate());
  assert.equal(await page.page.getByTestId('overlay-add').isVisible(), false);
  assert.equal(await page.page.getByTestId('overlay-item').count(), 0);
  await page.send({ type: 'overlays', run: 'other', choices });
  await page.send({ type: 'overlays', run: 'run-1', choices: [] });
  assert.equal(await page.page.getByTestId('overlay-add').isVisible(), false);
  await assertClean(page);
  await page.close();
});

test('an arm and an earlier run are overlaid, told in the legend and the table, and taken away again', async () => {
  const page = await offered();
  const { page: inside } = page;
  await inside.getByTestId('overlay-add').selectOption('arm:joint');
  const asked = { type: 'overlay', run: 'run-1', series: 'validation', choices: ['arm:joint'] };
  assert.deepEqual(await page.waitForPosted('overlay'), asked);
  await inside.getByTestId('overlay-add').selectOption('run-0');
  const both = { run: 'run-1', series: 'validation', choices: ['arm:joint', 'run-0'] } as const;
  // An answer to the question before is not taken.
  await page.send({ ...both, type: 'overlay', choices: ['arm:joint'], curves: [], missing: ['old'], left: 0 });
  await page.send({ ...both, type: 'overlay', curves: [...seeds, ...single], missing: ['late'], left: 2 });
  await inside.locator('[data-testid="overlay-table"] td[data-run="run-0"]').first().waitFor({ state: 'attached' });
  assert.deepEqual(await inside.getByTestId('overlay-item').allTextContents(), [
    '3 seeds of joint · Validation loss · each faint, mean ± standard deviation as a band',
    'sample · 1.1. · Validation loss',
  ]);
  const [task = ''] = tasks;
  assert.deepEqual(await Promise.all(['overlay-runs', 'overlay-epoch', 'overlay-mean', 'overlay-sd'].map((series) => cell(page, 'arm:joint', task, series))), ['3', '4', '0.7', '0.2']); // prettier-ignore
  assert.deepEqual(await Promise.all(['overlay-runs', 'overlay-epoch', 'overlay-mean', 'overlay-sd'].map((series) => cell(page, 'run-0', task, series))), ['1', '2', '0.4', '']); // prettier-ignore
  const note = (await inside.getByTestId('overlay-note').textContent()) ?? '';
  assert.match(note, /late\. 2 more seeds are too many/);
  // What the panel has had all along stays as it is.
  assert.equal(await inside.getByTestId('legend-item').count(), tasks.length);
  await page.screenshot('webview-overlays');
  await inside.getByTestId('overlay-item').first().click();
  assert.equal(await inside.getByTestId('overlay-item').count(), 1);
  await inside.getByTestId('overlay-item').first().click();
  assert.equal(await inside.getByTestId('overlay-table').isVisible(), false);
  await assertClean(page);
  await page.close();
});

test('the training loss is asked for, and with every finished epoch anew', async () => {
  const page = await offered();
  await page.page.getByTestId('overlay-add').selectOption('run-0');
  await page.page.getByTestId('overlay-series').selectOption('train');
  const series = async (): Promise<unknown[]> =>
    (await page.posted()).flatMap((one) => {
      const message = one as { type: string; series?: string };
      return message.type === 'overlay' ? [message.series] : [];
    });
  assert.deepEqual(await series(), ['validation', 'train']);
  await page.send({ type: 'records', run: 'run-1', records: hydratedEpoch() });
  await page.page.locator('[data-testid="loss-panel"]').waitFor();
  assert.deepEqual(await series(), ['validation', 'train', 'train']);
  await assertClean(page);
  await page.close();
});

function hydratedEpoch(): Extract<LossesToPage, { type: 'records' }>['records'] {
  const last = history().at(-1);
  assert.ok(last?.kind === 'epoch');
  return [{ ...last, seq: last.seq + 1, epoch: last.epoch + 1 }];
}
