/** How much a stranger's file may ask for. Every limit is checked before the memory is taken. */
export interface Limits {
  /** Bytes of a text file (one string in memory). */
  readonly textBytes: number;
  /** Bytes read to learn the columns of a text file; more where they hold too few lines, up to `line`. */
  readonly headerBytes: number;
  readonly columns: number;
  /** Characters of one CSV cell. */
  readonly cell: number;
  /** Characters of one record (CSV) or line (JSONL). */
  readonly line: number;
  /** Nesting of arrays in a JSONL value. */
  readonly depth: number;
  /** Members of an NPZ archive. */
  readonly members: number;
  /** Bytes of one array, and of all arrays of an archive together, once inflated. */
  readonly arrayBytes: number;
  readonly archiveBytes: number;
  /** Bytes handled at once of a file that is read in parts. */
  readonly partBytes: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: Limits = {
  textBytes: 400 * MiB,
  headerBytes: 64 * 1024,
  columns: 50_000,
  cell: 4 * MiB,
  line: 32 * MiB,
  depth: 8,
  members: 1000,
  arrayBytes: 2048 * MiB,
  archiveBytes: 4096 * MiB,
  partBytes: 4 * MiB,
};
