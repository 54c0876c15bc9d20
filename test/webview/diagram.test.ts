import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Diagram } from '../../src/plan/plan.ts';
import type { LedgerRecord } from '../../src/messages/ledger.ts';
import type { DiagramToPage } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';

const diagram: Diagram = {
  title: '任务映射图',
  description: 'image → trunk → two tasks',
  note: '',
  direction: 'TB',
  frames: [],
  groups: [],
  mermaid: [
    'graph TB',
    '  n0["image<br/>28 × 28 × 1"]',
    '  n1["trunk<br/>dense 50"]',
    '  n2["分类"]',
    '  n3["box"]',
    '  n4(("total"))',
    '  n0 --> n1',
    '  n1 --> n2',
    '  n1 --> n3',
    '  n2 -->|"0.5"| n4',
    '  n3 -->|"0.2"| n4',
  ].join('\n'),
  nodes: [
    {
      id: 'n0',
      kind: 'input',
      name: 'image',
      shared: true,
      task: null,
      label: ['image', '28 × 28 × 1'],
      spoken: ['image', '28 × 28 × 1'],
      pointer: '/data/inputs/image',
    },
    {
      id: 'n1',
      kind: 'block',
      name: 'trunk',
      shared: true,
      task: null,
      label: ['trunk', 'dense 50'],
      spoken: ['trunk', 'dense 50'],
      pointer: '/network/trunk',
    },
    {
      id: 'n2',
      kind: 'task',
      name: '分类',
      shared: false,
      task: 0,
      label: ['分类'],
      spoken: ['分类'],
      pointer: '/tasks/分类',
    },
    {
      id: 'n3',
      kind: 'task',
      name: 'box',
      shared: false,
      task: 1,
      label: ['box'],
      spoken: ['box'],
      pointer: '/tasks/box',
    },
    {
      id: 'n4',
      kind: 'total',
      name: 'total',
      shared: false,
      task: null,
      label: ['total'],
      spoken: ['total'],
      pointer: null,
    },
  ],
  edges: [
    { from: 'n0', to: 'n1', label: '', shared: true, task: null },
    { from: 'n1', to: 'n2', label: '', shared: false, task: 0 },
    { from: 'n1', to: 'n3', label: '', shared: false, task: 1 },
    { from: 'n2', to: 'n4', label: '0.5', shared: false, task: 0 },
    { from: 'n3', to: 'n4', label: '0.2', shared: false, task: 1 },
  ],
};

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const hydrate = (change: Partial<Extract<DiagramToPage, { type: 'hydrate' }>> = {}): DiagramToPage => ({
  type: 'hydrate',
  locale: 'en',
  diagram,
  problem: null,
  name: 'sample',
  ...change,
});

async function openDrawn(message = hydrate(), state?: unknown): Promise<WebviewPage> {
  const page = await browser.open({ name: 'diagram', ...(state === undefined ? {} : { state }) });
  await page.waitForPosted('ready');
  await page.send(message);
  await page.page.locator('[data-testid="diagram"] svg [data-testid="node"]').first().waitFor();
  return page;
}

const node = (page: WebviewPage, name: string) => page.page.locator(`[data-testid="node"][data-name="${name}"]`);
const transform = (page: WebviewPage): Promise<string> =>
  page.page.locator('.stage').evaluate((stage) => (stage as HTMLElement).style.transform);

async function assertClean(page: WebviewPage): Promise<void> {
  assert.deepEqual(page.errors, []);
  assert.deepEqual(await page.violations(), []);
}

test('draws every node and edge with its handles', async () => {
  const page = await openDrawn();
  assert.equal(await page.page.getByTestId('diagram').getAttribute('data-state'), 'ok');
  assert.equal(await page.page.getByTestId('node').count(), diagram.nodes.length);
  assert.equal(await page.page.getByTestId('edge').count(), diagram.edges.length);
  for (const { name, kind, shared } of diagram.nodes) {
    assert.equal(await node(page, name).getAttribute('data-kind'), kind);
    assert.equal(await node(page, name).getAttribute('data-shared'), String(shared));
  }
  assert.equal(await page.page.locator('[data-testid="edge"][data-from="n1"][data-to="n2"]').count(), 1);
  await assertClean(page);
  await page.screenshot('webview-diagram');
  await page.close();
});

