/**
 * TensorFlow's operations as far as a graph of ours may contain them: arguments, attributes, state. The table is made
 * from TensorFlow's own registry by scripts/operation-table.ts.
 */
import table from './operations.json' with { type: 'json' };
import { CaptureError } from '../../capture-error.ts';

/** One input or output: of a fixed type, of the type (and in the number) that an attribute says, or a list of types. */
export interface Argument {
  readonly name: string;
  readonly type: number;
  readonly typeAttribute: string | undefined;
  readonly numberAttribute: string | undefined;
  readonly listAttribute: string | undefined;
}

export interface Operation {
  readonly name: string;
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  /** By name: kind as TensorFlow writes it ("type", "list(int)" …) and whether it may be left out. */
  readonly attributes: ReadonlyMap<string, { readonly kind: string; readonly optional: boolean }>;
  /** Two of them with the same inputs are not the same: variables, random numbers. */
  readonly stateful: boolean;
}

interface Row {
  readonly in: readonly (readonly (string | number)[])[];
  readonly out: readonly (readonly (string | number)[])[];
  readonly attrs: readonly (readonly (string | number)[])[];
  readonly stateful?: boolean;
}

const rows = table as Readonly<Record<string, Row>>;
const known = new Map<string, Operation>();

export const operationNames: readonly string[] = Object.keys(rows);

/** @throws CaptureError for an operation that is not in the table */
export function operationOf(name: string): Operation {
  const before = known.get(name);
  if (before) return before;
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
  if (!row) throw new CaptureError(`the operation ${name} is not in the table of operations`, `运算表中没有 ${name}`);
  const made: Operation = {
    name,
    inputs: row.in.map(argumentOf),
    outputs: row.out.map(argumentOf),
    attributes: new Map(
      row.attrs.map(([attribute, kind, optional]) => [
        String(attribute),
        { kind: String(kind), optional: optional === 1 },
      ]),
    ),
    stateful: row.stateful === true,
  };
  known.set(name, made);
  return made;
}

function argumentOf([name = '', type = 0, ...attributes]: readonly (string | number)[]): Argument {
  const [typeAttribute, numberAttribute, listAttribute] = [0, 1, 2].map((place) => {
    const value = attributes[place];
    return typeof value === 'string' && value !== '' ? value : undefined;
  });
  return { name: String(name), type: Number(type), typeAttribute, numberAttribute, listAttribute };
}
