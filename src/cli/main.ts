#!/usr/bin/env node
/** The `mtl` command: the same verbs as the editor's, without an editor. */
import { guardOutput, outputCode } from './output.ts';
import { complain, run } from './run.ts';

guardOutput();
// The exit code is set, not forced: what was written must reach its reader first.
run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = outputCode(code);
  },
  (error: unknown) => {
    process.exitCode = complain(error);
  },
);
