// Runs switched quickly while histories still load: nothing of the run before stands under the new one's name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LossesToPage, OverlayCurve } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import {
  assertClean,
  attribute,
  cell,
  history,
  hydrate,
  openHydrated,
  packed,
  run,
  startRecord,
  stepRecord,
  tasks,
} from './loss-page.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const [task = ''] = tasks;
type Records = Extract<LossesToPage, { type: 'records' }>['records'];

/** A run whose losses are those of the other one, so many times. */
function scaled(factor: number, steps: number): Records {
  const records = [startRecord(0), ...Array.from({ length: steps }, (_, at) => stepRecord(at + 1, at + 1))];
  return records.map((record) =>
    record.kind === 'step'
      ? { ...record, losses: Object.fromEntries(Object.entries(record.losses).map(([name, value]) => [name, typeof value === 'number' ? factor * value : value])) } // prettier-ignore
      : record,
  );
}
const shown = (id: string, records: Records): LossesToPage => ({
  type: 'hydrate',
  locale: 'en',
  run: { ...run('running'), id, name: id },
  history: packed(records),
});
const points = (page: WebviewPage): Promise<string | null> => attribute(page, 'data-points');
/** What stands at the cursor at the first place of the chart, as it is spoken. */
async function spoken(page: WebviewPage): Promise<string> {
  const plot = page.page.locator('#panel-losses .plot');
  await plot.focus();
  await page.page.keyboard.press('Home');
  return (await plot.getAttribute('aria-valuetext')) ?? '';
}
/** Two frames: whatever was to be drawn has been. */
const drawn = (page: WebviewPage): Promise<void> =>
  page.page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );

test('records, readings, states and overlays of the run before that come late are not taken', async () => {
  const page = await openHydrated(browser, shown('old', scaled(1, 8)));
  await page.send({ type: 'reading', run: 'old', fraction: 0.4 });
  await page.send(shown('new', scaled(100, 2)));
  const late: readonly LossesToPage[] = [
    { type: 'records', run: 'old', records: scaled(1, 12).slice(9) },
    { type: 'reading', run: 'old', fraction: 0.6 },
    { type: 'state', run: { ...run('failed', 'It failed.'), id: 'old', name: 'old' } },
    { type: 'overlays', run: 'old', choices: [{ id: 'other', kind: 'run', name: 'other', runs: 1, reference: true }] },
    {
      type: 'overlay',
      run: 'old',
      series: 'validation',
      choices: ['other'],
      curves: [overlay()],
      missing: ['x'],
      left: 0,
    },
  ];
  for (const message of late) await page.send(message);
  assert.deepEqual(await Promise.all([attribute(page, 'data-run'), attribute(page, 'data-state'), points(page)]), ['new', 'running', '2']); // prettier-ignore
  assert.equal(await cell(page, task, 'train'), '50');
  assert.equal(await page.page.getByTestId('problem').isVisible(), false);
  assert.equal(await page.page.getByTestId('overlay-item').count(), 0);
  assert.equal(await page.page.getByTestId('overlay-note').textContent(), '');
  assert.doesNotMatch(await page.page.getByTestId('loss-panel').innerText(), /reading|It failed/);
  // An append for the new one is.
  await page.send({ type: 'records', run: 'new', records: scaled(100, 4).slice(3) });
  assert.deepEqual([await points(page), await cell(page, task, 'train')], ['4', '25']);
  await assertClean(page);
  await page.close();
});

test('switched to and fro, with a reset in between, the chart is that of the last one', async () => {
  const page = await openHydrated(browser, shown('old', scaled(1, 8)));
  await page.page.getByTestId('smoothing').waitFor();
  for (let turn = 0; turn < 6; turn += 1) {
    await page.send(shown('new', scaled(100, 2 + turn)));
    await page.send({ type: 'records', run: 'old', records: scaled(1, 9).slice(9) });
    await page.send(shown('old', scaled(1, 8)));
    await page.send({ type: 'records', run: 'new', records: scaled(100, 9).slice(9) });
  }
  await page.send(shown('new', scaled(100, 5)));
  // Reset: the directory holds another history now.
  await page.send(shown('new', scaled(1000, 3)));
  await drawn(page);
  assert.deepEqual([await attribute(page, 'data-run'), await points(page)], ['new', '3']);
  assert.match(await spoken(page), new RegExp(`${task} 1,?000`));
  await assertClean(page);
  await page.close();
});

test('what stands at the cursor under the mouse is that of the run that is shown, and nothing where nothing is recorded yet', async () => {
  const page = await openHydrated(browser, shown('old', scaled(1, 8)));
  const tooltip = page.page.getByTestId('tooltip').first();
  await drawn(page);
  await page.page.locator('#panel-losses .plot').hover({ position: { x: 300, y: 40 } });
  await tooltip.waitFor();
  const before = await tooltip.innerText();
  await page.send(shown('new', scaled(100, 8)));
  await drawn(page);
  if (await tooltip.isVisible()) assert.notEqual(await tooltip.innerText(), before);
  await page.send(shown('empty', []));
  await drawn(page);
  assert.equal(await tooltip.isVisible(), false);
  assert.equal(await page.page.locator('#panel-losses canvas').count(), 0);
  await assertClean(page);
  await page.close();
});

test('a tab and a table that were not seen while runs were switched show the new one', async () => {
  const page = await openHydrated(browser, shown('old', history()));
  await page.page.getByTestId('tab-weights').click();
  await drawn(page);
  await page.page.getByTestId('tab-losses').click();
  await page.page.getByTestId('view-table').click();
  await page.send(shown('new', scaled(100, 2)));
  assert.equal(await cell(page, task, 'train'), '50');
  await page.page.getByTestId('view-table').click();
  await drawn(page);
  assert.match(await spoken(page), new RegExp(`${task} 100`));
  assert.equal(await page.page.locator('#panel-losses .plot').getAttribute('aria-valuemax'), '1');
  await page.page.getByTestId('tab-weights').click();
  await drawn(page);
  assert.equal(await page.page.locator('#panel-weights .plot').getAttribute('aria-valuemax'), '1');
  await assertClean(page);
  await page.close();
});

test('a screen reader is told of the new run at once', async () => {
  const page = await openHydrated(browser, hydrate());
  const live = page.page.locator('[aria-live="polite"].visually-hidden');
  assert.match((await live.textContent()) ?? '', /epoch 2 of 5/);
  await page.send(shown('new', scaled(100, 1)));
  assert.match((await live.textContent()) ?? '', /epoch 0 of 5.* 100/);
  await page.send(shown('empty', []));
  assert.equal(await live.textContent(), '');
  await assertClean(page);
  await page.close();
});

function overlay(): OverlayCurve {
  return { choice: 'other', run: 'other', seed: null, task, epoch: [1], step: [4], seconds: [1], y: [5] };
}
