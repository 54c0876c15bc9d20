/** Started by scripts/bench.mjs for `--peers`. */
import { parseArgs } from 'node:util';
import { runPeers } from './peers.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, slice: { type: 'string', default: '150' } },
});
await runPeers({ words: positionals, rounds: Number(values.rounds), slice: Number(values.slice) });
