/**
 * The messages between the editor and its webviews: one tagged union per direction and view. The page speaks first
 * (`ready`); the host answers with the whole state (`hydrate`) and sends deltas while the view is visible.
 * Both sides validate what they receive (`validate.ts`).
 */
import type { Diagram } from '../plan/types.ts';
import type { EventRecord } from '../runs/events.ts';

export type { Diagram, DiagramEdge, DiagramNode, DiagramNodeKind } from '../plan/types.ts';

export type Locale = 'en' | 'zh-cn';

/** State of a run as a person sees it. `crashed` = dead without an `end` record. */
export type RunState =
  'idle' | 'preparing' | 'running' | 'paused' | 'stopping' | 'stopped' | 'completed' | 'failed' | 'crashed';

export interface RunSummary {
  /** Directory name of the run. */
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  /** What went wrong and what to do, for `failed` and `crashed`: exit code or signal and the last lines of the log. */
  readonly problem?: string;
  /** The spec's weights, as frozen with the run: [task, weight] in source order. */
  readonly weights: readonly (readonly [string, number])[];
}

// ---- loss panel -------------------------------------------------------------------------------------------------

export type LossesToPage =
  /** `run` null: nothing to show. `records` is the whole history, superseded records already dropped. */
  | {
      readonly type: 'hydrate';
      readonly locale: Locale;
      readonly run: RunSummary | null;
      readonly records: readonly EventRecord[];
    }
  /** More records of the same run. */
  | { readonly type: 'records'; readonly run: string; readonly records: readonly EventRecord[] }
  | { readonly type: 'state'; readonly run: RunSummary };

export type LossesToHost =
  | { readonly type: 'ready' }
  | {
      readonly type: 'stop' | 'pause' | 'resume' | 'resumeFromCheckpoint' | 'openLog' | 'proposeGroups';
      readonly run: string;
    }
  | { readonly type: 'export'; readonly format: 'csv' | 'png' | 'svg'; readonly name: string; readonly base64: string }
  | { readonly type: 'error'; readonly message: string };

// ---- diagram ----------------------------------------------------------------------------------------------------

export type DiagramToPage =
  | {
      readonly type: 'hydrate';
      readonly locale: Locale;
      /** Last good picture, or null when the text never had one. */
      readonly diagram: Diagram | null;
      /** First error while the text is broken (the picture is then stale), or null. */
      readonly problem: string | null;
      /** File name of the spec, for saved pictures. */
      readonly name: string;
    }
  /** The cursor in the text is in this node's JSON. */
  | { readonly type: 'highlight'; readonly node: string | null }
  /** Live loss per task while a run of this spec is alive: [task, text]. */
  | { readonly type: 'losses'; readonly losses: readonly (readonly [string, string])[] };

export type DiagramToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'reveal'; readonly pointer: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'save'; readonly format: 'svg' | 'png'; readonly name: string; readonly base64: string }
  | { readonly type: 'error'; readonly message: string };
