/** What a run does before its first step, as `progress` records name it. */
import { text, type Text } from './text.ts';

const phases = {
  compare: text('comparing files with the last start', '与上次启动时的文件比较'),
  engine: text('starting the engine', '启动引擎'),
  read: text('reading the data', '读取数据'),
  prepare: text('processing the data', '处理数据'),
  model: text('building the model', '构建模型'),
} as const satisfies Record<string, Text>;

export type Phase = keyof typeof phases;

/** A phase in words; a record of another version may have one that is not known here, which stays as it is. */
export function phaseText(phase: string): Text {
  return Object.hasOwn(phases, phase) ? phases[phase as Phase] : text(phase, phase);
}
