/** Names that mean nothing or two things. */
import { text, type Text } from '../../common/text.ts';
import { pointerTo } from '../pointers.ts';
import type { UnknownSource } from '../sources.ts';
import type { Context } from './context.ts';
import { listOf } from './quote.ts';

export function checkNames({ spec, sources, report }: Context): void {
  for (const uses of grouped(sources.unknown)) reportUnknown(uses, { spec, report });
  for (const use of sources.taskInBlock) {
    report.error(
      'task-in-block',
      use.pointer,
      text(
        `Block "${use.reader.name}" cannot read the prediction "${use.written}": only tasks may. Let the task that needs it read it, with its own "layers".`,
        `模块 “${use.reader.name}” 不能读取预测 “${use.written}”：只有任务可以。请让需要它的任务读取，并使用该任务自己的 "layers"。`,
      ),
    );
  }
  for (const name of spec.network.keys()) {
    if (!spec.data.inputs.has(name)) continue;
    report.error(
      'name-clash',
      pointerTo('network', name),
      text(
        `"${name}" is the name of an input and of a block: they share one namespace. Rename one of them.`,
        `“${name}” 既是输入又是模块的名称：两者共用一个命名空间。请重命名其中一个。`,
      ),
      { at: 'key' },
    );
  }
}

/** The same unknown name in several places is one slip. */
function grouped(unknown: readonly UnknownSource[]): readonly (readonly UnknownSource[])[] {
  const groups = new Map<string, UnknownSource[]>();
  for (const use of unknown) groups.set(use.written, [...(groups.get(use.written) ?? []), use]);
  return [...groups.values()];
}

function reportUnknown(uses: readonly UnknownSource[], { spec, report }: Pick<Context, 'spec' | 'report'>): void {
  const [first, ...others] = uses;
  if (first === undefined) return;
  const { written, nearest } = first;
  const isTask = written.startsWith('task:');
  const readers = others.map((use) => use.reader.name);
  const listed = listOf(readers);
  const also = text(
    readers.length === 0 ? '' : ` It is also read by ${listed.en}.`,
    readers.length === 0 ? '' : `此外 ${listed.zh} 也读取了它。`,
  );
  const known = isTask
    ? [...spec.tasks.keys()].map((name) => `task:${name}`)
    : [...spec.data.inputs.keys(), ...spec.network.keys()];
  const hint = hintFor(nearest, known);
  report.error(
    isTask ? 'unknown-task' : 'unknown-name',
    first.pointer,
    text(
      `There is no ${isTask ? 'task for' : 'input or block'} "${written}". ${hint.en}${also.en}`,
      `没有名为 “${written}” 的${isTask ? '任务预测' : '输入或模块'}。${hint.zh}${also.zh}`,
    ),
    {
      fixes:
        nearest === undefined
          ? []
          : [
              report.fix(
                text(`Change to "${nearest}"`, `改为 “${nearest}”`),
                ...uses.map((use) => report.replace(use.pointer, nearest)),
              ),
            ],
    },
  );
}

/** Did you mean …? Or else what there is. */
export function hintFor(nearest: string | undefined, known: readonly string[]): Text {
  if (nearest !== undefined) return text(`Did you mean "${nearest}"?`, `是否想写 “${nearest}”？`);
  if (known.length === 0) return text('There is none yet.', '目前还没有可用的名称。');
  const some = known.slice(0, 8).map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name));
  const more = known.length > some.length ? ', …' : '';
  return text(`There are: ${some.join(', ')}${more}.`, `可用的有：${some.join('、')}${more === '' ? '' : '……'}。`);
}