test('a click and Enter reveal the node in the text; arrows follow the edges', async () => {
  const page = await openDrawn();
  await node(page, '分类').click();
  assert.deepEqual(await page.waitForPosted('reveal'), { type: 'reveal', pointer: '/tasks/分类' });
  await node(page, 'image').focus();
  await page.page.keyboard.press('ArrowDown');
  assert.equal(await page.page.evaluate('document.activeElement?.dataset.name'), 'trunk');
  await page.page.keyboard.press('ArrowDown');
  await page.page.keyboard.press('ArrowRight');
  assert.equal(await page.page.evaluate('document.activeElement?.dataset.name'), 'box');
  await page.page.keyboard.press('Enter');
  assert.deepEqual(await page.waitForPosted('reveal'), { type: 'reveal', pointer: '/tasks/box' });
  await assertClean(page);
  await page.close();
});

test('pan and zoom stay while the text changes, and survive a reload', async () => {
  const page = await openDrawn();
  const fitted = await transform(page);
  await page.page.getByTestId('zoom-in').click();
  const zoomed = await transform(page);
  assert.notEqual(zoomed, fitted);
  const changed = { ...diagram, mermaid: diagram.mermaid.replace('dense 50', 'dense 64') };
  await page.send(hydrate({ diagram: changed }));
  await page.page.getByText('dense 64').waitFor();
  assert.equal(await transform(page), zoomed);
  const state = await page.state();
  await page.close();
  const again = await openDrawn(hydrate(), state);
  assert.equal(await transform(again), zoomed);
  await again.page.getByTestId('fit').click();
  assert.equal(await transform(again), fitted);
  await again.close();
});

test('the transfer ledger: widths and hues of edges at a recorded step, tables, and a trunk that is split', async () => {
  const page = await openDrawn();
  const arrival = (to: string) => page.page.locator(`[data-testid="edge"][data-from="n1"][data-to="${to}"]`);
  const width = (to: string): Promise<string> => arrival(to).evaluate((path) => (path as SVGElement).style.strokeWidth);
  const before = await width('n2');
  assert.equal(await page.page.getByTestId('ledger').isHidden(), true);
  await page.page.getByTestId('view-ledger').click();
  assert.deepEqual(await page.waitForPosted('ledger'), { type: 'ledger', open: true });
  await page.send({ type: 'ledger', ledger: null, problem: 'There is no run.' });
  await page.page.getByText('There is no run.').waitFor();
  const record = (step: number, norms: [number, number | null], cosine: number | null): LedgerRecord => ({
    ...{ step, epoch: step / 10, norms, weights: [0.5, norms[1] === null ? null : 1] },
    cosines: [[1, cosine], [cosine, 1]], // prettier-ignore
    blocks: {},
  });
  const records = [record(10, [4, 1], -0.5), record(20, [1, 1], 0.25), record(30, [1, null], null)];
  await page.send({ type: 'ledger', ledger: { tasks: ['分类', 'box'], blocks: [], records }, problem: null });
  await page.page.locator('[data-testid="ledger"][data-step="30"]').waitFor();
  assert.equal(await page.page.locator('[data-testid="ledger-row"][data-task="box"]').textContent(), 'box–––––'.replace('–––––', '––––50 %')); // prettier-ignore
  await page.page.getByTestId('ledger-step').fill('0');
  assert.match((await page.page.getByTestId('ledger-sentence').textContent()) ?? '', /^分类 pulls hardest \(weight × norm 2\)\. 分类 agrees least with the others \(mean cosine −0\.50\)/); // prettier-ignore
  assert.deepEqual([await width('n2'), await width('n3')], ['12px', '6.5px']);
  assert.equal(await arrival('n2').getAttribute('data-cosine'), '-0.5');
  assert.equal(await page.page.locator('[data-testid="ledger-matrix"] td[data-task="box"][data-other="分类"]').textContent(), '−0.500'); // prettier-ignore
  await page.screenshot('webview-diagram-ledger');
  assert.equal(await page.page.getByTestId('ledger-block').count(), 0);
  const alone = { trunk: { norms: [1, 4], agreement: [-0.25, 0.75] } };
  const byBlock = records.map((one, place) => ({ ...one, blocks: place === 1 ? alone : {} }));
  await page.send({
    type: 'ledger',
    ledger: { tasks: ['分类', 'box'], blocks: ['trunk'], records: byBlock },
    problem: null,
  });
  await page.page.getByTestId('ledger-block').selectOption('trunk');
  await page.page.getByText('Step 20 · record 1 of 1').waitFor();
  assert.deepEqual([await width('n2'), await width('n3')], ['2.375px', '12px']);
  assert.equal(await page.page.locator('[data-testid="node"][data-pulled]').getAttribute('data-name'), 'trunk');
  assert.match(
    (await page.page.getByTestId('ledger-sentence').textContent()) ?? '',
    /box pulls hardest \(weight × norm 4\)/,
  );
  await page.screenshot('webview-diagram-ledger-block');
  await page.page.getByTestId('ledger-block').selectOption('');
  await page.page.locator('[data-testid="ledger"][data-step="30"]').waitFor();
  assert.equal(await page.page.locator('[data-testid="node"][data-pulled]').count(), 0);
  await page.page.getByTestId('ledger-step').fill('0');
  await page.page.getByTestId('split').click();
  assert.deepEqual(await page.waitForPosted('split'), { type: 'split', task: '分类' });
  await page.page.getByTestId('split-task').selectOption('box');
  await page.page.getByTestId('split').click();
  await page.page.waitForTimeout(50);
  const splits = (await page.posted()).filter((message) => (message as { type: string }).type === 'split');
  assert.deepEqual(splits.at(-1), { type: 'split', task: 'box' });
  assert.deepEqual(await page.accessibilityProblems(), []);
  await page.page.getByTestId('view-ledger').click();
  await page.page.waitForFunction(
    (wanted) => document.querySelector<SVGElement>('[data-from="n1"][data-to="n2"]')?.style.strokeWidth === wanted,
    before,
  );
  await assertClean(page);
  await page.close();
});

