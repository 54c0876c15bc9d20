/** The engine in use in one line: its name, the device, and whether steps are captured; if not, the engine says why. */
import type { EngineRecord } from '../../src/runs/events.ts';
import type { Strings } from './strings.ts';

export function engineText(strings: Strings, { name, device, graph, detail }: EngineRecord): string {
  const how = graph ? strings.captured : strings.eager;
  return [`${strings.engine}: ${name}`, device, how, detail].filter((part) => part !== '').join(' · ');
}
