/** What `mtl experiment` shows: the live table, the plain lines, the closing words. Pure. */
import { durationText } from '../../common/duration.ts';
import { counted, type Text } from '../../common/text.ts';
import type { LedgerRecord } from '../../experiment/driver/ledger.ts';
import type { ArmCounts, DriverStatus } from '../../experiment/driver/status.ts';
import { say, t } from '../language.ts';
import { plain } from '../output.ts';
import { seconds } from '../training-view.ts';
import { columns, cut } from '../width.ts';

/** More arms than these are summed up in one line. */
const mostArms = 12;

type Kind<K extends LedgerRecord['kind']> = Extract<LedgerRecord, { kind: K }>;

export class ExperimentProgress {
  readonly #name: string;
  /** Runs by id, as they were asked for. */
  readonly #asked = new Map<string, Kind<'submit'>>();
  readonly #ends = new Map<string, Kind<'end'>>();
  stop: Kind<'stop'> | null = null;
  /** The plan is not the one that it began with: runs may have ended that are none of it any more. */
  deviated = false;

  constructor(name: string) {
    this.#name = plain(name);
  }

  /** Takes a record; returns the plain line that tells it, if it deserves one. */
  take(record: LedgerRecord): { readonly line: string; readonly result: boolean } | null {
    switch (record.kind) {
      case 'start':
        this.stop = null;
        return { line: startText(record), result: false };
      case 'submit':
        this.#asked.set(record.run, record);
        this.#ends.delete(record.run);
        return null;
      case 'end':
        this.#ends.set(record.run, record);
        return { line: this.#endText(record), result: true };
      case 'retry':
        return {
          line: `${this.#of(record.run)}${colon()}${t('tried again', '重试')}${colon()}${plain(say(record.reason))}`,
          result: false,
        };
      case 'death':
        return { line: `${this.#of(record.run)}${colon()}${deathText(record)}`, result: false };
      case 'pruned':
        return { line: `${this.#of(record.run)}${colon()}${plain(say(record.reason))}`, result: false };
      case 'pause':
        return { line: t('Paused.', '已暂停。'), result: false };
      case 'resume':
        return { line: t('Goes on.', '继续进行。'), result: false };
      case 'stop':
        this.stop = record;
        return null;
      case 'deviation':
        this.deviated = true;
        return {
          line: t(`The plan was changed: ${plain(record.changes.en)}.`, `计划已更改：${plain(record.changes.zh)}。`),
          result: false,
        };
    }
  }

  #of(run: string): string {
    const asked = this.#asked.get(run);
    if (asked === undefined) return run;
    const task = asked.task === null ? '' : ` (${plain(asked.task)})`;
    return `${plain(asked.arm)}${task} ${String(asked.seed)}`;
  }

