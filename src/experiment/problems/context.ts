/** What every look at an experiment is given. */
import { nearestWord, pointerOf, type ExperimentSpec, type Spec } from '../../spec/index.ts';
import { text, type Text } from '../../common/text.ts';
import { hintFor } from '../../plan/problems/names.ts';
import type { Report } from '../../plan/report.ts';
import type { Design } from '../contract.ts';

export interface Context {
  readonly spec: Spec;
  readonly experiment: ExperimentSpec;
  readonly design: Design;
  readonly report: Report;
}

export const at = (...tokens: readonly (string | number)[]): string => pointerOf(['experiment', ...tokens]);

/** A name that means nothing: told with the nearest that does. */
export function reportUnknown(
  { report }: Pick<Context, 'report'>,
  code: string,
  pointer: string,
  {
    written,
    known,
    what,
    key = false,
  }: {
    readonly written: string;
    readonly known: readonly string[];
    readonly what: Text;
    /** It is a key, not a value. */
    readonly key?: boolean;
  },
): void {
  const nearest = nearestWord(written, known) ?? report.guesses.nearest(written, known);
  const hint = hintFor(nearest, known);
  report.error(
    code,
    pointer,
    text(`There is no ${what.en} "${written}". ${hint.en}`, `没有${what.zh}“${written}”。${hint.zh}`),
    {
      at: key ? 'key' : 'value',
      fixes:
        nearest === undefined
          ? []
          : [
              report.fix(
                text(`Change to "${nearest}"`, `改为“${nearest}”`),
                key ? report.renameKey(pointer, nearest) : report.replace(pointer, nearest),
              ),
            ],
    },
  );
}

/** Names that stand twice in a list, at their second place. */
export function reportTwice(
  { report }: Pick<Context, 'report'>,
  names: readonly string[],
  placeOf: (index: number) => string,
  what: Text,
): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    report.error(
      'duplicate-name',
      placeOf(index),
      text(
        `Another ${what.en} is called "${name}" already. Give one of them another name.`,
        `有两个${what.zh}都叫“${name}”。请为其中之一另取名称。`,
      ),
    );
  }
}

export const words = {
  arm: text('arm', '实验组'),
  factor: text('factor', '因素'),
  stage: text('stage', '阶段'),
  task: text('task', '任务'),
  hypothesis: text('hypothesis', '假设'),
  level: text('level', '水平'),
  executor: text('executor', '执行器'),
} as const;
