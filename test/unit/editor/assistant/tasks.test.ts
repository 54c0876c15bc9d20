// Tasks of specs: what they run, which of a tasks.json are filled in, and what their problem matchers make of real output.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import type { Task } from '../fake-classes.ts';
import { Uri } from '../fake-classes.ts';
import { speak, windowState } from '../fake-vscode.ts';
import { setLanguage } from '../../../../src/cli/language.ts';
import { within } from '../../cli/in-process.ts';
import { makePlace, quickFolder, specText } from '../../experiment/workplace.ts';

const { registerTasks } = await import('../../../../src/editor/assistant/tasks.ts');

interface Pattern { readonly name: string; readonly regexp: string; readonly file: number; readonly line: number; readonly column: number; readonly message: number; readonly code: number } // prettier-ignore
interface Matcher { readonly name: string; readonly severity: string; readonly pattern: string } // prettier-ignore
const { contributes } = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../../../package.json'), 'utf8')) as {
  contributes: {
    problemPatterns: Pattern[];
    problemMatchers: Matcher[];
    taskDefinitions: { type: string; required: string[]; properties: { verb: { enum: string[] } } }[];
  };
}; // prettier-ignore

interface Provider {
  readonly provideTasks: () => Promise<readonly Task[]>;
  readonly resolveTask: (task: { readonly definition: object; readonly scope?: unknown }) => Task | undefined;
}
const folder = { uri: Uri.file('/work space') };

function provider(context: TestContext): Provider {
  const registered = registerTasks(Uri.file('/extension') as never);
  context.after(() => void registered.dispose());
  return windowState.providers.get('mtl') as Provider;
}

beforeEach(() => {
  windowState.folders.splice(0, Infinity, folder);
  windowState.found = [Uri.file('/work space/a/x.mtl.json')];
  setLanguage('en');
});

test('every spec of the workspace has a task a verb; the verbs are those of package.json', async (context) => {
  const tasks = await provider(context).provideTasks();
  assert.deepEqual(
    tasks.map(({ name }) => name),
    ['check', 'train', 'plan', 'experiment'].map((verb) => `${verb} a/x.mtl.json`),
  );
  const [definition] = contributes.taskDefinitions;
  assert.deepEqual([definition?.type, definition?.properties.verb.enum], ['mtl', ['check', 'train', 'plan', 'experiment']]); // prettier-ignore
  assert.deepEqual(tasks.map(({ group }) => group), ['build', undefined, undefined, undefined]); // prettier-ignore
  const [check] = tasks;
  assert.deepEqual(check?.definition, { type: 'mtl', verb: 'check', spec: 'a/x.mtl.json' });
  assert.equal(check.scope, folder);
  assert.equal(check.source, 'mtl');
  const { process: program, args, options } = check.execution;
  assert.equal(program, process.execPath);
  assert.deepEqual(args, ['/extension/dist/cli.cjs', 'check', 'a/x.mtl.json', '--root', '/work space', '--lang', 'en']);
  assert.deepEqual(options, { cwd: '/work space', env: { ELECTRON_RUN_AS_NODE: '1' } });
  assert.deepEqual(check.problemMatchers.map((name) => name.replace('$', '')), contributes.problemMatchers.map(({ name }) => name)); // prettier-ignore
});

test('a spec outside of every folder has none; the language is the person’s', async (context) => {
  windowState.found = [Uri.file('/elsewhere/x.mtl.json')];
  assert.deepEqual(await provider(context).provideTasks(), []);
  windowState.found = [Uri.file('/work space/x.mtl.json')];
  speak('zh-cn');
  context.after(() => speak('en'));
  const [check] = await provider(context).provideTasks();
  assert.equal(check?.execution.args.at(-1), 'zh');
});

test('a task of tasks.json is filled in with its words, as the very definition that was given', (context) => {
  const { resolveTask } = provider(context);
  const resolve = (definition: object, scope: unknown = folder) => provider(context).resolveTask({ definition, scope });
  assert.equal(typeof resolveTask, 'function');
  const definition = { type: 'mtl', verb: 'train', spec: 'x.mtl.json', args: ['--seed', '7', 3] };
  const task = resolve(definition);
  assert.equal(task?.definition, definition);
  assert.deepEqual(task.execution.args.slice(1, 5), ['train', 'x.mtl.json', '--seed', '7']);
  assert.deepEqual(task.execution.args.slice(5), ['--root', '/work space', '--lang', 'en']);
  assert.equal(resolve({ type: 'mtl', verb: 'plan', spec: 'x.mtl.json' }, 1)?.scope, folder, 'a task of the workspace');
  for (const wrong of [{ verb: 'rm' }, { verb: 3 }, { verb: undefined }, { spec: 3 }, { spec: undefined }]) {
    assert.equal(resolve({ ...definition, ...wrong }), undefined, JSON.stringify(wrong));
  }
  windowState.folders.length = 0;
  assert.equal(resolve(definition, 1), undefined);
});

interface Found { readonly severity: string; readonly file: string; readonly line: number; readonly column: number; readonly message: string; readonly code: string } // prettier-ignore

/** What the matchers make of some output: a line that two of them take stands there twice. */
function matched(output: string): readonly Found[] {
  return output.split('\n').flatMap((line) =>
    contributes.problemMatchers.flatMap(({ severity, pattern }): Found[] => {
      const rule = contributes.problemPatterns.find(({ name }) => `$${name}` === pattern);
      const match = rule && new RegExp(rule.regexp).exec(line);
      if (!match) return [];
      const part = (at: number): string => match[at] ?? '';
      const { file, line: row, column, message, code } = rule;
      return [{ severity, file: part(file), line: Number(part(row)), column: Number(part(column)), message: part(message), code: part(code) }]; // prettier-ignore
    }),
  );
}
interface Told { readonly severity: string; readonly line: number; readonly column: number; readonly message: string; readonly code: string } // prettier-ignore
const short = { error: 'error', warning: 'warning', information: 'info' } as Readonly<Record<string, string>>;

for (const language of ['en', 'zh']) {
  test(`the problem matchers take every problem that mtl check and mtl plan print, once (${language})`, async (context) => {
    const place = quickFolder(context);
    makePlace(place, specText({ replicates: 3, factors: [] }, { epochs: 0, nonsense: 1 }));
    const words = ['tried.mtl.json', '--root', place, '--lang', language];
    const plain = await within(['check', ...words], place);
    const { problems } = JSON.parse((await within(['check', ...words, '--json'], place)).out) as { problems: Told[] };
    assert.ok(problems.length >= 2);
    const expected = problems.map(({ severity, line, column, message, code }) => ({ severity: short[severity], file: 'tried.mtl.json', line, column, message, code })); // prettier-ignore
    assert.deepEqual(matched(`${plain.out}${plain.err}`), expected);

    fs.writeFileSync(path.join(place, 'tried.mtl.json'), specText({ replicates: 3, budget: { runs: 2 } }));
    const planned = await within(['plan', ...words], place);
    const found = matched(`${planned.out}${planned.err}`);
    const lines = `${planned.out}${planned.err}`.split('\n').filter((line) => line.startsWith('tried.mtl.json:'));
    assert.equal(found.length, lines.length);
    assert.deepEqual(new Set(found.map(({ severity }) => severity)), new Set(['error', 'info']));
    assert.ok(found.some(({ code, line }) => code === 'pilot' && line === 1));
    assert.ok(found.some(({ code, severity }) => code === 'over-budget' && severity === 'error'));
  });
}
