/** The engine in use in one line: its name, the device, and whether steps are captured; if not, the engine says why. */
import type { EngineRecord } from '../../src/runs/events.ts';
import type { Strings } from './strings.ts';

export function engineText(strings: Strings, engine: EngineRecord): string {
  const { name, device, graph } = engine;
  const how = graph ? strings.captured : strings.eager;
  return [`${strings.engine}: ${name}`, device, how, engineDetail(strings, engine)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** What the engine says of itself, in the page's language; in English where the run's version had nothing else. */
export function engineDetail({ language }: Strings, { detail, zh = detail }: EngineRecord): string {
  return language === 'zh' ? zh : detail;
}
