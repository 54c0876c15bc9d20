/** A run with a model, and the bundle with the tensors replaced by a function: what verbs ask of it, and what they make of the answer. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import type { TestContext } from 'node:test';
import { programFile } from '../../../../src/cli/places.ts';
import { createRun } from '../../../../src/runs/launch.ts';
import { temporaryFolder } from '../../runs/helpers.ts';
import { spec } from '../run-cli.ts';

// What is installed on the machine is no part of these tests.
process.env['MTL_RUNTIME_DIR'] = path.join(os.tmpdir(), 'mtl-no-runtime');

/** @returns the folder of the spec, which holds a run called `run` that has a model */
export function folderWithModel(context: TestContext): string {
  const root = fs.realpathSync(temporaryFolder(context));
  const specFile = path.join(root, 's.mtl.json');
  fs.writeFileSync(specFile, spec);
  const run = createRun({ text: spec, resolved: {}, specFile, root, name: 'x', directory: path.join(root, 'run') });
  fs.mkdirSync(path.join(run, 'model'));
  fs.writeFileSync(path.join(run, 'model', 'model.json'), '{}');
  return root;
}

/** @returns what the function was asked: the run's directory and the options, newest last */
export function answering(
  context: TestContext,
  name: 'evaluateRun' | 'predictRun' | 'suggest',
  answer: object,
): unknown[][] {
  // Modules are known by where they really lie.
  const file = fs.realpathSync(programFile('worker.cjs'));
  const require = createRequire(file);
  const asked: unknown[][] = [];
  const never = (): never => {
    throw new Error('asked for something else');
  };
  const exports = {
    ...{ evaluateRun: never, predictRun: never, suggest: never, suggestionNote: { en: 'the note', zh: '说明' } },
    [name]: (...words: unknown[]) => {
      asked.push(words);
      return Promise.resolve(answer);
    },
  };
  const before = require.cache[file];
  require.cache[file] = { exports, loaded: true, children: [] } as unknown as NodeJS.Module;
  context.after(() => {
    require.cache[file] = before;
  });
  return asked;
}
