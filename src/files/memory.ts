/** How much memory there is here, and how much of it a process may still take, containers' limits included. */
import * as os from 'node:os';
import * as process from 'node:process';
import { groupFolders, wholeNumber, type GroupFolder, type Version } from './control-groups.ts';

export interface Memory {
  /** Bytes. */
  readonly total: number;
  /** Bytes. */
  readonly available: number;
}

/** A group of processes with a limit of its own (a container, a service); bytes. */
export interface Group {
  readonly limit: number;
  readonly used: number;
  /** Of what is used: files held in memory, which the system drops as soon as a process wants the room. */
  readonly cache: number;
}

/** What the system tells, in bytes. */
export interface Told {
  readonly total: number;
  /** What could be had without a limit. */
  readonly free: number;
  readonly groups: readonly Group[];
  readonly platform: string;
}

/** What macOS calls free leaves out what it would give back at once. */
const shareOfMac = 0.7;

export function memoryOf({ total, free, groups, platform }: Told): Memory {
  const most = Math.min(total, ...groups.map(({ limit }) => limit));
  const left = platform === 'darwin' ? Math.max(free, shareOfMac * total) : free;
  const within = groups.map(({ limit, used, cache }) => Math.max(0, limit - Math.max(0, used - cache)));
  return { total: most, available: Math.min(left, most, ...within) };
}

/** Reads nothing but the system's own numbers. */
export function memoryHere(): Memory {
  const { platform } = process;
  const groups = platform === 'linux' ? memoryGroups() : [];
  return memoryOf({ total: os.totalmem(), free: os.freemem(), groups, platform });
}

/** Names of files, and of counters in `memory.stat`. */
const names: Readonly<Record<Version, { limit: string; used: string; cache: readonly string[] }>> = {
  1: {
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    cache: ['total_inactive_file', 'total_active_file'],
  },
  2: { limit: 'memory.max', used: 'memory.current', cache: ['inactive_file', 'active_file'] },
};

/** The groups that tell a limit. @param root as for {@link groupFolders} */
export function memoryGroups(root?: string): readonly Group[] {
  return groupFolders('memory', root).flatMap((folder) => groupOf(folder) ?? []);
}

function groupOf({ version, read }: GroupFolder): Group | undefined {
  const { limit: limitFile, used: usedFile, cache } = names[version];
  // “max”, or a number beyond any machine, where there is no limit.
  const [limit, used] = [wholeNumber(read(limitFile)), wholeNumber(read(usedFile))];
  if (limit === undefined || used === undefined) return undefined;
  const counters = new Map(
    (read('memory.stat') ?? '').split('\n').map((line) => {
      const [counter = '', value] = line.split(' ');
      return [counter, wholeNumber(value)] as const;
    }),
  );
  return { limit, used, cache: cache.reduce((sum, counter) => sum + (counters.get(counter) ?? 0), 0) };
}