  #endText({ run, state, reason, seconds: spent }: Kind<'end'>): string {
    const why = reason === null ? '' : `${colon()}${plain(firstLine(reason))}`;
    return `${this.#of(run)}  ${stateText(state)}${t(', ', '，')}${seconds(spent)}${why}`;
  }

  /** The table of a driver that lives. */
  table(status: DriverStatus | null, width: number): readonly string[] {
    if (status === null) return [cut(`${this.#name}  ${t('beginning …', '正在开始 …')}`, width)];
    const shown = status.arms.slice(0, mostArms);
    const more = status.arms.length - shown.length;
    const last = status.last === null ? '' : t(`last: ${plain(status.last.arm)} ${String(status.last.seed)} ${stateText(status.last.state)}`, `最近：${plain(status.last.arm)} ${String(status.last.seed)} ${stateText(status.last.state)}`); // prettier-ignore
    return [
      this.headline(status),
      ...columns([header(), ...shown.map(armRow)]),
      ...(more > 0 ? [t(`… and ${String(more)} more arms`, `… 另有 ${String(more)} 个实验组`)] : []),
      ...(last === '' ? [] : [last]),
    ].map((line) => cut(line, width));
  }

  /** `penguins  12 of 40 done, 1 failed, 2 running, 26 left; about 3:10 left`. */
  headline({ counts, pending, remaining, atMost, mode, why, slots }: DriverStatus): string {
    const { done, failed, pruned, running, waiting } = counts;
    const all = done + failed + pruned + running + waiting + pending;
    const least = pending > 0 ? t('at most ', '最多 ') : '';
    const parts = [
      t(`${String(done)} of ${least}${String(all)} done`, `已完成 ${String(done)}/${least}${String(all)}`),
      ...(failed > 0 ? [t(`${String(failed)} failed`, `失败 ${String(failed)}`)] : []),
      ...(pruned > 0 ? [t(`${String(pruned)} cut`, `剪枝 ${String(pruned)}`)] : []),
      t(`${String(running)} running`, `进行中 ${String(running)}`),
      t(`${String(waiting + pending)} left`, `剩余 ${String(waiting + pending)}`),
    ];
    const limited = why !== null && running < slots ? t(` (${plain(why.en)})`, `（${plain(why.zh)}）`) : '';
    return `${this.#name}  ${parts.join(t(', ', '，'))}${t('; ', '；')}${modeText(mode) ?? remainingText(remaining, atMost)}${limited}`;
  }

  /**
   * What it has come to.
   *
   * @param planned the runs of the plan as it is now; absent: all that have ended are of it
   */
  closing(planned?: ReadonlySet<string>): readonly string[] {
    const all = [...this.#ends.values()];
    const ends = all.filter(({ run }) => planned?.has(run) !== false);
    const gone = all.length - ends.length;
    const count = (state: string): number => ends.filter((end) => end.state === state).length;
    const [done, failed, pruned] = [count('done'), count('failed'), count('pruned')];
    const cut = pruned > 0 ? t(`, ${String(pruned)} cut`, `，剪枝 ${String(pruned)} 次`) : '';
    const lines = [
      t(`${counted(ends.length, 'run has', 'runs have')} ended: ${String(done)} done, ${String(failed)} failed${cut}.`, `已结束 ${String(ends.length)} 次运行：完成 ${String(done)} 次，失败 ${String(failed)} 次${cut}。`), // prettier-ignore
    ];
    if (gone > 0) {
      lines.push(
        t(
          `${counted(gone, 'earlier run is', 'earlier runs are')} of a plan that was changed, and ${gone === 1 ? 'counts' : 'count'} no more.`,
          `另有 ${String(gone)} 次较早的运行属于更改前的计划，不再计入。`,
        ),
      );
    }
    for (const end of ends) if (end.state === 'failed') lines.push(this.#endText(end));
    return lines;
  }
}

const colon = (): string => t(': ', '：');

const firstLine = (reason: Text): string => say(reason).split('\n')[0] ?? '';

function startText({ slots, says, executor }: Kind<'start'>): string {
  return t(
    `Up to ${counted(slots, 'run')} at once (${plain(executor)}: ${plain(says.en)})`,
    `最多同时运行 ${String(slots)} 次（${plain(executor)}：${plain(says.zh)}）`,
  );
}

function deathText({ signal, code }: Kind<'death'>): string {
  const how = signal ?? (code === null ? '' : t(`exit code ${String(code)}`, `退出码 ${String(code)}`));
  const by = how === '' ? '' : t(` (${how})`, `（${how}）`);
  return t(`its process was ended${by}; it goes on from its checkpoint`, `进程被终止${by}，从检查点继续`);
}

function stateText(state: string): string {
  const words: Readonly<Record<string, string>> = {
    done: t('done', '已完成'),
    failed: t('failed', '失败'),
    pruned: t('cut', '已剪枝'),
  };
  return words[state] ?? plain(state);
}

const header = (): readonly string[] => [
  t('arm', '实验组'),
  t('done', '完成'),
  t('failed', '失败'),
  t('running', '进行中'),
  t('left', '剩余'),
];

const armRow = ({ arm, done, failed, pruned, running, waiting }: ArmCounts): readonly string[] => [
  plain(arm),
  pruned > 0 ? `${String(done)}+${String(pruned)}` : String(done),
  ...[failed, running, waiting].map(String),
];

function modeText(mode: DriverStatus['mode']): string | null {
  if (mode === 'paused') return t('paused', '已暂停');
  return mode === 'stopping' ? t('stopping', '正在停止') : null;
}

function remainingText(remaining: number | null, atMost: boolean): string {
  if (remaining === null) return t('remaining time unknown until a run has finished', '首次运行完成前无法估计剩余时间');
  const most = atMost ? t('at most ', '最多') : '';
  const time = durationText(remaining);
  return t(`${most}about ${time.en} left`, `剩余时间${most}约 ${time.zh}`);
}
