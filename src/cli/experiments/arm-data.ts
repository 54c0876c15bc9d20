/** Arms, levels and points that set data or labels: what their rows tell, as for the spec itself. */
import { counted, text, type Text } from '../../common/text.ts';
import type { Design, Expansion, Variant } from '../../experiment/contract.ts';
import { hashOf } from '../../experiment/identity.ts';
import { effectiveSplit } from '../../experiment/single-task.ts';
import { applySettings, readSpec, toOrdered, type Problem, type Spec, type TaskSpec } from '../../spec/index.ts';
import { thisMachine } from '../../runtime/machine.ts';
import type { Place } from '../places.ts';
import { checkReading, rangesIn } from '../spec-file.ts';

/** So many are looked at; of the others it is said. */
const most = 24;

/** What differs in its rows or labels from the spec. */
interface Other {
  readonly arm: string;
  readonly variant: Variant;
}

/**
 * Reads the rows of every kind of data that arms bring, as {@link checkReading} does those of the spec.
 *
 * @param told problems of the spec itself: not told again, and of what is mere information no other case of the same
 */
export async function checkArmData(
  design: Design,
  { runs }: Expansion,
  where: Place & { readonly specFile: string },
  told: readonly Problem[],
): Promise<readonly Problem[]> {
  const known = new Set([formOf(design.spec)]);
  const others: Other[] = [];
  for (const { arm, variant } of runs) {
    const form = formOf(variant.spec);
    if (known.has(form) || isPart(variant.spec, design.spec)) continue;
    known.add(form);
    others.push({ arm, variant });
  }
  const ofSpec = new Set(told.map(({ code, message }) => `${code}\n${message.en}`));
  const codes = new Set(told.map(({ code }) => code));
  const said = new Set<string>();
  const rangeOf = rangesIn(design.text);
  const problems: Problem[] = [];
  for (const { arm, variant } of others.slice(0, most)) {
    const pointer = pointerOf(design, arm);
    const range = rangeOf(pointer);
    const reading = applySettings(readSpec(variant.text), variant.settings);
    const checked = await checkReading(reading, where, 'whole', () => range, thisMachine());
    for (const { code, message, severity, pointer: place } of checked.problems) {
      const identity = `${code}\n${message.en}`;
      // Levels of one factor, and points of one design, share a place, and may share what is wrong with them.
      const here = `${pointer}\n${identity}`;
      if (ofSpec.has(identity) || said.has(here) || (severity === 'information' && codes.has(code))) continue;
      said.add(here);
      problems.push({
        ...{ code, severity, range, pointer, fixes: [], origin: 'rows' },
        message: inArm(arm, place, message),
      });
    }
  }
  if (others.length > most) problems.push(notLookedAt(others.length - most, rangeOf('/experiment')));
  return problems;
}

/** All of a task but its place in the network: what its labels are, and what they must be for its loss. */
const labelsOf = ({ input: _, layers: __, stopGradient: ___, ...labels }: TaskSpec): string =>
  hashOf(toOrdered(labels));

const dataOf = (spec: Spec): string => hashOf(toOrdered({ ...spec.data, split: effectiveSplit(spec) }));

function formOf(spec: Spec): string {
  return hashOf([dataOf(spec), [...spec.tasks].map(([name, task]) => [name, labelsOf(task)])]);
}

/** A single-task baseline has rows and labels of the spec. */
function isPart(spec: Spec, whole: Spec): boolean {
  if (dataOf(spec) !== dataOf(whole)) return false;
  return [...spec.tasks].every(([name, task]) => {
    const other = whole.tasks.get(name);
    return other !== undefined && labelsOf(task) === labelsOf(other);
  });
}

function pointerOf({ arms }: Design, arm: string): string {
  return arms.find(({ id }) => id === arm)?.pointer ?? '/experiment/factors';
}

function inArm(arm: string, place: string, { en, zh }: Text): Text {
  return text(`"${arm}", ${place}: ${en}`, `“${arm}”的 ${place}：${zh}`);
}

function notLookedAt(count: number, range: Problem['range']): Problem {
  return {
    code: 'data-not-read',
    message: text(
      `${counted(count, 'setting')} of the data ${count === 1 ? 'was' : 'were'} not looked at, beyond the first ${String(most)}: what is wrong with ${count === 1 ? 'it' : 'them'} shows when the runs begin.`,
      `除前 ${String(most)} 种之外，还有 ${String(count)} 种数据设置未检查：其问题要到运行开始时才会显示。`,
    ),
    severity: 'information',
    ...{ range, pointer: '/experiment', fixes: [], origin: 'rows' },
  };
}
