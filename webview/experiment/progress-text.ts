/** How far an experiment is, in words. Pure. */
import { durationText } from '../../src/common/duration.ts';
import type { Progress } from '../../src/messages/comparison.ts';
import type { Strings } from './strings.ts';

/** Runs that have ended in some way, of those that are known. */
export function totalsOf({ done, failed, pruned, running, waiting }: Progress): {
  readonly ended: number;
  readonly all: number;
} {
  const ended = done + failed + pruned;
  return { ended, all: ended + running + waiting };
}

/** `12 of 40 runs done · 2 running · 1 failed · about 12 min left`. Pure. */
export function progressText(progress: Progress, strings: Strings): string {
  const { running, failed, pruned, later, remaining, atMost, mode } = progress;
  const { ended, all } = totalsOf(progress);
  // A time that was told before the last run ended is no time left.
  const over = mode === 'done' || (ended === all && later === 0);
  const time = remaining === null || over ? '' : durationText(remaining)[strings.language];
  const parts = [
    strings.counts(ended, all),
    running > 0 ? strings.running(running) : '',
    failed > 0 ? strings.failed(failed) : '',
    pruned > 0 ? strings.pruned(pruned) : '',
    later > 0 ? strings.later(later) : '',
    time === '' ? '' : atMost ? strings.atMost(time) : strings.remaining(time),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
