/** Why a driver ends before all is done, in words. */
import { counted, type Text, text } from '../../common/text.ts';

export const diskText = text(
  'There is hardly any space left on the disk. Free some and start the experiment again: it goes on where it was.',
  '磁盘空间即将用尽。请释放空间后重新启动实验，它会从原处继续。',
);

export const hoursText = (hours: number): Text =>
  text(
    `The budget of ${counted(hours, 'hour')} is used up. Raise budget.hours and start it again to go on.`,
    `${String(hours)} 小时的预算已用完。如需继续，请提高 budget.hours 后重新启动。`,
  );

export const runsText = (runs: number): Text =>
  text(
    `The budget of ${counted(runs, 'run')} is used up. Raise budget.runs and start it again to go on.`,
    `${String(runs)} 次运行的预算已用完。如需继续，请提高 budget.runs 后重新启动。`,
  );

export function incompleteText(failed: number, foreign: number, pending: number): Text {
  const parts = [
    failed > 0
      ? text(`${counted(failed, 'run has', 'runs have')} failed for good`, `${String(failed)} 次运行最终失败`)
      : null,
    foreign > 0
      ? text(
          `${counted(foreign, 'directory in runs/ is not what its name says, and its run was', 'directories in runs/ are not what their names say, and their runs were')} not made`,
          `runs/ 中有 ${String(foreign)} 个目录与其名称不符，相应的运行未执行`,
        )
      : null,
    pending > 0
      ? text(
          `${counted(pending, 'run')} could not be planned, since what ${pending === 1 ? 'it depends' : 'they depend'} on has no values`,
          `${String(pending)} 次运行因所依赖的结果没有数值而无法计划`,
        )
      : null,
  ].filter((part) => part !== null);
  return text(`${parts.map(({ en }) => en).join('; ')}.`, `${parts.map(({ zh }) => zh).join('；')}。`);
}
