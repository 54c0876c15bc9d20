/** The picture before it is written down: nodes and edges by their keys, which collapsing and comparing change. */
import { escapeName, escapePhrase } from './escape.ts';
import type { Line } from './mermaid.ts';
import type { Change, DiagramNodeKind, PartRole } from './plan.ts';

export interface SketchNode {
  /** Unique in the picture: `block:trunk`, `task:species`. */
  readonly key: string;
  readonly kind: DiagramNodeKind;
  readonly role?: PartRole;
  readonly name: string;
  readonly shared: boolean;
  /** Index of the only task whose loss reaches it, or null. */
  readonly task: number | null;
  /** As drawn: the first one bold, the last one small. */
  readonly lines: readonly Line[];
  /** The same with exact numbers, for those who hover or listen. */
  readonly spoken: readonly string[];
  readonly pointer: string | null;
  /** What its last line says, where that is a size: shapes as they are written, and how many parameters. */
  readonly size?: { readonly shape: readonly string[]; readonly parameters: number | null };
  /** The block in whose frame it is drawn. */
  readonly frame?: string;
  /** Name of the group that it is a member of while the group is open. */
  readonly memberOf?: string;
  /** What it stands for while its group is closed. */
  readonly group?: { readonly id: string; readonly members: readonly string[] };
  /** In the picture of a difference; absent where both have it alike. */
  readonly change?: Change;
}

export interface SketchEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Weights of the tasks that it stands for; empty where it carries none. */
  readonly weights: readonly number[];
  readonly tasks: readonly string[];
  /** Gradients of several tasks flow along it. */
  readonly shared: boolean;
  /** No gradient flows back along it. */
  readonly cut: boolean;
  readonly change?: Change;
}

export interface SketchFrame {
  /** The block whose parts it holds. */
  readonly block: string;
  readonly title: string;
  readonly change?: Change;
}

export interface Sketch {
  readonly nodes: readonly SketchNode[];
  readonly edges: readonly SketchEdge[];
  readonly frames: readonly SketchFrame[];
}

export function nameLine(text: string): Line {
  return { text, encoded: escapeName(text) };
}

export function phraseLine(text: string): Line {
  return { text, encoded: escapePhrase(text) };
}
