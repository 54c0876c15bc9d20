import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EventRecord } from '../../src/runs/events.ts';
import type { LossesToPage } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import {
  assertClean,
  attribute,
  cell,
  history,
  hydrate,
  named,
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

const start: EventRecord = {
  ...(startRecord(0) as Extract<EventRecord, { kind: 'start' }>),
  strategy: 'pcgrad',
  engine: {
    name: 'native',
    device: 'CPU',
    detail: 'accumulate is not captured',
    graph: false,
    threads: 2,
    deterministic: true,
  },
};

/** Cosines −0.8, −0.6 … of the first pair; the second pair never conflicts, the third has no number. */
function gradientsRecord(seq: number, step: number): EventRecord {
  const first = -1 + 0.2 * (step % 8);
  return {
    ...{ v: 1, seq, t: 1000 + 100 * seq, kind: 'gradients', step, tasks },
    norms: [step, 10, 0.001],
    cosines: [
      [1, first, 0.5],
      [first, 1, null],
      [0.5, null, 1],
    ],
    observed: { mgda: [0.2, 0.3, 0.5], cagrad: [1, 2, 3] },
  };
}

function records(steps = 8): EventRecord[] {
  const all: EventRecord[] = [start];
  for (let step = 1; step <= steps; step++) {
    all.push({ ...stepRecord(all.length, step), weights: named([1 + step / 10, 1, 0.5]) } as EventRecord);
    all.push(gradientsRecord(all.length, step));
  }
  return all;
}

const affinity = (seq: number): EventRecord => ({
  ...{ v: 1, seq, t: 5000, kind: 'affinity', step: 8, tasks },
  mean: [
    [0.2, 0.05, -0.02],
    [0.01, 0.3, null],
    [-0.04, null, 0.1],
  ],
  sd: [
    [0.01, 0.02, 0.01],
    [0.01, 0.01, null],
    [0.02, null, 0.01],
  ],
  n: [
    [8, 8, 8],
    [8, 8, 0],
    [8, 0, 8],
  ],
  cosines: [
    [1, -0.25, 0.5],
    [-0.25, 1, null],
    [0.5, null, 1],
  ],
});

const open = (options: Parameters<typeof openHydrated>[2] = {}, further: EventRecord[] = []): Promise<WebviewPage> =>
  openHydrated(
    browser,
    { ...hydrate('running', [...records(), ...further]), locale: options.language ?? 'en' } as LossesToPage,
    options,
  );

const text = async (page: WebviewPage, selector: string): Promise<string> =>
  (await page.page.locator(selector).textContent()) ?? '';
const choose = (page: WebviewPage, tab: string): Promise<void> => page.page.getByTestId(`tab-${tab}`).click();
const csv = async (page: WebviewPage): Promise<{ name: string; lines: string[] }> => {
  const before = (await page.posted()).length;
  await page.page.getByTestId('export').click();
  await page.page.waitForFunction(
    (count) => (globalThis as unknown as { __host: { posted: unknown[] } }).__host.posted.length > count,
    before,
  );
  const message = await page.waitForPosted('export');
  const content = Buffer.from(String(message['base64']), 'base64').toString('utf8');
  return {
    name: String(message['name']),
    lines: content
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n'),
  };
};

test('the tabs are one tab stop, arrows choose, and the choice survives a reload', async () => {
  const page = await open();
  assert.equal(await attribute(page, 'data-tab'), 'losses');
  const tabs = page.page.getByRole('tab');
  assert.equal(await tabs.count(), 5);
  await page.page.getByRole('tab', { selected: true }).focus();
  await page.page.keyboard.press('ArrowRight');
  assert.equal(await attribute(page, 'data-tab'), 'weights');
  await page.page.keyboard.press('ArrowRight');
  assert.equal(await attribute(page, 'data-tab'), 'conflict');
  await page.page.keyboard.press('End');
  assert.equal(await attribute(page, 'data-tab'), 'affinity');
  await page.page.keyboard.press('ArrowRight');
  assert.equal(await attribute(page, 'data-tab'), 'losses');
  await page.page.keyboard.press('ArrowLeft');
  await page.page.keyboard.press('Home');
  await page.page.keyboard.press('ArrowRight');
  assert.equal(await page.page.locator('[role="tab"][tabindex="0"]').count(), 1);
  assert.equal(await page.page.locator('[role="tabpanel"]:visible').count(), 1);
  const focused = page.page.locator(':focus');
  assert.equal(await focused.getAttribute('data-testid'), 'tab-weights');
  const state = await page.state();
  await assertClean(page);
  await page.close();
  const again = await open({ state });
  assert.equal(await attribute(again, 'data-tab'), 'weights');
  await again.close();
});

test('weights: effective weights with their shares, beside them those of an observed strategy', async () => {
  const page = await open();
  await choose(page, 'weights');
  const at = (series: string, task: string, strategy = ''): Promise<string> =>
    text(
      page,
      `[data-testid="weights-table"] td[data-task="${task}"][data-series="${series}"]${strategy ? `[data-strategy="${strategy}"]` : ''}`,
    );
  assert.equal(await at('effective', '分类'), '1.8');
  assert.ok(Math.abs(Number(await at('weight-share', '分类')) - 1.8 / 3.3) < 1e-5);
  // Norms of the last record: 8, 10 and 0.001.
  assert.ok(Math.abs(Number(await at('gradient-share', '分类')) - (1.8 * 8) / (1.8 * 8 + 10 + 0.0005)) < 1e-5);
  assert.equal(await at('observed', '回归', 'mgda'), '0.3');
  assert.equal(await cell(page, '分类', 'gradient-share'), await at('gradient-share', '分类'));
  await page.page.getByTestId('weights-compare').selectOption('mgda');
  await page.page.getByTestId('weights-shares').click();
  await page.page.locator('#panel-weights canvas').waitFor();
  await page.screenshot('webview-weights');
  const { name, lines } = await csv(page);
  assert.equal(name, 'run-1-weights.csv');
  assert.match(lines[0] ?? '', /^step,epoch,seconds,分类 weight,回归 weight,10 weight,mgda 分类 weight/);
  assert.match(lines[3] ?? '', /^3,0\.75,[\d.]+,1\.3,1,0\.5,0\.2,0\.3,0\.5,1,2,3$/);
  await assertClean(page);
  await page.close();
});

test('conflict: the matrix of any recorded step, and how often each pair conflicts', async () => {
  const page = await open();
  await choose(page, 'conflict');
  const cosine = (a: string, b: string): Promise<string> =>
    text(page, `[data-testid="conflict-matrix"] td[data-task="${a}"][data-other="${b}"]`);
  // Step 8 is the last: −1 + 0.2·0.
  assert.equal(await cosine('分类', '回归'), '−1.000');
  assert.equal(await cosine('回归', '10'), '');
  assert.equal(await cosine('分类', '分类'), '1.000');
  const slider = page.page.getByTestId('conflict-step');
  await slider.focus();
  await page.page.keyboard.press('Home');
  assert.equal(await cosine('分类', '回归'), '−0.800');
  assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^Step 1 /);
  // More records leave the slider where the person has put it…
  await page.send({ type: 'records', run: 'run-1', records: [gradientsRecord(30, 9)] });
  await page.page.locator('[data-testid="conflict-step"][max="8"]').waitFor();
  assert.equal(await cosine('分类', '回归'), '−0.800');
  // …and it follows the latest when it stands at the end.
  await page.page.keyboard.press('End');
  await page.send({ type: 'records', run: 'run-1', records: [gradientsRecord(31, 10)] });
  await page.page.locator('[data-testid="conflict-step"][max="9"]').waitFor();
  assert.equal(await slider.inputValue(), '9');
  assert.equal(await cosine('分类', '回归'), '−0.600');

  const pair = (series: string): Promise<string> =>
    text(page, `[data-testid="conflict-pairs"] td[data-task="分类"][data-other="回归"][data-series="${series}"]`);
  // Below 0 at steps 1–4, 8, 9 and 10 of 10; 0 is no conflict. In float −1 + 0.2·5 is 0.
  assert.deepEqual(
    [await pair('conflicting'), await pair('records'), await pair('conflict-share')],
    ['7', '10', '0.7'],
  );
  await page.page.getByTestId('conflict-average').selectOption('all');
  assert.equal((await cosine('分类', '回归')).replace('−', '-'), Number(await pair('mean-cosine')).toFixed(3));
  assert.match(await text(page, '[data-testid="conflict-note"]'), /raw gradients.*optimizer/);
  await page.screenshot('webview-conflict');
  const { name, lines } = await csv(page);
  assert.equal(name, 'run-1-conflict.csv');
  assert.match(lines[0] ?? '', /cosine 分类 · 回归/);
  assert.equal(lines.length, 11);
  await assertClean(page);
  await page.close();
});

