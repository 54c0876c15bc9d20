/** What blocks and tasks read: names resolved to inputs, blocks and predictions. */
import type { Spec } from '../spec/index.ts';
import type { Vertex } from './graph.ts';
import { pointerTo } from './pointers.ts';
import type { PlanSource } from './plan.ts';

const taskPrefix = 'task:';

/** A name in an `input` list that means nothing. */
export interface UnknownSource {
  readonly written: string;
  readonly reader: { readonly kind: 'block' | 'task'; readonly name: string };
  readonly pointer: string;
  /** The nearest name that would mean something, written as the reader must write it. */
  readonly nearest: string | undefined;
}

export interface Sources {
  /** Blocks, then tasks, in source order. An unknown name stands for its nearest one, so that one slip stays one. */
  readonly vertices: readonly Vertex[];
  readonly unknown: readonly UnknownSource[];
  /** A block that reads `task:x`: only tasks may. */
  readonly taskInBlock: readonly UnknownSource[];
}

/** `nearest` finds the most similar of several names, or nothing. */
export function resolveSources(
  spec: Spec,
  nearest: (name: string, candidates: readonly string[]) => string | undefined,
): Sources {
  const unknown: UnknownSource[] = [];
  const taskInBlock: UnknownSource[] = [];
  const nodes = [...spec.network.keys(), ...spec.data.inputs.keys()];
  const predictions = [...spec.tasks.keys()].map((name) => taskPrefix + name);
  const meaning = (written: string, stopGradient: boolean): PlanSource | undefined => {
    if (written.startsWith(taskPrefix)) {
      const name = written.slice(taskPrefix.length);
      return spec.tasks.has(name) ? { kind: 'task', name, stopGradient } : undefined;
    }
    if (spec.network.has(written)) return { kind: 'block', name: written };
    return spec.data.inputs.has(written) ? { kind: 'input', name: written } : undefined;
  };
  const read = (reader: UnknownSource['reader'], written: readonly string[], stop: boolean): Vertex => {
    const section = reader.kind === 'block' ? 'network' : 'tasks';
    const sources: PlanSource[] = [];
    for (const [index, name] of written.entries()) {
      const pointer = pointerTo(section, reader.name, 'input', index);
      const source = meaning(name, stop);
      if (source?.kind === 'task' && reader.kind === 'block') {
        taskInBlock.push({ written: name, reader, pointer, nearest: undefined });
      } else if (source !== undefined) {
        sources.push(source);
      } else {
        const candidates = reader.kind === 'task' ? [...nodes, ...predictions] : nodes;
        const guess = nearest(
          name,
          candidates.filter((candidate) => candidate !== taskPrefix + reader.name),
        );
        unknown.push({ written: name, reader, pointer, nearest: guess });
        const meant = guess === undefined ? undefined : meaning(guess, stop);
        if (meant !== undefined) sources.push(meant);
      }
    }
    return { ...reader, sources };
  };
  const vertices = [
    ...[...spec.network].map(([name, block]) => read({ kind: 'block', name }, block.input, false)),
    ...[...spec.tasks].map(([name, task]) => read({ kind: 'task', name }, task.input, task.stopGradient)),
  ];
  return { vertices, unknown, taskInBlock };
}
