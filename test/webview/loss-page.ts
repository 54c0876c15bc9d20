// The loss panel's page with the records of a small run.
import assert from 'node:assert/strict';
import { LossHistory } from '../../src/messages/history.ts';
import { pack, type PackedHistory } from '../../src/messages/snapshot.ts';
import type { LossesToPage, RunSummary } from '../../src/messages/protocol.ts';
import type { EventRecord } from '../../src/runs/events.ts';
import type { WebviewBrowser, WebviewOptions, WebviewPage } from '../e2e/browser.ts';

export const tasks = ['分类', '回归', '10'];
export const weights: RunSummary['weights'] = [
  ['分类', 0.5],
  ['回归', 0.3],
  ['10', 0.2],
];

export const run = (state: RunSummary['state'], problem?: string): RunSummary => ({
  id: 'run-1',
  name: 'sample',
  state,
  weights,
  ...(problem === undefined ? {} : { problem }),
});

export function startRecord(seq: number, resumedFrom?: { step: number; epoch: number; seq: number }): EventRecord {
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

export const named = <T>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(tasks.map((task, index) => [task, values[index] as T]));

/** Steps with the losses 1/step, 2/step and (absent every second step) 3/step. */
export function stepRecord(seq: number, step: number): EventRecord {
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

export const epochRecord = (seq: number, epoch: number): EventRecord => ({
  v: 1,
  seq,
  t: 1000 + 100 * seq,
  kind: 'epoch',
  epoch,
  train: { losses: named([0.5, 0.4, 0.3]), metrics: {} },
  validation: { losses: named([0.7, 0.6, 0.5]), metrics: {}, total: 0.6, skill: 0.1 },
  seconds: 1,
});

export function history(): EventRecord[] {
  const records: EventRecord[] = [startRecord(0)];
  for (let step = 1; step <= 8; step++) {
    records.push(stepRecord(records.length, step));
    if (step % 4 === 0) records.push(epochRecord(records.length, step / 4));
  }
  return records;
}

export async function openHydrated(
  browser: WebviewBrowser,
  message: LossesToPage,
  options: Omit<WebviewOptions, 'name'> = {},
): Promise<WebviewPage> {
  const page = await browser.open({ name: 'losses', ...options });
  await page.waitForPosted('ready');
  await page.send(message);
  await page.page.getByTestId('loss-panel').waitFor();
  return page;
}

export const hydrate = (state: RunSummary['state'] = 'running', records = history()): LossesToPage => ({
  type: 'hydrate',
  locale: 'en',
  run: run(state),
  history: packed(records),
});

/** The history of these records as the host sends it. */
export function packed(records: readonly EventRecord[]): PackedHistory {
  const whole = new LossHistory(weights);
  whole.append(records);
  return pack(whole.snapshot());
}

export async function attribute(page: WebviewPage, name: string): Promise<string | null> {
  return page.page.getByTestId('loss-panel').getAttribute(name);
}

export async function assertClean(page: WebviewPage): Promise<void> {
  assert.deepEqual(page.errors, []);
  assert.deepEqual(await page.violations(), []);
  assert.deepEqual(
    (await page.posted()).filter((message) => (message as { type: string }).type === 'error'),
    [],
  );
}

export const cell = (page: WebviewPage, task: string, series: string): Promise<string | null> =>
  page.page.locator(`[data-testid="loss-table"] td[data-task="${task}"][data-series="${series}"]`).textContent();
