// What became of the faults, by room.
import { roomOf } from '../rooms.mjs';
import { describe } from './faults.ts';
import type { Outcome } from './trial.ts';

interface Count {
  tried: number;
  mirrored: number;
  wider: number;
  equivalent: number;
  survived: number;
}
const none = (): Count => ({ tried: 0, mirrored: 0, wider: 0, equivalent: 0, survived: 0 });

function counted(outcomes: readonly Outcome[]): Count {
  const count = none();
  for (const { verdict, distance } of outcomes) {
    count.tried += 1;
    if (verdict === 'killed') count[distance === undefined || distance < 2 ? 'mirrored' : 'wider'] += 1;
    else count[verdict] += 1;
  }
  return count;
}

/** Of the faults that are not equivalent; 1 when there is none. */
export function share(outcomes: readonly Outcome[]): number {
  const { mirrored, wider, survived } = counted(outcomes);
  const all = mirrored + wider + survived;
  return all === 0 ? 1 : (mirrored + wider) / all;
}

export function table(outcomes: readonly Outcome[]): string {
  const roomOfEach = ({ fault }: Outcome): string => roomOf(fault.file) ?? fault.file;
  const rooms = [...new Set(outcomes.map(roomOfEach))].sort();
  const rows = rooms.map((room) => [room, counted(outcomes.filter((each) => roomOfEach(each) === room))] as const);
  const line = (name: string, { tried, mirrored, wider, equivalent, survived }: Count): string =>
    name.padEnd(16) + [tried, mirrored, wider, equivalent, survived].map((each) => String(each).padStart(11)).join('');
  const head =
    'room'.padEnd(16) +
    ['tried', 'by nearest', 'by others', 'equivalent', 'survived'].map((each) => each.padStart(11)).join('');
  return [head, ...rows.map(([room, count]) => line(room, count)), line('all', counted(outcomes))].join('\n');
}

export const survivors = (outcomes: readonly Outcome[]): string[] =>
  outcomes
    .filter(({ verdict }) => verdict === 'survived')
    .map(({ fault, tried, of }) => `${describe(fault)}  (${String(tried)} of ${String(of)} tests)`);
