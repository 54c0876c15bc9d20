import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applySettings, parseSetting, readSpec } from '../../../../src/spec/index.ts';
import { assertBilingual } from '../../bilingual.ts';
import { golden, withParts } from '../golden.ts';

const set = (source: string, ...settings: readonly string[]) =>
  applySettings(
    readSpec(source),
    settings.map((one) => {
      const { setting, problems } = parseSetting(one);
      assert.deepEqual(problems, []);
      assert.ok(setting);
      return setting;
    }),
  );

const article = golden('article');

test('values are put at pointers of the long form', () => {
  const { spec, problems } = set(
    article,
    '/training/learningRate=0.1',
    '/weights/分类=2',
    '/network/特征提取/layers/0/kernelSize/1=5',
    '/tasks/检测/target/0="b"',
  );
  assert.deepEqual(problems, []);
  assert.equal(spec?.training.learningRate, 0.1);
  assert.deepEqual([...spec.weights], [['分类', 2], ['回归', 0.3], ['检测', 0.2]]); // prettier-ignore
  const [conv] = spec.network.get('特征提取')?.layers ?? [];
  assert.ok(conv?.type === 'conv2d');
  assert.deepEqual(conv.kernelSize, [3, 5]);
  assert.deepEqual(spec.tasks.get('检测')?.target, ['b']);
});

test('a weight that was only a default can be set', () => {
  const { spec, problems } = set(golden('article').replace(/"weights":.*\n/, ''), '/weights/回归=3');
  assert.deepEqual(problems, []);
  assert.deepEqual([...(spec?.weights ?? [])], [['回归', 3], ['分类', 1], ['检测', 1]]); // prettier-ignore
});

test('setting a name resets the parameters', () => {
  const written = article.replace('"adam"', '{ "name": "adam", "beta1": 0.5 }');
  assert.deepEqual(set(written, '/training/optimizer/name=momentum').spec?.training.optimizer, {
    name: 'momentum',
    momentum: 0.9,
  });
  const strategy = withParts({ rest: '"strategy": { "name": "static", "normalize": "sum-to-one" }' });
  assert.deepEqual(set(strategy, '/strategy/name=static').spec?.strategy, readSpec(withParts({})).spec?.strategy);
  assert.deepEqual(set(strategy, '/strategy/name="dwa"').spec?.strategy, readSpec(withParts({ rest: '"strategy": "dwa"' })).spec?.strategy); // prettier-ignore
});

