// What the benchmark and its probe in the extension host say to each other.

export interface Wish {
  /** A spec of 2,000 lines. */
  readonly long: string;
  readonly keystrokes: number;
  /** A spec with a picture. */
  readonly spec: string;
  /** Directories of runs that can be compared. */
  readonly runs: readonly string[];
  /** How often each panel is opened and closed, and how often before that, until caches are full. */
  readonly panels: number;
  readonly before: number;
  /** Milliseconds that a panel stays open. */
  readonly shown: number;
}

/** The extension host's heap. */
export interface Held {
  readonly bytes: number;
  /** Null where its Node cannot count them. */
  readonly objects: number | null;
}

export interface PanelGrowth {
  readonly panels: number;
  readonly before: Held;
  readonly after: Held;
}

export interface Found {
  readonly keystrokes: readonly number[];
  readonly growth: Readonly<Record<string, PanelGrowth>>;
  readonly language: string;
  /** Why there is nothing of the above. */
  readonly error?: string;
}
