/** The engine in use: its name and the device; whether steps are captured; if not, the engine says why. */
import type { EngineRecord } from '../../src/runs/events.ts';
import type { Strings } from './strings.ts';

/** What stands in the toolbar. */
export function engineChip({ name, device }: EngineRecord): string {
  return `${name} · ${device}`;
}

/** All of it, in one line. */
export function engineText(strings: Strings, engine: EngineRecord): string {
  return `${strings.engine}: ${[engineChip(engine), ...restOf(strings, engine)].join(' · ')}`;
}

/** What there is not room for in the toolbar. */
export function restOf(strings: Strings, engine: EngineRecord): readonly string[] {
  const how = engine.graph ? strings.captured : strings.eager;
  return [how, engineDetail(strings, engine)].filter((part) => part !== '');
}

/** What the engine says of itself, in the page's language; in English where the run's version had nothing else. */
function engineDetail({ language }: Strings, { detail, zh = detail }: EngineRecord): string {
  return language === 'zh' ? zh : detail;
}
