#!/usr/bin/env node
/** The `mtl` command: the same verbs as the editor's, without an editor. */
import { guardPipes } from './output.ts';
import { complain, run } from './run.ts';

guardPipes();
// The exit code is set, not forced: what was written must reach its reader first.
run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = complain(error);
  },
);
