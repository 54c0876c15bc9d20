/** Cells and small texts of tables. */
import { text, type Text } from '../../common/text.ts';
import type { ComparisonArm, Comparison, Delta, HypothesisResult, Verdict } from '../comparison/contract.ts';
import type { ReportCell } from './contract.ts';

export const same = (value: string): Text => text(value, value);
export const cell = (value: string): ReportCell => ({ text: same(value) });
export const said = (value: Text): ReportCell => ({ text: value });
export const bold = (value: ReportCell, decided: boolean): ReportCell => (decided ? { ...value, bold: true } : value);

export const verdictText: Readonly<Record<Verdict, Text>> = {
  helps: text('helps', '有益'),
  hurts: text('hurts', '有害'),
  equivalent: text('equivalent', '等效'),
  'non-inferior': text('non-inferior', '非劣'),
  undecided: text('undecided', '未定'),
  'not-confirmed': text('not confirmed', '未经确认'),
};

export const resultText: Readonly<Record<HypothesisResult['result'], Text>> = {
  supported: text('supported', '成立'),
  refuted: text('refuted', '不成立'),
  undecided: text('undecided', '未定'),
};

export const claimText: Readonly<Record<HypothesisResult['claim'], Text>> = {
  superior: text('is better than', '优于'),
  'non-inferior': text('is no worse than', '不差于'),
  equivalent: text('is equivalent to', '等效于'),
};

/** `"a" is better than "b" on mass`: what a hypothesis claims. */
export function hypothesisText({
  claim,
  arms: [a, b],
  measure,
}: Pick<HypothesisResult, 'claim' | 'arms' | 'measure'>): Text {
  const { en, zh } = claimText[claim];
  return text(`"${a}" ${en} "${b}" on ${measure}`, `“${a}”在 ${measure} 上${zh}“${b}”`);
}

export const splitText = { test: text('test split', '测试集'), validation: text('validation split', '验证集') };

export function deltaOf(arm: ComparisonArm, task: string): Delta | null {
  return arm.measures.find((one) => one.task === task)?.delta ?? null;
}

/** Seeds up to which a comparison is called a pilot (conventions 14.4). */
export const pilotSeeds = 5;

export const isPilot = ({ arms }: Comparison): boolean => Math.max(0, ...arms.map(({ n }) => n)) <= pilotSeeds;

/** Sentences in a row; Chinese ones need no space between them. */
export const sentences = (all: readonly Text[]): Text =>
  text(all.map(({ en }) => en).join(' '), all.map(({ zh }) => zh).join(''));

export const listed = (words: readonly string[]): Text => text(words.join(', '), words.join('、'));

export const quoted = (words: readonly string[]): Text =>
  text(words.map((word) => `"${word}"`).join(', '), words.map((word) => `“${word}”`).join('、'));
