/** Which executor computes: the first row that can, and that shows in a rehearsal that its steps are right. */
import { joined, text, type Text } from '../../../common/text.ts';
import { CaptureError } from '../../../engine/capture-error.ts';
import type { Engine, EngineDescription } from '../../../engine/contract.ts';
import type { Model } from '../../model/build.ts';
import type { InferredTask } from '../passes/inference.ts';
import { captured } from './captured/row.ts';
import type { Candidate, ExecutorFactory, ExecutorRow, Inference, OpenedExecutor, StepsOptions } from './contract.ts';
import { eagerExecutor } from './eager/executor.ts';
import { eager } from './eager/row.ts';

/** In the order in which they are tried; the last one always can. */
export const executors: readonly ExecutorRow[] = [captured, eager];

/** A person who wants every step operation by operation sets this variable to 0. */
const environmentSwitch = 'MTL_CAPTURE';

/** What computes the steps of a run on an engine. */
export interface ChosenExecutor {
  /** To be called once. */
  readonly factory: ExecutorFactory;
  /**
   * Builds what it needs by taking a step for trial; nothing else of it remains. Where the step is not right, all steps
   * run operation by operation.
   *
   * @returns the engine as the `start` record tells of it
   */
  rehearse(step: () => void): EngineDescription;
}

export interface ChoiceOptions {
  /** Told once for each reason why some steps run operation by operation, once the rehearsal is over. */
  readonly onRefusal: (reason: Text) => void;
  /** Also where a run is too short for an executor to save anything. */
  readonly always?: boolean;
  readonly rows?: readonly ExecutorRow[];
}

/** What a rehearsal has to know of the choice. */
interface Made {
  readonly candidate: Candidate;
  /** Why rows before it were passed over. */
  readonly passedOver: readonly Text[];
}

/** Opens the executors that can compute on an engine; which of them computes is settled with the factory. */
export async function chooseExecutor(
  engine: Engine,
  { onRefusal, always = false, rows = executors }: ChoiceOptions,
): Promise<ChosenExecutor> {
  const { opened, reasons } = await openAll(engine, rows);
  let made: Made | undefined;
  let rehearsed = false;
  const tell = (reason: Text): void => {
    if (rehearsed) onRefusal(reason);
  };
  return {
    factory: (context, update) => {
      const beside = eagerExecutor(context, update);
      made = firstMade(opened, { context, update, eager: beside, onRefusal: tell, always }, reasons);
      return made.candidate.executor;
    },
    rehearse: (step) => {
      if (!made) throw new Error('There is no executor to rehearse with.');
      const refusals = rehearsalOf(made.candidate, step);
      rehearsed = true;
      return describe(engine.description, made.candidate, [...made.passedOver, ...refusals]);
    },
  };
}

/** Passes of a trained model, by the first executor that can. */
export async function openInference(
  engine: Engine,
  model: Model,
  tasks: readonly InferredTask[],
  rows = executors,
): Promise<Inference> {
  const { opened } = await openAll(engine, rows);
  const [first] = opened;
  if (!first) throw new Error('No executor can compute on this engine.');
  return first.inference(model, tasks);
}

/** Those that can, and why others for this very engine cannot. */
async function openAll(
  engine: Engine,
  rows: readonly ExecutorRow[],
): Promise<{ readonly opened: readonly OpenedExecutor[]; readonly reasons: readonly Text[] }> {
  const meant = rows.filter(({ engines }) => engines?.includes(engine.description.name) ?? true);
  const asked = meant.map((row) => ({ row, reason: reasonAgainst(row, engine) }));
  const able = asked.filter(({ reason }) => reason === null);
  const opened = await Promise.all(able.map(({ row }) => row.open(engine)));
  return { opened, reasons: asked.flatMap(({ reason }) => (reason === null ? [] : [reason])) };
}

function reasonAgainst(row: ExecutorRow, engine: Engine): Text | null {
  if (row !== eager && process.env[environmentSwitch] === '0')
    return text(`${environmentSwitch}=0`, `${environmentSwitch}=0`);
  return row.can(engine);
}

/** The first that can compute the steps of this very training. */
function firstMade(opened: readonly OpenedExecutor[], options: StepsOptions, reasons: readonly Text[]): Made {
  const passedOver = [...reasons];
  for (const each of opened) {
    try {
      return { candidate: each.steps(options), passedOver };
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      passedOver.push(error.text);
    }
  }
  throw new Error('No executor can compute on this engine.');
}

/** @returns why the executor does not compute, now that it has been tried */
function rehearsalOf({ rehearsal }: Candidate, step: () => void): readonly Text[] {
  if (!rehearsal) return [];
  if (rehearsal.refusals.length === 0) rehearsal.take(step);
  if (rehearsal.refusals.length > 0) rehearsal.retire();
  return rehearsal.refusals;
}

function describe(
  description: EngineDescription,
  { executor }: Candidate,
  reasons: readonly Text[],
): EngineDescription {
  const graph = executor.captured;
  if (reasons.length === 0) return { ...description, graph };
  const { en, zh } = joined(reasons);
  const why = text(`steps run operation by operation: ${en}`, `训练步逐个运算执行：${zh}`);
  return { ...description, graph, detail: joined([description.detail, why]) };
}