test('a broken text keeps the last good picture and says what is wrong', async () => {
  const page = await openDrawn();
  await page.send(hydrate({ problem: 'Unknown block "trnk".' }));
  await page.page.locator('[data-testid="diagram"][data-state="stale"]').waitFor();
  assert.equal(await page.page.getByTestId('node').count(), diagram.nodes.length);
  assert.match((await page.page.locator('.notice').textContent()) ?? '', /trnk/);
  await page.send(hydrate());
  await page.page.locator('[data-testid="diagram"][data-state="ok"]').waitFor();
  await page.close();
});

test('without any picture yet the state is error', async () => {
  const page = await browser.open({ name: 'diagram' });
  await page.waitForPosted('ready');
  await page.send(hydrate({ diagram: null, problem: 'Nothing here.' }));
  await page.page.locator('[data-testid="diagram"][data-state="error"]').waitFor();
  assert.match((await page.page.locator('.notice').textContent()) ?? '', /Nothing here/);
  await assertClean(page);
  await page.close();
});

test('highlights the node under the cursor and shows live losses at the tasks', async () => {
  const page = await openDrawn();
  await page.send({ type: 'highlight', node: 'n1' });
  await page.page.locator('[data-testid="node"].highlighted').waitFor();
  assert.equal(await page.page.locator('.highlighted').getAttribute('data-name'), 'trunk');
  await page.send({ type: 'losses', losses: [['分类', '0.412']] });
  await node(page, '分类').getByTestId('live-loss').waitFor();
  assert.equal(await page.page.getByTestId('live-loss').count(), 1);
  assert.equal(await page.page.getByTestId('live-loss').textContent(), '0.412');
  await assertClean(page);
  await page.close();
});

test('saves a standalone SVG and a PNG, copies the Mermaid text', async () => {
  const page = await openDrawn();
  await page.page.getByTestId('save-svg').click();
  const saved = await page.waitForPosted('save');
  const text = Buffer.from(String(saved['base64']), 'base64').toString('utf8');
  assert.deepEqual([saved['format'], saved['name']], ['svg', 'sample.svg']);
  assert.match(text, /^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  assert.match(text, /分类/);
  await page.page.getByTestId('save-png').click();
  await page.page.waitForFunction(() => {
    const { __host: host } = globalThis as unknown as { __host: { posted: { format?: string }[] } };
    return host.posted.some((message) => message.format === 'png');
  });
  const png = (await page.posted()).find((message) => (message as { format?: string }).format === 'png');
  const bytes = Buffer.from((png as { base64: string }).base64, 'base64');
  assert.deepEqual([...bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
  await page.page.getByTestId('copy').click();
  assert.equal((await page.waitForPosted('copy'))['text'], diagram.mermaid);
  await assertClean(page);
  await page.close();
});

test('follows the theme, high contrast included', async () => {
  const page = await openDrawn();
  const color = (): Promise<string> =>
    node(page, 'trunk')
      .locator('text')
      .first()
      .evaluate((text) => getComputedStyle(text).fill);
  const dark = await color();
  await page.setTheme('light');
  await page.page.waitForFunction((before) => {
    const text = document.querySelector('[data-testid="node"] text');
    return text !== null && getComputedStyle(text).fill !== before;
  }, dark);
  assert.notEqual(await color(), dark);
  await assertClean(page);
  await page.close();
});

for (const locale of ['en', 'zh-cn'] as const) {
  test(`axe finds nothing (${locale})`, async () => {
    const page = await openDrawn(hydrate({ locale }));
    assert.deepEqual(await page.accessibilityProblems(), []);
    await page.close();
  });
}
