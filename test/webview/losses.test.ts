import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EventRecord } from '../../src/runs/events.ts';
import type { LossesToPage } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import {
  assertClean,
  attribute,
  cell,
  hydrate,
  named,
  openHydrated,
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

test('hydrates from the whole history and shows the latest numbers in the table twin', async () => {
  const page = await openHydrated(browser, hydrate());
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
  const page = await openHydrated(browser, hydrate());
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
  const page = await openHydrated(browser, hydrate());
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
  const page = await openHydrated(browser, hydrate());
  const items = page.page.getByTestId('legend-item');
  assert.equal(await items.count(), 3);
  await items.nth(1).click();
  assert.equal(await items.nth(1).getAttribute('aria-pressed'), 'false');
  const state = await page.state();
  assert.deepEqual((state as { view: { hidden: string[] } }).view.hidden, ['回归']);
  await page.close();
  const again = await openHydrated(browser, hydrate(), { state });
  assert.equal(await again.page.getByTestId('legend-item').nth(1).getAttribute('aria-pressed'), 'false');
  await assertClean(again);
  await again.close();
});

test('table view, log scale and smoothing can be chosen; the chart gives way to the table', async () => {
  const page = await openHydrated(browser, hydrate());
  await page.page.getByTestId('scale-log').click();
  await page.page.getByTestId('smoothing').fill('0.9');
  await page.page.getByTestId('view-table').click();
  await page.page.locator('#panel-losses .plot-box').waitFor({ state: 'hidden' });
  const box = await page.page.getByTestId('loss-table').boundingBox();
  assert.ok(box !== null && box.width > 100 && box.height > 40);
  const { view: state } = (await page.state()) as { view: { log: boolean; smoothing: number; table: boolean } };
  assert.deepEqual([state.log, state.smoothing, state.table], [true, 0.9, true]);
  await assertClean(page);
  await page.close();
});

test('exports the history as CSV with a byte order mark', async () => {
  const page = await openHydrated(browser, hydrate());
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

const withLosses = (seq: number, step: number, losses: readonly (number | 'NaN' | 'Infinity' | null)[]): EventRecord =>
  ({ ...stepRecord(seq, step), losses: named(losses) }) as EventRecord;

test('a loss that is not finite stands in table, note and legend, and an absent task stays empty', async () => {
  const records = [startRecord(0), ...[1, 2, 3].map((step) => withLosses(step, step, [1 / step, 2, null]))];
  const bad = [withLosses(4, 4, ['NaN', 2, null]), withLosses(5, 5, ['NaN', 'Infinity', null])];
  const page = await openHydrated(browser, hydrate('failed', [...records, ...bad]));
  assert.equal(await cell(page, '分类', 'train'), 'NaN');
  assert.equal(await cell(page, '回归', 'train'), '∞');
  assert.equal(await cell(page, '10', 'train'), '');
  const note = page.page.getByTestId('not-finite-note');
  assert.equal(
    await note.textContent(),
    'The loss of “分类” is NaN, first at step 4. The loss of “回归” is ∞, first at step 5.',
  );
  assert.equal(await note.getAttribute('role'), 'status');
  const from = (task: number) => page.page.getByTestId('legend-item').nth(task).getAttribute('data-nan-from');
  assert.deepEqual([await from(0), await from(1), await from(2)], ['4', '5', null]);
  assert.match((await page.page.locator('main > [aria-live]').textContent()) ?? '', /分类 NaN, 回归 ∞, 10 –/);
  assert.deepEqual(await page.accessibilityProblems(), []);
  await page.screenshot('webview-not-finite');
  await assertClean(page);
  await page.close();
});

/** Two frames later it has been drawn. */
const drawn = (page: WebviewPage): Promise<unknown> =>
  page.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

test('a log scale draws whatever is positive, and says how many values it cannot draw', async () => {
  const values = [0, 1e-25, 5e-324, 1e-300, 1e300, 0.5, 0, 0];
  const records = values.map((value, index) => withLosses(index + 1, index + 1, [value, 0, null]));
  const page = await openHydrated(browser, hydrate('completed', [startRecord(0), ...records]));
  assert.equal(await page.page.getByTestId('log-note').textContent(), '');
  await page.page.getByTestId('scale-log').click();
  // Two frames later it has been drawn.
  await page.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await page.page.getByTestId('log-note').textContent(), '11 zeros not shown on the log scale.');
  await page.screenshot('webview-log-scale');
  // Only zeros are left: still an axis, and a page that answers.
  await page.page.getByTestId('legend-item').nth(0).click();
  assert.equal(await page.page.getByTestId('log-note').textContent(), '8 zeros not shown on the log scale.');
  await page.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await page.page.locator('canvas').count(), 1);
  assert.equal(await cell(page, '10', 'train'), '');
  await assertClean(page);
  await page.close();
});

test('a smoothed loss that falls below any number does not freeze the panel, nor stretch its axis', async () => {
  const losses = (step: number): readonly number[] => [step < 50 ? 1 / step : 0, 1, 1];
  const records = Array.from({ length: 3000 }, (_, index) => withLosses(index + 1, index + 1, losses(index + 1)));
  const page = await openHydrated(browser, hydrate('completed', [startRecord(0), ...records]));
  await page.page.getByTestId('smoothing').fill('0.9');
  await page.page.getByTestId('scale-log').click();
  await drawn(page);
  assert.match((await page.page.getByTestId('log-note').textContent()) ?? '', /^2951 zeros not shown/);
  await page.screenshot('webview-log-floor');
  await assertClean(page);
  await page.close();
});

test('numbers of every size, one point, none: each is a picture, on both scales', async () => {
  const cases: readonly (readonly (number | 'NaN')[])[] = [[1e308, 1, 5e-324], [3], ['NaN'], []];
  for (const values of cases) {
    const records = values.map((value, index) => withLosses(index + 1, index + 1, [value, null, null]));
    const page = await openHydrated(browser, hydrate('completed', [startRecord(0), ...records]));
    for (let scale = 0; scale < 2; scale++) {
      await page.page.getByTestId('scale-log').click();
      await drawn(page);
      assert.equal(await page.page.locator('#panel-losses canvas').count(), values.length === 0 ? 0 : 1);
    }
    await assertClean(page);
    await page.close();
  }
});

test('the legend by keyboard: rows by arrows, hidden by Space, alone by S, sorted by its headings', async () => {
  const page = await openHydrated(browser, hydrate());
  const { page: inside } = page;
  const order = (): Promise<string[]> => inside.locator('.legend-list .legend-name').allTextContents();
  assert.deepEqual(await order(), ['分类', '回归', '10', 'Weighted total']);
  assert.deepEqual(await inside.locator('.legend-list .legend-value').allTextContents(), [
    '0.125',
    '0.25',
    '0.375',
    '1',
  ]);
  await inside.getByTestId('legend-item').first().focus();
  await inside.keyboard.press('ArrowDown');
  await inside.keyboard.press('Space');
  const pressed = (): Promise<(string | null)[]> =>
    inside.locator('.legend-list .legend-item').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-pressed'))); // prettier-ignore
  assert.deepEqual(await pressed(), ['true', 'false', 'true', 'true']);
  await inside.keyboard.press('s');
  assert.deepEqual(await pressed(), ['false', 'true', 'false', 'false']);
  await inside.keyboard.press('s');
  assert.deepEqual(await pressed(), ['true', 'true', 'true', 'true']);
  await inside.keyboard.press('End');
  await inside.keyboard.press('Enter');
  assert.deepEqual(await pressed(), ['true', 'true', 'true', 'false']);
  await inside.getByTestId('legend-sort-value').click();
  await inside.getByTestId('legend-sort-value').click();
  assert.deepEqual(await order(), ['Weighted total', '10', '回归', '分类']);
  const { view } = (await page.state()) as { view: { sort: string } };
  assert.equal(view.sort, '-value');
  await inside.getByTestId('legend-sort-value').click();
  assert.deepEqual(await order(), ['分类', '回归', '10', 'Weighted total']);
  // The tab without a total keeps what is hidden of it.
  await inside.getByTestId('tab-weights').click();
  assert.equal(await inside.getByTestId('legend-total').count(), 0);
  await inside.getByTestId('tab-losses').click();
  assert.equal(await inside.getByTestId('legend-total').getAttribute('aria-pressed'), 'false');
  assert.deepEqual(await page.accessibilityProblems(), []);
  await assertClean(page);
  await page.close();
});

test('the chart by keyboard: the cursor is a slider whose value is what stands there', async () => {
  const page = await openHydrated(browser, hydrate());
  const { page: inside } = page;
  await inside.getByTestId('smoothing').fill('0');
  await drawn(page);
  const plot = inside.locator('#panel-losses .plot');
  const said = (): Promise<string | null> => plot.getAttribute('aria-valuetext');
  assert.match((await said()) ?? '', /^Step 8, Weighted total 1, /);
  await plot.focus();
  await inside.keyboard.press('Home');
  assert.equal(await said(), 'Step 1, 回归 2, 分类 1, Weighted total 1');
  assert.equal(await inside.getByTestId('tooltip').first().isVisible(), true);
  const rows = inside.locator('#panel-losses .tooltip td.name');
  assert.deepEqual(await rows.allTextContents(), ['回归', '分类', 'Weighted total', '10']);
  await inside.keyboard.press('ArrowRight');
  assert.match((await said()) ?? '', /^Step 2, 10 1\.5, /);
  await inside.keyboard.press('+');
  await drawn(page);
  await inside.keyboard.press('Escape');
  await drawn(page);
  assert.equal(await inside.getByTestId('tooltip').first().isVisible(), false);
  await assertClean(page);
  await page.close();
});

test('400 pixels: one toolbar row, a chart of 120 pixels at least, legend and controls from a button each', async () => {
  const page = await openHydrated(browser, hydrate(), { viewport: { width: 400, height: 200 } });
  const { page: inside } = page;
  const bar = await inside.locator('.run-bar').boundingBox();
  assert.ok(bar !== null && bar.height <= 30, JSON.stringify(bar));
  const plot = await inside.locator('#panel-losses .plot').boundingBox();
  assert.ok(plot !== null && plot.height >= 120 && plot.width > 350, JSON.stringify(plot));
  assert.equal(await inside.getByTestId('legend-item').first().isVisible(), false);
  await inside.getByTestId('legend-menu').first().click();
  await inside.getByTestId('legend-item').first().click();
  await inside.keyboard.press('Escape');
  assert.equal(await inside.getByTestId('legend-item').first().isVisible(), false);
  await inside.getByTestId('view-menu').first().click();
  await inside.getByTestId('view-table').click();
  assert.equal(await inside.getByTestId('loss-table').isVisible(), true);
  assert.deepEqual(await page.accessibilityProblems(), []);
  await assertClean(page);
  await page.close();
});

test('what is left of the time, the pace, and the memory; the engine as a chip with the rest on hover', async () => {
  const timed = (step: number): EventRecord => ({ ...stepRecord(step, step), residentBytes: 412e6 }) as EventRecord;
  const page = await openHydrated(browser, hydrate('running', [startRecord(0), timed(1), timed(5)]));
  const text = (id: string): Promise<string | null> => page.page.getByTestId(id).textContent();
  // 15 of 20 steps at 12.5 a second.
  assert.deepEqual([await text('eta'), await text('rate'), await text('memory')], ['about 1 s left', '12.5 steps/s', '393 MB']); // prettier-ignore
  assert.equal(await page.page.getByTestId('engine').getAttribute('title'), 'Engine: wasm · cpu · eager · SIMD');
  await page.send({ type: 'state', run: run('completed') });
  await page.page.locator('[data-testid="loss-panel"][data-state="completed"]').waitFor();
  assert.deepEqual([await text('eta'), await text('rate')], ['', '']);
  await page.close();
});

test('refuses a message that fits no type, and says so to the host', async () => {
  const page = await openHydrated(browser, hydrate());
  await page.send({ type: 'records', run: 1, records: 'no' });
  const message = await page.waitForPosted('error');
  assert.match(String(message['message']), /Refused a message/);
  assert.equal(await attribute(page, 'data-points'), '8');
  await page.close();
});

for (const language of ['en', 'zh-cn'] as const) {
  test(`axe finds nothing in the panel (${language}), also with the table shown`, async () => {
    const page = await openHydrated(browser, { ...hydrate('running'), locale: language } as LossesToPage, { language });
    assert.deepEqual(await page.accessibilityProblems(), []);
    await page.page.getByTestId('view-table').click();
    assert.deepEqual(await page.accessibilityProblems(), []);
    if (language === 'zh-cn') assert.match((await page.page.locator('.status').textContent()) ?? '', /训练中/);
    await page.close();
  });
}

test('100,000 step records hydrate, and the chart stays a picture of limited size', async () => {
  const page = await openHydrated(browser, hydrate('running', [startRecord(0)]));
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
