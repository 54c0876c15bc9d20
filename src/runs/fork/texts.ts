/** How a fork is told to people. Pure. */
import { joined, text, type Text } from '../../common/text.ts';
import { orderedText } from '../json.ts';
import type { Refusal } from './carry.ts';
import type { ForkChange, NotCarried } from './record.ts';

const longest = 60;

/** A value in one short line. */
function valueText(value: unknown): Text {
  if (value === undefined) return text('nothing', '无');
  const written = orderedText(value);
  const short = written.length > longest ? `${written.slice(0, longest - 1)}…` : written;
  return text(short, short);
}

/** `/weights/a: 0.5 → 0.8` */
export function forkChangeText({ pointer, before, after }: ForkChange): Text {
  const [was, is] = [valueText(before), valueText(after)];
  return text(`${pointer}: ${was.en} → ${is.en}`, `${pointer}：${was.zh} → ${is.zh}`);
}

/** More than this are counted, not listed. */
const listed = 8;

/** All in one line; null where nothing is different. */
export function forkChangesText(changes: readonly ForkChange[]): Text | null {
  if (changes.length === 0) return null;
  const more = changes.length - listed;
  const rest = more > 0 ? [text(`and ${more} more`, `另有 ${more} 处`)] : [];
  return joined([...changes.slice(0, listed).map(forkChangeText), ...rest]);
}

/** What cannot be carried over, and why, as clauses. */
export function refusedText(refused: readonly Refusal[]): Text {
  const more = refused.length - listed;
  const rest = more > 0 ? [text(`and ${more} more`, `另有 ${more} 处`)] : [];
  const clauses = refused.slice(0, listed).map(({ difference, why }) => {
    const { en, zh } = forkChangeText(difference);
    return text(`${en} (${why.en})`, `${zh}（${why.zh}）`);
  });
  return joined([...clauses, ...rest]);
}

const lost: Readonly<Record<NotCarried, Text>> = {
  strategy: text('what the strategy keeps between steps', '策略在各步之间保留的状态'),
  optimizer: text('what the optimizer keeps between steps', '优化器在各步之间保留的状态'),
  best: text('the best epoch so far and what early stopping has counted', '迄今的最佳轮次与早停计数'),
  watched: text('observed strategies and task affinity so far', '观察策略与任务亲和度的累计'),
  drops: text('drops of the learning rate so far', '学习率此前的下降'),
};

/** What begins anew in a fork, as a sentence; null where nothing does. */
export function notCarriedText(codes: readonly NotCarried[]): Text | null {
  if (codes.length === 0) return null;
  const { en, zh } = joined(codes.map((code) => lost[code]));
  return text(`Not carried over, begins anew: ${en}.`, `未延续、重新开始：${zh}。`);
}
