/** A recorded piece of a step that can become part of a graph of TensorFlow. */
import { CaptureError } from '../../../../engine/capture-error.ts';
import type { Conditions } from '../../../../engine/native/capture/conditions.ts';
import type { Graph } from '../../../../engine/native/capture/graph.ts';
import { importTrace } from '../../../../engine/native/capture/import.ts';
import type { Trace } from '../../../../engine/native/capture/recorder.ts';
import type { Output } from '../../../../engine/native/capture/graph-words.ts';
import { Recording } from '../../recorded/recording.ts';

export class GraphRecording extends Recording<Trace> {
  /**
   * The work as part of a graph.
   *
   * @param bind what stands for a named input; asked for those that are needed alone, once each
   * @param wanted names of results
   * @param conditions where runs may leave parts out
   */
  into(
    graph: Graph,
    bind: (input: string) => Output,
    wanted: readonly string[],
    conditions?: Conditions,
  ): ReadonlyMap<string, Output> {
    const names = this.inputs;
    const ids = new Map(wanted.map((name) => [name, this.resultId(name)]));
    const bindId = (id: number): Output | undefined => {
      const name = names.get(id);
      return name === undefined ? undefined : bind(name);
    };
    const outputs = importTrace(graph, this.trace, bindId, [...ids.values()], conditions);
    return new Map(
      [...ids].map(([name, id]) => {
        const output = outputs.get(id);
        if (!output) throw new CaptureError(`the step gives no ${name}`, `训练步未给出 ${name}`);
        return [name, output];
      }),
    );
  }
}