test('norms: the last and the mean norm of each task', async () => {
  const page = await open();
  await choose(page, 'norms');
  const norm = (series: string): Promise<string> =>
    text(page, `[data-testid="norms-table"] td[data-task="分类"][data-series="${series}"]`);
  assert.deepEqual([await norm('norm'), await norm('mean-norm')], ['8', '4.5']);
  await page.page.locator('#panel-norms canvas').waitFor();
  await page.page.getByTestId('view-table').click();
  await page.page.locator('#panel-norms .plot-box').waitFor({ state: 'hidden' });
  await assertClean(page);
  await page.close();
});

test('affinity: what a step on one task does for another; the button asks for groups', async () => {
  const page = await open({}, [affinity(20)]);
  await choose(page, 'affinity');
  const cells = (a: string, b: string): Promise<string> =>
    text(page, `[data-testid="affinity-matrix"] td[data-task="${a}"][data-other="${b}"]`);
  assert.equal(await cells('分类', '回归'), '0.05 ± 0.02 (8)');
  assert.equal(await cells('10', '分类'), '−0.04 ± 0.02 (8)');
  assert.equal(await cells('分类', '分类'), '');
  assert.equal(await cells('回归', '10'), '');
  assert.equal(await text(page, '[data-testid="affinity-cosines"] td[data-task="回归"][data-other="分类"]'), '−0.250');
  await page.page.getByTestId('propose-groups').click();
  assert.deepEqual(await page.waitForPosted('proposeGroups'), { type: 'proposeGroups', run: 'run-1' });
  await page.screenshot('webview-affinity');
  const { lines } = await csv(page);
  assert.match(lines[1] ?? '', /^8,分类,回归,0\.05,0\.02,8$/);
  await assertClean(page);
  await page.close();
});

