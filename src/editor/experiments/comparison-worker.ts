/** The thread of a comparison's tab: reads and compares, so that nothing in the editor waits for it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, Compared, ComparisonSource, Question } from './comparison-source.ts';
import { ExperimentSource } from './experiment-source.ts';
import { RunsSource } from './runs-source.ts';

function sourceOf(compared: Compared): ComparisonSource {
  return 'experiment' in compared ? new ExperimentSource(compared.experiment) : new RunsSource(compared.runs);
}

/** Answers one question after another; a comparison that has not changed is not handed over again. */
function serve(port: NonNullable<typeof parentPort>, source: ComparisonSource): void {
  let last: unknown = null;
  const say = (answer: Answer): void => port.postMessage(answer);
  port.on('message', ({ baseline, reveal }: Question) => {
    try {
      if (reveal) source.reveal();
      const found = source.look(baseline, (progress) => say({ kind: 'progress', progress }));
      const same = found.comparison !== null && found.comparison === last;
      if (found.comparison !== null) last = found.comparison;
      say({ kind: 'found', same, found: same ? { ...found, comparison: null, surface: null } : found });
    } catch (error) {
      say({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}

if (parentPort !== null) serve(parentPort, sourceOf(workerData as Compared));
