import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EventRecord } from '../../src/runs/events.ts';
import type { LossesToPage, RunSummary } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';

const tasks = ['分类', '回归', '10'];
const weights: RunSummary['weights'] = [
  ['分类', 0.5],
  ['回归', 0.3],
  ['10', 0.2],
];

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const run = (state: RunSummary['state'], problem?: string): RunSummary => ({
  id: 'run-1',
  name: 'sample',
  state,
  weights,
  ...(problem === undefined ? {} : { problem }),
});

function startRecord(seq: number, resumedFrom?: { step: number; epoch: number; seq: number }): EventRecord {
  return {
    v: 1,
    seq,
    t: 1000,
    kind: 'start',
    attempt: 1,
    engine: { name: 'wasm', device: 'cpu', detail: 'SIMD', graph: false, threads: 1, deterministic: true },
    tasks: tasks.map((name) => ({
      name,
      type: 'regression',
      loss: 'mse',
      metrics: ['mae'],
      primary: 'mae',
      higherIsBetter: false,
    })),
    parameters: { total: 10, shared: 4, byTask: {} },
    samples: { train: 8, validation: 2, test: 2, labelled: {} },
    stepsPerEpoch: 4,
    epochs: 5,
    strategy: 'static',
    seed: 1,
    ...(resumedFrom ? { resumedFrom } : {}),
  };
}

const named = <T>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(tasks.map((task, index) => [task, values[index] as T]));

/** Steps with the losses 1/step, 2/step and (absent every second step) 3/step. */
function stepRecord(seq: number, step: number): EventRecord {
  return {
    v: 1,
    seq,
    t: 1000 + 100 * seq,
    kind: 'step',
    step,
    steps: 1,
    epoch: Math.ceil(step / 4),
    losses: named([1 / step, 2 / step, step % 2 === 0 ? 3 / step : null]),
    weights: named([0.5, 0.3, 0.2]),
    total: 1,
    objective: 1,
    penalty: 0,
    learningRate: 0.001,
    stepsPerSecond: 12.5,
  };
}

const epochRecord = (seq: number, epoch: number): EventRecord => ({
  v: 1,
  seq,
  t: 1000 + 100 * seq,
  kind: 'epoch',
  epoch,
  train: { losses: named([0.5, 0.4, 0.3]), metrics: {} },
  validation: { losses: named([0.7, 0.6, 0.5]), metrics: {}, total: 0.6, skill: 0.1 },
  seconds: 1,
});

function history(): EventRecord[] {
  const records: EventRecord[] = [startRecord(0)];
  for (let step = 1; step <= 8; step++) {
    records.push(stepRecord(records.length, step));
    if (step % 4 === 0) records.push(epochRecord(records.length, step / 4));
  }
  return records;
}

async function openHydrated(message: LossesToPage, options: { language?: 'en' | 'zh-cn'; state?: unknown } = {}) {
  const page = await browser.open({ name: 'losses', ...options });
  await page.waitForPosted('ready');
  await page.send(message);
  await page.page.getByTestId('loss-panel').waitFor();
  return page;
}

const hydrate = (state: RunSummary['state'] = 'running', records = history()): LossesToPage => ({
  type: 'hydrate',
  locale: 'en',
  run: run(state),
  records,
});

async function attribute(page: WebviewPage, name: string): Promise<string | null> {
  return page.page.getByTestId('loss-panel').getAttribute(name);
}

async function assertClean(page: WebviewPage): Promise<void> {
  assert.deepEqual(page.errors, []);
  assert.deepEqual(await page.violations(), []);
  assert.deepEqual(
    (await page.posted()).filter((message) => (message as { type: string }).type === 'error'),
    [],
  );
}

const cell = (page: WebviewPage, task: string, series: string): Promise<string | null> =>
  page.page.locator(`[data-testid="loss-table"] td[data-task="${task}"][data-series="${series}"]`).textContent();

test('hydrates from the whole history and shows the latest numbers in the table twin', async () => {
  const page = await openHydrated(hydrate());
  assert.equal(await attribute(page, 'data-run'), 'run-1');
  assert.equal(await attribute(page, 'data-state'), 'running');
  assert.equal(await attribute(page, 'data-points'), '8');
  assert.equal(await attribute(page, 'data-engine'), 'wasm');
  assert.equal(await cell(page, '分类', 'train'), '0.125');
  assert.equal(await cell(page, '回归', 'validation'), '0.6');
  assert.equal(await cell(page, '10', 'weight'), '0.2');
  const shares = await Promise.all(tasks.map(async (task) => Number(await cell(page, task, 'share'))));
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
  // Shares are those of weight x loss: 0.5/8, 0.3·2/8, 0.2·3/8.
  assert.ok(Math.abs((shares[0] ?? 0) - 0.0625 / (0.0625 + 0.075 + 0.075)) < 1e-5);
  assert.equal(await page.page.locator('canvas').count(), 1);
  await assertClean(page);
  await page.screenshot('webview-losses');
  await page.close();
});

test('takes further records, ignores those of another run, and drops what a resume supersedes', async () => {
  const page = await openHydrated(hydrate());
  await page.send({ type: 'records', run: 'other', records: [stepRecord(11, 9)] });
  await page.send({ type: 'records', run: 'run-1', records: [stepRecord(11, 9)] });
  await page.page.locator('[data-testid="loss-panel"][data-points="9"]').waitFor();
  // Resumed from the checkpoint after step 4: steps 5 to 9 are superseded.
  await page.send({ type: 'records', run: 'run-1', records: [startRecord(12, { step: 4, epoch: 1, seq: 5 })] });
  await page.page.locator('[data-testid="loss-panel"][data-points="4"]').waitFor();
  assert.equal(await cell(page, '分类', 'train'), '0.25');
  await assertClean(page);
  await page.close();
});