test('defaults that follow from a value follow it', () => {
  const { spec } = set(article, '/training/conventions=pytorch');
  assert.deepEqual(spec?.training.optimizer, { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
});

test('one of two keys that exclude each other takes the other out', () => {
  const { spec, problems } = set(article, '/training/steps=10');
  assert.deepEqual(problems, []);
  assert.equal(spec?.training.steps, 10);
  assert.equal(spec.training.epochs, undefined);
});

test('keys without a default can be set', () => {
  assert.equal(set(article, '/training/clipNorm=1').spec?.training.clipNorm, 1);
  assert.equal(set(article, '/training/earlyStopping={"patience":3}').spec?.training.earlyStopping?.patience, 3);
});

test('a pointer that leads to nothing is one problem with the nearest', () => {
  for (const pointer of [
    '/training/epoch',
    '/x',
    '/weights/y',
    '/network/特征提取/layers/9',
    '/__proto__/x',
    '/constructor',
    '/training/constructor/name',
    '/tasks/分类/loss/gamma',
    '/network/特征提取/layers/-',
    '/network/特征提取/layers/00/filters',
    '/network/特征提取/layers/0.0/filters',
    '/network/特征提取/layers/x0/filters',
  ]) {
    const { spec, problems } = set(article, `${pointer}=1`);
    assert.equal(spec, undefined, pointer);
    assert.deepEqual(problems.map(({ code, pointer: at }) => [code, at]), [['unknown-pointer', pointer]]); // prettier-ignore
    assert.ok(problems[0]?.message.zh.startsWith(`${pointer} 在此描述文件中没有对应的内容。`));
  }
  const messageOf = (setting: string) => set(article, setting).problems[0]?.message;
  assert.deepEqual(messageOf('/training/epoch=1'), {
    en: '/training/epoch leads to nothing in this spec. Did you mean /training/epochs?',
    zh: '/training/epoch 在此描述文件中没有对应的内容。是否指 /training/epochs？',
  });
  assert.deepEqual(messageOf('/weights/nowhere=1'), {
    en: '/weights/nowhere leads to nothing in this spec.',
    zh: '/weights/nowhere 在此描述文件中没有对应的内容。',
  });
});

test('the result is checked like text', () => {
  assert.deepEqual(set(article, '/training/epochs=0').problems.map(({ code, pointer }) => [code, pointer]), [['out-of-range', '/training/epochs']]); // prettier-ignore
  assert.deepEqual(set(article, '/network/特征提取/layers/2/units=many').problems.map(({ code }) => code), ['wrong-type']); // prettier-ignore
});

test('what is no setting is a problem', () => {
  for (const argument of ['', 'x=1', '/a', '/a~2=1']) {
    const { setting, problems } = parseSetting(argument);
    assert.equal(setting, undefined);
    assert.deepEqual(problems.map(({ code }) => code), ['bad-setting']); // prettier-ignore
    for (const { message, range, severity } of problems) {
      assertBilingual(message);
      assert.deepEqual([range, severity], [{ start: 0, end: 0 }, 'error']);
    }
  }
});

test('settings never throw', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 }), { maxLength: 5 }), fc.jsonValue(), (tokens, value) => {
      applySettings(readSpec(article), [{ pointer: tokens.map((token) => `/${token}`).join(''), value }]);
    }),
  );
});

test('what is no JSON, wholly, is a text: nothing of it is read as a number', () => {
  const values = {
    '2020-01-01': '2020-01-01',
    '3 dogs': '3 dogs',
    '[1,': '[1,',
    'true story': 'true story',
    uncertainty: 'uncertainty',
    '': '',
    'a=b': 'a=b',
    '1e-3': 0.001,
    '"10"': '10',
    true: true,
    null: null,
    '[1, 2]': [1, 2],
  };
  for (const [written, value] of Object.entries(values)) {
    assert.deepEqual(parseSetting(`/x=${written}`).setting, { pointer: '/x', value }, written);
  }
});

test('a value of which there are several forms is set within the form that was written', () => {
  const loss = { type: 'weighted-cross-entropy', classWeights: { '3': 2, '7': 4 } };
  const written = article.replace(
    '"type": "classification",',
    `"type": "classification", "loss": ${JSON.stringify(loss)},`,
  );
  assert.notEqual(written, article);
  const lossOf = (...settings: readonly string[]): unknown => {
    const { spec, problems } = set(written, ...settings);
    assert.deepEqual(problems, []);
    const task = spec?.tasks.get('分类');
    return task?.type === 'classification' && task.loss.type === 'weighted-cross-entropy'
      ? task.loss.classWeights
      : null;
  };
  assert.deepEqual(lossOf(), new Map([['3', 2], ['7', 4]])); // prettier-ignore
  assert.deepEqual(lossOf('/tasks/分类/loss/classWeights/7=5'), new Map([['3', 2], ['7', 5]])); // prettier-ignore
  assert.deepEqual(lossOf('/tasks/分类/loss/classWeights="balanced"'), 'balanced');
  const { problems } = set(written, '/tasks/分类/loss/classWeights/8=5');
  assert.deepEqual(problems.map(({ code }) => code), ['unknown-pointer']); // prettier-ignore
});

test('a key takes out only what it excludes itself', () => {
  const { spec, problems } = set(article.replace(/"epochs": \d+/, '"epochs": 7'), '/training/batchSize=9');
  assert.deepEqual(problems, []);
  assert.deepEqual([spec?.training.batchSize, spec?.training.epochs], [9, 7]);
});