test('a run without gradient statistics says when there will be some', async () => {
  const page = await openHydrated(browser, hydrate('completed', history()));
  await choose(page, 'conflict');
  assert.match(await text(page, '[data-testid="conflict-note"]'), /every ten steps/);
  assert.equal(await page.page.getByTestId('conflict-matrix').isVisible(), false);
  await choose(page, 'norms');
  assert.match(await text(page, '[data-testid="norms-note"]'), /every ten steps/);
  await choose(page, 'affinity');
  assert.equal(await page.page.getByTestId('propose-groups').isVisible(), false);
  await assertClean(page);
  await page.close();
});

test('a strategy without weights says so', async () => {
  const steps = records().map((record) => (record.kind === 'step' ? { ...record, weights: null } : record));
  const page = await openHydrated(browser, hydrate('running', steps));
  await choose(page, 'weights');
  assert.match(await text(page, '[data-testid="weights-note"]'), /entry by entry/);
  await assertClean(page);
  await page.close();
});

test('the engine label names the device and why steps are not captured', async () => {
  const page = await open();
  assert.equal(await text(page, '[data-testid="engine"]'), 'native · CPU · eager · accumulate is not captured');
  const graph = {
    ...start,
    engine: { name: 'native', device: 'CPU', detail: '', graph: true, threads: 2, deterministic: true },
  };
  await page.send({ type: 'hydrate', locale: 'en', run: run('running'), history: packed([graph]) });
  await page.page.getByTitle('Engine: native · CPU · captured graph').waitFor();
  await assertClean(page);
  await page.close();
});

for (const language of ['en', 'zh-cn'] as const) {
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    test(`axe finds nothing in any tab (${language}, ${theme})`, async () => {
      const page = await open({ language, theme }, [affinity(20)]);
      for (const tab of ['weights', 'conflict', 'norms', 'affinity']) {
        await choose(page, tab);
        assert.deepEqual(await page.accessibilityProblems(), [], tab);
        if (tab === 'conflict') await page.screenshot(`webview-conflict-${theme}-${language}`);
      }
      await page.page.getByTestId('tab-weights').click();
      await page.page.getByTestId('view-table').click();
      assert.deepEqual(await page.accessibilityProblems(), []);
      await page.close();
    });
  }
}

test('at 200 % and in a narrow panel everything can still be reached', async () => {
  const page = await open({ viewport: { width: 450, height: 300 } }, [affinity(20)]);
  for (const tab of ['weights', 'conflict', 'norms', 'affinity']) {
    await choose(page, tab);
    const wide = await page.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${tab} is ${String(wide)} too wide`);
  }
  await page.screenshot('webview-narrow');
  await assertClean(page);
  await page.close();
});

test('in forced colors conflicts have a border of their own', async () => {
  const page = await open({ forcedColors: true });
  await choose(page, 'conflict');
  const width = (selector: string): Promise<string> =>
    page.page
      .locator(`[data-testid="conflict-matrix"] ${selector}`)
      .first()
      .evaluate((cell) => getComputedStyle(cell).borderTopWidth);
  assert.equal(await width('td[data-sign="negative"]'), '2px');
  assert.equal(await width('td[data-sign="positive"]'), '1px');
  await page.close();
});

test('a million records keep the tabs quick to answer', async () => {
  const page = await openHydrated(browser, hydrate('running', [start]));
  await page.page.evaluate(
    ({ step, gradients }) => {
      for (let from = 0; from < 500_000; from += 50_000) {
        const all = Array.from({ length: 50_000 }, (_, index) => {
          const number = from + index + 1;
          return [
            { ...step, seq: 2 * number, step: number },
            { ...gradients, seq: 2 * number + 1, step: number },
          ];
        });
        window.postMessage({ type: 'records', run: 'run-1', records: all.flat() }, '*');
      }
    },
    { step: stepRecord(1, 1), gradients: gradientsRecord(2, 1) },
  );
  await page.page.locator('[data-testid="loss-panel"][data-points="500000"]').waitFor({ timeout: 120_000 });
  await choose(page, 'weights');
  await page.page.locator('#panel-weights canvas').waitFor();
  await choose(page, 'conflict');
  assert.equal(await page.page.getByTestId('conflict-step').getAttribute('max'), '499999');
  assert.equal(await text(page, '[data-testid="conflict-pairs"] td[data-series="records"] >> nth=0'), '500000');
  await assertClean(page);
  await page.close();
});
