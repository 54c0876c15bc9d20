/** What the transfer ledger says at one recorded step, and where in the picture it is drawn. Pure. */
import type { Ledger, LedgerRecord } from '../../src/messages/ledger.ts';
import type { Diagram, DiagramEdge } from '../../src/plan/plan.ts';

export interface Pull {
  readonly task: string;
  readonly weight: number | null;
  readonly norm: number | null;
  /** weight · norm; null where either is unknown. */
  readonly weighted: number | null;
  /** Mean cosine with the other tasks that were present; null without one. */
  readonly cosine: number | null;
  /** Share of the records in which that mean is below 0; null without one. */
  readonly against: number | null;
}

/** All shared parameters together, in the place of a block's name. */
export const allBlocks = '';

/** The records that tell of a block; all of them where that is all blocks together. */
export const recordsOf = ({ records }: Pick<Ledger, 'records'>, block: string): readonly LedgerRecord[] =>
  block === allBlocks ? records : records.filter(({ blocks }) => Object.hasOwn(blocks, block));

const normOf = (record: LedgerRecord, block: string, place: number): number | null =>
  (block === allBlocks ? record.norms : record.blocks[block]?.norms)?.[place] ?? null;

const agreementOf = (record: LedgerRecord, block: string, place: number): number | null =>
  block === allBlocks ? meanCosine(record.cosines[place], place) : (record.blocks[block]?.agreement[place] ?? null);

/** At the record of this place among those that tell of the block. */
export function pullsAt(ledger: Ledger, index: number, block = allBlocks): readonly Pull[] {
  const records = recordsOf(ledger, block);
  const record = records[index];
  return ledger.tasks.map((task, place) => {
    const weight = record?.weights[place] ?? null;
    const norm = record === undefined ? null : normOf(record, block, place);
    const means = records.flatMap((one) => agreementOf(one, block, place) ?? []);
    return {
      ...{ task, weight, norm },
      weighted: weight === null || norm === null ? null : Math.abs(weight) * norm,
      cosine: record === undefined ? null : agreementOf(record, block, place),
      against: means.length === 0 ? null : means.filter((mean) => mean < 0).length / means.length,
    };
  });
}

function meanCosine(row: readonly (number | null)[] | undefined, own: number): number | null {
  const others = (row ?? []).filter((value, at): value is number => at !== own && value !== null);
  return others.length === 0 ? null : others.reduce((sum, value) => sum + value, 0) / others.length;
}

/** The largest weighted norm of all records: widths are shares of it, so that they compare over the training. 0 without one. */
export function largestPull({ tasks, records }: Ledger, block = allBlocks): number {
  const pulls = records.flatMap((record) =>
    tasks.map((_, place) => Math.abs(record.weights[place] ?? 0) * (normOf(record, block, place) ?? 0)),
  );
  return pulls.reduce((largest, pull) => Math.max(largest, pull), 0);
}

/** Pixels: 1 for nothing to 12 for the largest of the run. */
export const widthOf = (weighted: number, largest: number): number => (largest > 0 ? 1 + (11 * weighted) / largest : 1);

/** Edges by which a task alone reads what tasks share: there its gradient arrives. */
export function arrivals({ nodes, edges }: Diagram): readonly DiagramEdge[] {
  const shared = new Set(
    nodes.filter((node) => node.shared && (node.kind === 'block' || node.kind === 'part')).map(({ id }) => id),
  );
  return edges.filter(({ from, task }) => task !== null && shared.has(from));
}

/** Name of a task by its place among the tasks of the picture. */
export const taskNames = ({ nodes }: Diagram): readonly string[] =>
  nodes.filter(({ kind }) => kind === 'task').map(({ name }) => name);

/** The task that points most against the others; the first where nothing is known. */
export function mostAgainst(pulls: readonly Pull[]): string {
  const [worst] = pulls.toSorted((a, b) => (a.cosine ?? Infinity) - (b.cosine ?? Infinity));
  return worst?.task ?? '';
}
