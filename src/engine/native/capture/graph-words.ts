/** Words of TensorFlow's graphs: element types, attributes, nodes. */

/** DataType of types.proto, as far as tfjs knows them. */
export const dataTypes = { float: 1, uint8: 4, string: 7, int32: 3, int64: 9, bool: 10, resource: 20 } as const;

export type AttributeValue =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'int' | 'float' | 'type'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: Constant }
  | { readonly kind: 'list(int)' | 'list(float)' | 'list(type)'; readonly value: readonly number[] }
  | { readonly kind: 'list(bool)'; readonly value: readonly boolean[] };

/** A tensor whose values are known: row-major, little-endian. */
export interface Constant {
  readonly type: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Node {
  readonly name: string;
  readonly operation: string;
  readonly inputs: readonly Output[];
  /** Nodes that run before this one without giving it a value. */
  readonly after: readonly Node[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** Element types of its outputs. */
  readonly types: readonly number[];
}

/** One output of a node: what another node reads, a run feeds or fetches. */
export interface Output {
  readonly node: Node;
  readonly index: number;
}
