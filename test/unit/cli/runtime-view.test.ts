// What `mtl runtime install` says, in both languages and for programs.
import assert from 'node:assert/strict';
import { beforeEach, test, type TestContext } from 'node:test';
import { setLanguage } from '../../../src/cli/language.ts';
import { installedJson, installedText, progressLine } from '../../../src/cli/runtime-view.ts';
import type { Installed, Phase } from '../../../src/runtime/install.ts';

beforeEach(() => setLanguage('en'));

function told(context: TestContext, work: () => void): readonly string[] {
  const write = context.mock.method(process.stderr, 'write', () => true);
  work();
  const lines = write.mock.calls.map((call) => String(call.arguments[0]));
  write.mock.restore();
  return lines;
}

test('each phase has its word, and bytes are counted where there are many', (context) => {
  const words: Readonly<Record<Phase, readonly [string, string]>> = {
    check: ['Checking', '检查'],
    download: ['Fetching', '下载'],
    verify: ['Verifying', '校验'],
    unpack: ['Unpacking', '解压'],
    compile: ['Compiling with', '编译'],
    test: ['Testing', '测试'],
  };
  for (const [phase, [en, zh]] of Object.entries(words) as [Phase, readonly [string, string]][]) {
    setLanguage('en');
    assert.deepEqual(
      told(context, () => progressLine(false)(phase, 0, 1, 'a\u001bb')),
      [`${en} a\\u001bb\n`],
    );
    setLanguage('zh');
    assert.deepEqual(
      told(context, () => progressLine(false)(phase, 3e6, 2e9, 'x')),
      [`${zh} x 3 MB / 2.0 GB\n`],
    );
  }
  setLanguage('en');
  assert.deepEqual(
    told(context, () => progressLine(false)('verify', 1, 1e6, 'x')),
    ['Verifying x\n'],
  );
  assert.deepEqual(
    told(context, () => progressLine(false)('verify', 1, 1_000_001, 'x')),
    ['Verifying x 0 MB / 1 MB\n'],
  );
});

test('in a pipe a line every tenth, on a terminal one every hundredth in the place of the last', (context) => {
  const work = (terminal: boolean) => () => {
    const say = progressLine(terminal);
    for (let done = 0; done <= 1000; done++) say('download', done, 1000, 'x');
    say('download', 1000, 1000, 'y');
    say('verify', 1000, 1000, 'y');
    // Of what has no size, the beginning alone.
    say('test', 0, 0, 'y');
    say('test', 5, 0, 'y');
  };
  const piped = told(context, work(false));
  assert.equal(piped.length, 11 + 3);
  assert.deepEqual(piped.slice(-4), ['Fetching x\n', 'Fetching y\n', 'Verifying y\n', 'Testing y\n']);
  const drawn = told(context, work(true));
  assert.equal(drawn.length, 101 + 3);
  assert.equal(drawn.at(-1), '\r\u001b[KTesting y');
});

const probe: Installed['probe'] = {
  version: '2.21.0',
  gpu: false,
  device: null,
  whyNoGpu: { en: 'no driver', zh: '无驱动' },
};
const manifest: Installed['runtime']['manifest'] = {
  ...{ v: 1, name: 'tensorflow-cpu-2.21.0', version: '2.21.0', gpu: false, source: 'pip', addon: 'aa' },
  ...{ hashes: {}, bytes: 9e8, installed: 'then' },
};
const installed = (
  more: Partial<Installed['runtime']['manifest']> = {},
  seen: Partial<Installed['probe']> = {},
  already = false,
): Installed => ({
  runtime: { folder: '/r', manifest: { ...manifest, ...more }, current: true },
  probe: { ...probe, ...seen },
  already,
});
const both = (what: Installed): readonly string[] =>
  (['en', 'zh'] as const).map((language) => {
    setLanguage(language);
    return installedText(what);
  });

test('what was installed, or was there; the compiler, and a GPU that is not used', () => {
  const facts = 'TensorFlow 2.21.0 · CPU · 900 MB · /r';
  assert.deepEqual(both(installed()), [`Installed: ${facts}`, `已安装：${facts}`]);
  assert.deepEqual(both(installed({}, {}, true)), [
    `Already installed and working: ${facts}`,
    `已安装且可用：${facts}`,
  ]);
  assert.deepEqual(both(installed({ built: { compiler: 'g++ 12', source: 's' } })), [
    `Installed: ${facts}\nThe addon was compiled here with g++ 12.`,
    `已安装：${facts}\n插件由本机编译：g++ 12。`,
  ]);
  assert.deepEqual(both(installed({ gpu: true })), [
    `Installed: ${facts}\nThe GPU is not used: no driver.`,
    `已安装：${facts}\n未使用 GPU：无驱动。`,
  ]);
  const gpu = { gpu: true, whyNoGpu: null };
  assert.match(both(installed({ gpu: true }, { ...gpu, device: 'Some GPU' }))[0] ?? '', /^[^\n]* · Some GPU · [^\n]*$/);
  assert.match(both(installed({ gpu: true }, gpu))[0] ?? '', /^[^\n]* · GPU · [^\n]*$/);
  // What is no device of the engine that works is not named.
  assert.match(both(installed({}, { device: 'Some GPU' }))[0] ?? '', / · CPU · /);
});

test('the same for programs', () => {
  const common = { v: 1, name: 'tensorflow-cpu-2.21.0', version: '2.21.0', bytes: 9e8, source: 'pip', folder: '/r' };
  const json = (what: Installed): unknown => JSON.parse(installedJson(what));
  const plain = { ...common, gpu: false, usesGpu: false, device: null, already: false };
  assert.deepEqual(json(installed()), plain);
  assert.deepEqual(json(installed({ built: { compiler: 'g++ 12', source: 's' } }, {}, true)), {
    ...plain,
    already: true,
    compiler: 'g++ 12',
  });
  assert.deepEqual(json(installed({ gpu: true })), { ...plain, gpu: true, reason: 'no driver' });
  assert.deepEqual(json(installed({ gpu: true }, { gpu: true, device: 'Some GPU', whyNoGpu: null })), {
    ...{ ...plain, gpu: true, usesGpu: true, device: 'Some GPU' },
  });
});
