/** A planned run as a run directory holds it: text, settings, long form. */
import * as path from 'node:path';
import { RunError } from '../../runs/error.ts';
import { readFrozen, readRunRecord, resolvedText, sha256 } from '../../runs/frozen.ts';
import { orderedText } from '../../runs/json.ts';
import { text, type Text } from '../../common/text.ts';
import { applySettings, readSpec, toOrdered, type Ordered, type Setting, type SpecReading } from '../../spec/index.ts';
import type { PlannedRun } from '../contract.ts';
import { trainedForm } from '../identity.ts';
import type { PlanRecord } from '../plan-file.ts';

export interface RunForm {
  /** As `--set` takes them. */
  readonly set: readonly string[];
  readonly resolved: Ordered;
  /** SHA-256 of the long form. */
  readonly hash: string;
}

/** What a person reads beside a run: `joint 3`, `single (mass) 1`. */
export function runName({ arm, label, task, seed }: PlannedRun): string {
  const of = label === '' || arm.endsWith(label) ? '' : ` ${label}`;
  return `${arm}${of}${task === null ? '' : ` (${task})`} ${String(seed)}`;
}

const settingText = ({ pointer, value }: Setting): string => `${pointer}=${orderedText(toOrdered(value))}`;

/** Forms of runs; each of the few texts that they are made of is read once. */
export class Forms {
  readonly #readings = new Map<string, SpecReading>();

  of({ id, variant, replicate }: PlannedRun): RunForm {
    const settings = [...variant.settings, ...replicate.settings];
    const { spec } = applySettings(this.#read(variant.text), settings);
    if (spec === undefined) throw new Error(`the settings of run ${id} make no spec, though they were planned`);
    const resolved = trainedForm(spec);
    return { set: settings.map(settingText), resolved, hash: sha256(orderedText(resolved)) };
  }

  #read(written: string): SpecReading {
    const reading = this.#readings.get(written) ?? readSpec(written);
    this.#readings.set(written, reading);
    return reading;
  }
}

/**
 * Why a run directory is not the planned run of its name; null where it is.
 *
 * @param expected SHA-256 of the long form
 */
export function whyForeign(directory: string, plan: Pick<PlanRecord, 'id'>, expected: string): Text | null {
  const name = path.basename(directory);
  try {
    const { parent } = readRunRecord(directory);
    if (parent?.experiment !== plan.id || parent.trial !== name) {
      return text(
        `runs/${name} is not a run of this experiment. It is not counted; move it away.`,
        `runs/${name} 不是此实验的运行，不予计入；请将其移走。`,
      );
    }
    if (sha256(resolvedText(readFrozen(directory))) === expected) return null;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return text(`runs/${name} is not counted: ${error.text.en}`, `runs/${name} 不予计入：${error.text.zh}`);
  }
  return text(
    `The spec frozen in runs/${name} is not the planned one. It is not counted; move it away.`,
    `runs/${name} 中冻结的描述文件与计划不符，不予计入；请将其移走。`,
  );
}
