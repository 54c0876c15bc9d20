import * as vscode from 'vscode';
import type { Text } from '../../common/text.ts';
import { locale, pick } from '../window/language.ts';

let titles: ((metric: string) => Text) | undefined;

/** Loads what metrics are called in the window's language. In English that is what they are called in a spec: nothing is loaded. */
export async function loadMetricNames(): Promise<void> {
  if (locale() !== 'en') titles = (await import('../../spec/titles.ts')).metricTitle;
}

/** A metric as a person reads of it; its name in a spec until the others are loaded. */
export function metricName(metric: string): string {
  if (metric === 'loss') return vscode.l10n.t('loss');
  return titles ? pick(titles(metric)) : metric;
}