test('toolbar: stop, pause and resume are offered as the state allows and carry the run', async () => {
  const page = await openHydrated(hydrate());
  await page.page.getByTestId('pause').click();
  assert.deepEqual(await page.waitForPosted('pause'), { type: 'pause', run: 'run-1' });
  await page.send({ type: 'state', run: run('paused') });
  await page.page.getByTestId('resume').click();
  assert.deepEqual(await page.waitForPosted('resume'), { type: 'resume', run: 'run-1' });
  await page.page.getByTestId('stop').click();
  assert.deepEqual(await page.waitForPosted('stop'), { type: 'stop', run: 'run-1' });
  await page.send({ type: 'state', run: run('crashed', 'killed by SIGKILL\nlast line') });
  await page.page.getByTestId('resume').click();
  assert.deepEqual(await page.waitForPosted('resumeFromCheckpoint'), { type: 'resumeFromCheckpoint', run: 'run-1' });
  assert.match((await page.page.getByTestId('problem').textContent()) ?? '', /SIGKILL/);
  await assertClean(page);
  await page.close();
});

test('the legend hides a task and shows it alone; the choice survives a reload', async () => {
  const page = await openHydrated(hydrate());
  const items = page.page.getByTestId('legend-item');
  assert.equal(await items.count(), 3);
  await items.nth(1).click();
  assert.equal(await items.nth(1).getAttribute('aria-pressed'), 'false');
  const state = await page.state();
  assert.deepEqual((state as { view: { hidden: string[] } }).view.hidden, ['回归']);
  await page.close();
  const again = await openHydrated(hydrate(), { state });
  assert.equal(await again.page.getByTestId('legend-item').nth(1).getAttribute('aria-pressed'), 'false');
  await assertClean(again);
  await again.close();
});

test('table view, log scale and smoothing can be chosen; the chart gives way to the table', async () => {
  const page = await openHydrated(hydrate());
  await page.page.getByTestId('scale-log').click();
  await page.page.getByTestId('smoothing').fill('0.9');
  await page.page.getByTestId('view-table').click();
  await page.page.locator('.plot-box').waitFor({ state: 'hidden' });
  const box = await page.page.getByTestId('loss-table').boundingBox();
  assert.ok(box !== null && box.width > 100 && box.height > 40);
  const { view: state } = (await page.state()) as { view: { log: boolean; smoothing: number; table: boolean } };
  assert.deepEqual([state.log, state.smoothing, state.table], [true, 0.9, true]);
  await assertClean(page);
  await page.close();
});

test('exports the history as CSV with a byte order mark', async () => {
  const page = await openHydrated(hydrate());
  await page.page.getByTestId('export').click();
  const message = await page.waitForPosted('export');
  assert.equal(message['format'], 'csv');
  const text = Buffer.from(String(message['base64']), 'base64').toString('utf8');
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n');
  assert.ok(text.startsWith('\uFEFF'));
  assert.equal(lines.length, 9);
  assert.match(lines[0] ?? '', /^step,epoch,seconds,total,learningRate,分类 train,/);
  assert.match(lines[4] ?? '', /^4,1,/);
  await page.close();
});

test('a loss that is not finite is kept as such, and an absent task stays empty', async () => {
  const bad = { ...stepRecord(11, 9), losses: named(['NaN' as const, 2, null]) } as EventRecord;
  const page = await openHydrated(hydrate('failed', [startRecord(0), bad]));
  assert.equal(await cell(page, '回归', 'train'), '2');
  assert.equal(await cell(page, '10', 'train'), '');
  await assertClean(page);
  await page.close();
});

test('refuses a message that fits no type, and says so to the host', async () => {
  const page = await openHydrated(hydrate());
  await page.send({ type: 'records', run: 1, records: 'no' });
  const message = await page.waitForPosted('error');
  assert.match(String(message['message']), /Refused a message/);
  assert.equal(await attribute(page, 'data-points'), '8');
  await page.close();
});

for (const language of ['en', 'zh-cn'] as const) {
  test(`axe finds nothing in the panel (${language}), also with the table shown`, async () => {
    const page = await openHydrated({ ...hydrate('running'), locale: language } as LossesToPage, { language });
    assert.deepEqual(await page.accessibilityProblems(), []);
    await page.page.getByTestId('view-table').click();
    assert.deepEqual(await page.accessibilityProblems(), []);
    if (language === 'zh-cn') assert.match((await page.page.locator('.status').textContent()) ?? '', /训练中/);
    await page.close();
  });
}

test('100,000 step records hydrate, and the chart stays a picture of limited size', async () => {
  const page = await openHydrated(hydrate('running', [startRecord(0)]));
  // Made in the page: sending them through the debugger would take most of the test's time.
  await page.page.evaluate(
    (pattern) => {
      for (let from = 0; from < 100_000; from += 20_000) {
        const records = Array.from({ length: 20_000 }, (_, index) => {
          const step = from + index + 1;
          return { ...pattern, seq: step, step, losses: { ...pattern.losses, 分类: 1 / step } };
        });
        window.postMessage({ type: 'records', run: 'run-1', records }, '*');
      }
    },
    stepRecord(1, 1) as EventRecord & { losses: object },
  );
  await page.page.locator('[data-testid="loss-panel"][data-points="100000"]').waitFor();
  assert.equal(await cell(page, '分类', 'train'), '0.00001');
  await assertClean(page);
  await page.close();
});
