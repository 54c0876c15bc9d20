/** What is told of data that are read from disk. */
import { text, type Text } from '../../common/text.ts';
import { sizeText } from '../../common/size.ts';
import type { Storage } from '../dataset.ts';
import type { Waits } from './ahead.ts';

/** For log.txt. */
export function storageText({ memory, estimate, disk }: Storage): string {
  return `The data would take about ${sizeText(estimate)} in memory and may take ${sizeText(memory)}: they are read from disk while the network trains (${sizeText(disk)} in temporary files).`;
}

/** For log.txt, when the training is over. */
export function waitsText({ batches, late, direct, seconds, first }: Waits): string {
  return `Read from disk: ${batches} batches ahead of the training, ${late} of them late, ${direct} on the spot; it waited ${seconds.toFixed(3)} s, and ${first.toFixed(3)} s for the first batches.`;
}

/** Waiting below this share of the time is not worth a word. */
const worthTelling = 0.05;
/** Before so many seconds it says little. */
const soonest = 10;

/** A warning where a run of so many seconds has waited for its data for too large a part of them; null otherwise. */
export function slowText(waits: Waits | undefined, seconds: number): Text | null {
  if (waits === undefined || seconds < soonest || waits.seconds < worthTelling * seconds) return null;
  const share = Math.round((100 * waits.seconds) / seconds);
  return text(
    `${share} % of the time so far went into waiting for data from disk. Allow more memory (--memory, data.memory), put the files on a faster disk, or use larger batches.`,
    `到目前为止，${share} % 的时间用于等待从磁盘读取数据。请允许使用更多内存（--memory、data.memory），将文件放到更快的磁盘上，或使用更大的批次。`,
  );
}
