/** Hypotheses as JUnit XML: a test case each. */
import type { Language } from '../../common/text.ts';
import type { Comparison, HypothesisResult } from '../comparison/contract.ts';
import { claimText, resultText } from './cells.ts';
import { looksSummary, togetherSummary } from './summaries.ts';
import { escapeXml } from './xml.ts';

/**
 * Refuted is a failure; undecided is skipped, with the reason: neither a pass nor a failure. What holds for all of them, the
 * claim that they hold together, deviations from the plan and looks that were not declared, stands in the suite's output.
 */
export function junitXml(comparison: Comparison, language: Language): string {
  const { name, hypotheses } = comparison;
  const count = (result: HypothesisResult['result']): number =>
    hypotheses.filter((one) => one.result === result).length;
  const suite = escapeXml(name === '' ? 'experiment' : name);
  const counts = `tests="${hypotheses.length}" failures="${count('refuted')}" errors="0" skipped="${count('undecided')}"`;
  const cases = hypotheses.map((one) => testCase(one, suite, language));
  const said = [togetherSummary(comparison), ...comparison.deviations, looksSummary(comparison)].filter(
    (one) => one !== null,
  );
  const output = said.map((one) => escapeXml(one[language])).join('\n');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${suite}" ${counts}>`,
    `  <testsuite name="${suite}" ${counts}>`,
    ...cases,
    ...(output === '' ? [] : [`    <system-out>${output}</system-out>`]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(one: HypothesisResult, suite: string, language: Language): string {
  const [a, b] = one.arms;
  const name = escapeXml(`${one.id}: ${a} ${claimText[one.claim][language]} ${b} (${one.measure})`);
  const reason = escapeXml(one.reason[language]);
  const word = escapeXml(resultText[one.result][language]);
  const open = `    <testcase name="${name}" classname="${suite}">`;
  if (one.result === 'refuted') {
    return `${open}\n      <failure message="${word}" type="refuted">${reason}</failure>\n    </testcase>`;
  }
  if (one.result === 'undecided') return `${open}\n      <skipped message="${reason}"/>\n    </testcase>`;
  return `${open}\n      <system-out>${reason}</system-out>\n    </testcase>`;
}
