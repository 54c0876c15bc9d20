// What tests of the comparison's page share: a page with a comparison in it, and what is read off it.
import assert from 'node:assert/strict';
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import type { Progress } from '../../src/messages/comparison.ts';
import type { ExperimentToPage } from '../../src/messages/protocol.ts';
import type { WebviewBrowser, WebviewOptions, WebviewPage } from '../e2e/browser.ts';
import { comparisonOf } from './comparisons.ts';

export type PageOptions = Omit<WebviewOptions, 'name'>;

export const hydrate = (
  comparison: Comparison | null = comparisonOf(),
  progress: Progress | null = null,
  locale: 'en' | 'zh-cn' = 'en',
): ExperimentToPage => ({ type: 'hydrate', locale, name: 'shown.experiment', comparison, progress, problem: null });

export async function openComparison(
  browser: WebviewBrowser,
  message = hydrate(),
  options: PageOptions = {},
): Promise<WebviewPage> {
  const page = await browser.open({ name: 'experiment', viewport: { width: 1200, height: 720 }, ...options });
  await page.waitForPosted('ready');
  await page.send(message);
  await page.page.getByTestId('comparison').waitFor();
  return page;
}

export async function assertClean(page: WebviewPage): Promise<void> {
  assert.deepEqual(page.errors, []);
  assert.deepEqual(await page.violations(), []);
  assert.deepEqual(
    (await page.posted()).filter((message) => (message as { type: string }).type === 'error'),
    [],
  );
}

export const attribute = (page: WebviewPage, name: string): Promise<string | null> =>
  page.page.getByTestId('comparison').getAttribute(name);
export const arms = (page: WebviewPage): Promise<(string | null)[]> =>
  page.page.getByTestId('arm').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-arm')));
export const tab = (page: WebviewPage, name: string): Promise<void> => page.page.getByTestId(`tab-${name}`).click();
export const text = async (page: WebviewPage, testId: string): Promise<string> =>
  (await page.page.getByTestId(testId).textContent()) ?? '';
