// The doctor's page in a plain browser: one finding a line, everything by keyboard, in every theme and both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DoctorFinding, DoctorToPage } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewOptions, type WebviewPage } from '../e2e/browser.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const findings: readonly DoctorFinding[] = [
  { state: 'problem', title: 'Training', detail: 'No engine can train here.', action: 'log' },
  {
    ...{ state: 'note', title: 'Native engine', action: 'install' },
    detail: 'Not installed. "mtl runtime install" fetches it (274 MB).',
  },
  { state: 'ok', title: 'Embedded engine', detail: '4.22.0 · <b>embedded</b>', action: null },
  { state: 'note', title: 'Python', detail: `/${'long/'.repeat(60)}python3`, action: 'python' },
];
const hydrate = (found: readonly DoctorFinding[] | null, locale: 'en' | 'zh-cn' = 'en'): DoctorToPage => ({
  ...{ type: 'hydrate', locale, findings: found },
});

async function opened(options: Partial<WebviewOptions> = {}, found = findings): Promise<WebviewPage> {
  const page = await browser.open({ name: 'doctor', ...options });
  await page.waitForPosted('ready');
  await page.send(hydrate(null, options.language));
  await page.page.locator('[data-testid="doctor"][data-state="looking"]').waitFor();
  await page.send(hydrate(found, options.language));
  await page.page.locator('[data-testid="doctor"][data-state="done"]').waitFor();
  return page;
}

async function assertClean(page: WebviewPage): Promise<void> {
  assert.deepEqual(page.errors, []);
  assert.deepEqual(await page.violations(), []);
  assert.deepEqual(await page.accessibilityProblems(), []);
}

test('a line a finding with its state and what can be done; names are text', async () => {
  const page = await opened();
  const lines = page.page.locator('.finding');
  assert.equal(await lines.count(), 4);
  assert.equal(await lines.nth(2).locator('b').count(), 0);
  assert.match((await lines.nth(2).textContent()) ?? '', /All right.*<b>embedded<\/b>/);
  assert.equal(await lines.nth(2).locator('vscode-button').count(), 0);
  assert.equal(await page.page.getByTestId('summary').textContent(), '1 problem found.');
  await page.page.getByTestId('act-install').click();
  assert.deepEqual(await page.waitForPosted('act'), { type: 'act', action: 'install' });
  await page.page.getByTestId('copy').click();
  await page.waitForPosted('copy');
  await assertClean(page);
  await page.close();
});

test('by keyboard: every button in order, and the focus stays where it was when all is looked at again', async () => {
  const page = await opened();
  const order: string[] = [];
  for (let at = 0; at < 6; at++) {
    await page.page.keyboard.press('Tab');
    order.push(await page.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['testid'] ?? ''));
  }
  assert.deepEqual(order, ['again', 'copy', 'log', 'act-log', 'act-install', 'act-python']);
  await page.page.keyboard.press('Enter');
  assert.deepEqual(await page.waitForPosted('act'), { type: 'act', action: 'python' });
  await page.send(hydrate(null));
  await page.page.locator('[data-testid="doctor"][data-state="looking"]').waitFor();
  assert.equal(await page.page.locator('.finding').count(), 4, 'what was found stays until something else is');
  await page.send(hydrate(findings));
  await page.page.locator('[data-testid="doctor"][data-state="done"]').waitFor();
  const focused = await page.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['testid']);
  assert.equal(focused, 'act-python');
  await page.close();
});

test('nothing to complain about is said in words', async () => {
  const page = await opened({}, findings.slice(1));
  assert.equal(await page.page.getByTestId('summary').textContent(), 'No problem found; 2 lines are worth knowing.');
  await page.close();
});

for (const theme of ['dark', 'light', 'high-contrast'] as const) {
  test(`it reads in ${theme}, and narrow`, async () => {
    const page = await opened({ theme });
    await assertClean(page);
    await page.screenshot(`webview-doctor-${theme}`);
    await page.page.setViewportSize({ width: 320, height: 500 });
    const wide = await page.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.equal(wide, false, 'nothing is to be scrolled sideways');
    await page.close();
  });
}

test('with the colors of the system alone', async () => {
  const page = await opened({ forcedColors: true, reducedMotion: true });
  assert.deepEqual(page.errors, []);
  assert.deepEqual(await page.violations(), []);
  // The system chooses the colors here, and axe does not know which.
  const found = (await page.accessibilityProblems()).filter((one) => !one.startsWith('color-contrast:'));
  assert.deepEqual(found, []);
  await page.screenshot('webview-doctor-forced-colors');
  await page.close();
});

test('in Chinese', async () => {
  const found: readonly DoctorFinding[] = [
    { state: 'ok', title: '训练', detail: '使用 wasm · cpu · 4.22.0。', action: null },
    {
      state: 'note',
      title: '原生引擎',
      detail: '未安装。可用“mtl runtime install”下载（274 MB）。',
      action: 'install',
    },
  ];
  const page = await opened({ language: 'zh-cn' }, found);
  assert.equal(await page.page.getByTestId('act-install').textContent(), '安装原生引擎');
  assert.equal(await page.page.getByTestId('summary').textContent(), '未发现问题；有 1 条提示。');
  assert.equal(await page.page.evaluate(() => document.documentElement.lang), 'zh-cn');
  await assertClean(page);
  await page.screenshot('webview-doctor-zh');
  await page.close();
});
