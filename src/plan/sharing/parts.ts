/** How much a mechanism of sharing makes of a block, told before any of it is made. */
import { text } from '../../common/text.ts';
import { maxParts } from '../../spec/index.ts';
import type { SharedBlock, SharingMistake } from './contract.ts';

/**
 * Layers and connections of a block, at most: the copies of its layers, and in every stage what each consumer's gate,
 * stitch or attention reads of them. 0 for hard sharing.
 */
export function partsOf({ sharing, stages, consumers }: Pick<SharedBlock, 'sharing' | 'stages' | 'consumers'>): number {
  if (sharing.type === 'hard') return 0;
  const readers = Math.max(1, consumers.length);
  const layers = stages.reduce((sum, stage) => sum + Math.max(1, stage.length), 0);
  const copies =
    'experts' in sharing
      ? sharing.experts
      : 'taskExperts' in sharing
        ? sharing.sharedExperts + readers * sharing.taskExperts
        : readers;
  return copies * layers + stages.length * readers * (copies + readers);
}

export function tooManyParts(parts: number): SharingMistake {
  return {
    code: 'sharing-size',
    message: text(
      `Up to here the shared blocks come to ${String(parts)} layers and connections of experts, columns and gates; ${String(maxParts)} are the most. Use fewer experts, stages or consumers.`,
      `到此为止，共享模块的专家、列与门控共有 ${String(parts)} 个层和连接；最多 ${String(maxParts)} 个。请减少专家、阶段或下游。`,
    ),
  };
}
