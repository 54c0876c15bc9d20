/**
 * Progressive layered extraction (Tang et al., RecSys 2020): CGC on several levels, one a stage. On every level shared
 * experts see the shared stream r_s and the experts of a consumer its own stream r_t; the gate of a consumer reads r_t
 * and chooses among [shared, own], the shared gate reads r_s and chooses among [shared, every consumer's]; the last
 * level needs no shared gate. With `sharedGate: false` as in LibMTL: no shared stream, the shared experts are evaluated
 * on every consumer's own r_t.
 */
import type { SharedBlock, SharingOf, SharingOutcome, StageLayer } from './contract.ts';
import { blockInput, byConsumer, refuseIndices, Wiring } from './wiring.ts';

interface Level {
  readonly wiring: Wiring;
  readonly block: SharedBlock<SharingOf<'ple'>>;
  readonly prefix: string;
  readonly layers: readonly StageLayer[];
  readonly last: boolean;
  readonly counts: readonly number[];
}

/** @param counts experts of each consumer alone on every level, where they differ from the spec's one number */
export function ple(block: SharedBlock<SharingOf<'ple'>>, counts?: readonly number[]): SharingOutcome {
  const mistake = refuseIndices(block);
  if (mistake) return mistake;
  const wiring = new Wiring(block);
  let streams: readonly string[] = block.consumers.map(() => blockInput);
  let shared = blockInput;
  for (const [index, layers] of block.stages.entries()) {
    const level: Level = {
      wiring,
      block,
      prefix: `levels/${String(index)}`,
      layers,
      last: index === block.stages.length - 1,
      counts: block.consumers.map((_, at) => counts?.[at] ?? block.sharing.taskExperts),
    };
    [streams, shared] = block.sharing.sharedGate ? withSharedGate(level, streams, shared) : [onOwn(level, streams), ''];
  }
  return wiring.finish(
    'ple',
    byConsumer(block.consumers, (_, index) => streams[index] ?? ''),
  );
}

function withSharedGate(level: Level, streams: readonly string[], shared: string): [readonly string[], string] {
  const { wiring, block, prefix } = level;
  const common = experts(level, `${prefix}/experts`, '', block.sharing.sharedExperts, shared);
  const own = block.consumers.map(({ id, name }, index) =>
    experts(level, `${prefix}/experts/${id}`, `${name} `, level.counts[index] ?? 1, streams[index] ?? blockInput),
  );
  const next = block.consumers.map(({ id, name }, index) =>
    mixed(level, id, name, streams[index] ?? blockInput, [...common, ...(own[index] ?? [])]),
  );
  if (level.last) return [next, ''];
  const all = [...common, ...own.flat()];
  const gate = wiring.gate({ id: `${prefix}/gates/shared`, label: 'shared', reads: [shared] }, all.length);
  const stream = wiring.mixture({
    id: `${prefix}/mixtures/shared`,
    label: 'shared',
    reads: [gate, ...all],
    drawnWith: gate,
  });
  return [next, stream];
}

/** LibMTL 1.1.5: every consumer evaluates the shared experts on its own stream. */
function onOwn(level: Level, streams: readonly string[]): readonly string[] {
  const { wiring, block, prefix } = level;
  let owners: readonly string[] | undefined;
  return block.consumers.map(({ id, name }, index) => {
    const stream = streams[index] ?? blockInput;
    const first = owners;
    const common = first
      ? first.map((of, at) =>
          wiring.again(
            { id: `${prefix}/again/${id}/${String(at)}`, role: 'expert', label: String(at), reads: [stream] },
            of,
          ),
        )
      : experts(level, `${prefix}/experts`, '', block.sharing.sharedExperts, stream);
    owners ??= common;
    const own = experts(level, `${prefix}/experts/${id}`, `${name} `, level.counts[index] ?? 1, stream);
    return mixed(level, id, name, stream, [...common, ...own]);
  });
}

function mixed({ wiring, prefix }: Level, id: string, name: string, stream: string, among: readonly string[]): string {
  const gate = wiring.gate({ id: `${prefix}/gates/${id}`, label: name, reads: [stream] }, among.length);
  return wiring.mixture({ id: `${prefix}/mixtures/${id}`, label: name, reads: [gate, ...among], drawnWith: gate });
}

function experts(level: Level, id: string, label: string, count: number, stream: string): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    level.wiring.stack(
      { id: `${id}/${String(index)}`, role: 'expert', label: `${label}${String(index)}`, reads: [stream] },
      level.layers,
    ),
  );
}
