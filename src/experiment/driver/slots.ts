/**
 * How many runs a machine takes at once. Pure: what the machine has is told.
 *
 * Never more threads than processors: a run that waits for its turn is slower than one that begins later, and two that
 * share a processor tell nobody how long a run takes.
 */
import { text, type Text } from '../../common/text.ts';
import { sizeText } from '../../common/size.ts';

export interface SlotRequest {
  /** Runs at once, as asked or by the budget; null for as many as fit. */
  readonly jobs: number | null;
  readonly processors: number;
  /** Threads of a usual run. */
  readonly threads: number;
  /** They share one GPU: one at a time, unless more are asked for. */
  readonly gpu: boolean;
}

export interface Slots {
  readonly slots: number;
  /** Where the number comes from. */
  readonly says: Text;
}

export function slotsFor({ jobs, processors, threads, gpu }: SlotRequest): Slots {
  const cores = text(`${String(processors)} processors`, `${String(processors)} 个处理器`);
  const each =
    threads === 1
      ? text('one thread a run', '每次运行一个线程')
      : text(`${String(threads)} threads a run`, `每次运行 ${String(threads)} 个线程`);
  const most = Math.max(1, Math.floor(processors / threads));
  if (gpu && jobs === null) return { slots: 1, says: text('one GPU', '一个 GPU') };
  const slots = Math.max(1, Math.min(jobs ?? most, most));
  const asked =
    jobs !== null && jobs > most
      ? text(`; ${String(jobs)} were asked for`, `；所请求的为 ${String(jobs)}`)
      : jobs !== null && jobs < most
        ? text(', as asked', '，按请求')
        : text('', '');
  return { slots, says: text(`${cores.en}, ${each.en}${asked.en}`, `${cores.zh}，${each.zh}${asked.zh}`) };
}

/** What a run holds, or is going to. */
export interface Load {
  readonly threads: number;
  /** Bytes that it is likely to take at its most. */
  readonly bytes: number;
  /** Bytes that it has taken of the machine already; null where that cannot be known. */
  readonly taken: number | null;
}

/** Share of the free memory that runs may fill: the rest is for who works beside. */
export const memoryShare = 0.9;

/**
 * Whether one more run may begin beside those that are live; null where it may. With nothing else alive it always may:
 * waiting would help nobody.
 *
 * @param available bytes of the machine that may still be taken
 */
export function whyNoRoom(
  next: Pick<Load, 'threads' | 'bytes'>,
  live: readonly Load[],
  machine: { readonly slots: number; readonly processors: number; readonly available: number },
): Text | null {
  if (live.length === 0) return null;
  if (live.length >= machine.slots) return text('all slots are taken', '名额已满');
  const threads = live.reduce((sum, load) => sum + load.threads, next.threads);
  if (threads > machine.processors) return text('all processors are busy', '处理器已全部占用');
  // What live runs are still going to take is not free any more. Of one that cannot be asked all of it counts.
  const promised = live.reduce((sum, { bytes, taken }) => sum + Math.max(0, bytes - (taken ?? 0)), 0);
  const left = memoryShare * machine.available - promised;
  if (next.bytes <= left) return null;
  return text(
    `another run would take about ${sizeText(next.bytes)} of memory, and about ${sizeText(Math.max(0, left))} are free`,
    `再启动一次运行约需内存 ${sizeText(next.bytes)}，可用约 ${sizeText(Math.max(0, left))}`,
  );
}
