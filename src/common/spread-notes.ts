/** What stands below a table of where the spread between runs comes from: on paper and on the page the same. */
import { text, type Text } from './text.ts';

export interface SpreadRemarks {
  readonly task: string;
  /** What the design cannot tell apart, and why. */
  readonly reason: Text | null;
  /** Runs that are left out. */
  readonly dropped: number;
}

/** Each sentence once: with the tasks it is said of before it, and without them where it is said of all. */
export function spreadNotes(views: readonly SpreadRemarks[]): readonly Text[] {
  const said = new Map<string, { readonly sentence: Text; readonly tasks: Set<string> }>();
  const say = (task: string, sentence: Text): void => {
    const known = said.get(sentence.en) ?? { sentence, tasks: new Set() };
    known.tasks.add(task);
    said.set(sentence.en, known);
  };
  for (const { task, reason, dropped } of views) {
    if (reason !== null) say(task, reason);
    if (dropped > 0) say(task, leftOut(dropped));
  }
  const notes = [...said.values()].map(({ sentence, tasks }) =>
    tasks.size === new Set(views.map(({ task }) => task)).size
      ? sentence
      : text(`${[...tasks].join(', ')}: ${sentence.en}`, `${[...tasks].join('、')}：${sentence.zh}`),
  );
  return [text('Descriptive; no verdict comes from it.', '仅为描述，不据此下结论。'), ...notes];
}

const leftOut = (runs: number): Text =>
  text(
    `${runs === 1 ? '1 run a task is' : `${runs} runs a task are`} left out, since not every arm has a value there.`,
    `每个任务略去 ${runs} 次运行，因为并非各组都有相应的值。`,
  );
