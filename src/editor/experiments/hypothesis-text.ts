/** Hypotheses as tests: where they stand, what they are called, what became of them. Pure. */
import { isFields } from '../../common/checks.ts';
import { text, withoutEnd, type Text } from '../../common/text.ts';
import type { HypothesisResult, LooksReport } from '../../experiment/comparison/contract.ts';
import { hypothesisText } from '../../experiment/report/cells.ts';
import { looksSummary } from '../../experiment/report/summaries.ts';
import type { Range, Spec } from '../../spec/index.ts';
import { rangeOf } from '../window/pointers.ts';

type Claim = Pick<HypothesisResult, 'id' | 'claim' | 'measure' | 'arms'>;

/** A hypothesis of a spec's text. */
export interface DeclaredHypothesis extends Claim {
  /** Tells it from the spec's others, also from one that has the same id by mistake. */
  readonly key: string;
  /** Offsets in the text. */
  readonly range: Range;
}

/**
 * The hypotheses of a spec in the order of its text.
 *
 * @param source the text that `spec` was read from
 */
export function declaredIn(source: string, { experiment }: Spec): readonly DeclaredHypothesis[] {
  const hypotheses = experiment?.hypotheses ?? [];
  return hypotheses.map(({ id, claim, measure, arms: [a = '', b = ''] }, index) => {
    const same = hypotheses.slice(0, index).filter((other) => other.id === id).length;
    const range = rangeOf(source, `/experiment/hypotheses/${index}`) ?? { start: 0, end: 0 };
    return { key: `${same}:${id}`, id, claim, measure, arms: [a, b], range };
  });
}

/** `main: "balanced" is better than "joint" on mass`. */
export function hypothesisLabel(declared: Claim): Text {
  const { en, zh } = hypothesisText(declared);
  return text(`${declared.id}: ${en}`, `${declared.id}：${zh}`);
}

/** Two claims that a result of one is a result of the other. */
export function claimsTheSame(a: Claim, b: Claim): boolean {
  return a.id === b.id && a.claim === b.claim && a.measure === b.measure && a.arms.join('\n') === b.arms.join('\n');
}

export type HypothesisOutcome = Claim & Pick<HypothesisResult, 'result' | 'reason'>;

export interface VerifyAnswer {
  readonly hypotheses: readonly HypothesisOutcome[];
  /** What must be said of looking again and again; null where nothing must. */
  readonly looks: Text | null;
}

const results: readonly string[] = ['supported', 'refuted', 'undecided'] satisfies HypothesisResult['result'][];
const claims: readonly string[] = ['superior', 'non-inferior', 'equivalent'] satisfies HypothesisResult['claim'][];
const isResult = (value: unknown): value is HypothesisResult['result'] =>
  typeof value === 'string' && results.includes(value);
const isClaim = (value: unknown): value is HypothesisResult['claim'] =>
  typeof value === 'string' && claims.includes(value);

/**
 * The answer of `mtl verify --json`.
 *
 * @param answer standard output of the command
 * @returns null when that is not what the command writes: it has failed, or is of another version
 */
export function readVerifyAnswer(answer: string): VerifyAnswer | null {
  const value = parsed(answer);
  if (!isFields(value) || value['v'] !== 1 || !Array.isArray(value['hypotheses'])) return null;
  const hypotheses = value['hypotheses'].map(outcomeOf);
  const looks = looksOf(value['looks']);
  if (looks === undefined || !hypotheses.every((one) => one !== null)) return null;
  return { hypotheses, looks: looksSummary({ looks }) };
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

function outcomeOf(value: unknown): HypothesisOutcome | null {
  if (!isFields(value) || !Array.isArray(value['arms'])) return null;
  const { id, claim, measure, result } = value;
  const [a, b] = value['arms'] as readonly unknown[];
  const reason = textOf(value['reason']);
  if (typeof id !== 'string' || typeof measure !== 'string' || typeof a !== 'string' || typeof b !== 'string') {
    return null;
  }
  return isClaim(claim) && isResult(result) && reason !== null
    ? { id, claim, measure, arms: [a, b], result, reason }
    : null;
}

function textOf(value: unknown): Text | null {
  if (!isFields(value)) return null;
  const { en, zh } = value;
  return typeof en === 'string' && typeof zh === 'string' ? { en, zh } : null;
}

/** Undefined for what is no report. */
function looksOf(value: unknown): LooksReport | null | undefined {
  if (value === null) return null;
  if (!isFields(value)) return undefined;
  const { count, declared, problem } = value;
  if (typeof count !== 'number' || typeof declared !== 'number') return undefined;
  const said = textOf(problem);
  return problem === null || said !== null ? { count, declared, problem: said } : undefined;
}

/** A state of the editor's tests with what is said of it. What is undecided is neither passed nor failed. */
export interface JudgedHypothesis {
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly message: Text;
}

const stateOf = { supported: 'passed', refuted: 'failed', undecided: 'skipped' } as const;

/**
 * What the experiment says of a hypothesis as it stands in the text now. The experiment answers for its frozen plan: of a
 * hypothesis that was added or changed since it says nothing, and no older result passes for one.
 */
export function judge(declared: Claim, outcomes: readonly HypothesisOutcome[]): JudgedHypothesis {
  const outcome = outcomes.find(({ id }) => id === declared.id);
  if (outcome === undefined) {
    return {
      state: 'skipped',
      message: text(
        'Not among the hypotheses that were declared when the experiment was begun: the runs say nothing of it.',
        '实验开始时未声明此假设：已有运行不能说明它。',
      ),
    };
  }
  if (!claimsTheSame(declared, outcome)) {
    const { en, zh } = hypothesisText(outcome);
    return {
      state: 'skipped',
      message: text(
        `Changed since the experiment was begun, when it was: ${en}. The runs say nothing of the new claim.`,
        `实验开始之后此假设有改动，原为：${zh}。已有运行不能说明新的主张。`,
      ),
    };
  }
  const { en, zh } = withoutEnd(outcome.reason);
  return outcome.result === 'undecided'
    ? { state: 'skipped', message: text(`Undecided: ${en}.`, `未定：${zh}。`) }
    : { state: stateOf[outcome.result], message: outcome.reason };
}

/** Of every hypothesis of a spec without an experiment. */
export const nothingRun: JudgedHypothesis = {
  state: 'skipped',
  message: text('Undecided: the experiment has not been run yet.', '未定：实验尚未运行。'),
};
