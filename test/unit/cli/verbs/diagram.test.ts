/** `mtl diagram A --against B`: specs and runs in one picture, the lines that differ, and what cannot be compared. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { writeFrozen, writeRunRecord } from '../../../../src/runs/frozen.ts';
import { readSpec } from '../../../../src/spec/index.ts';
import { within, type Printed } from '../in-process.ts';
import { spec, table } from '../run-cli.ts';

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);
const diagram = (...args: string[]): Promise<Printed> => within(['diagram', ...args], folder);

function freeze(name: string, text: string): void {
  fs.mkdirSync(at(name));
  writeFrozen(at(name), { text, set: [], resolved: readSpec(text).spec });
  writeRunRecord(at(name), { v: 1, id: name, name, created: 1, format: 1, root: '..', spec: 's.mtl.json', parent: null }); // prettier-ignore
}

const heavier = spec.replace(/"10": ?0\.5/, '"10": 0.25');

before(() => {
  assert.notEqual(heavier, spec);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-diagram-'));
  fs.writeFileSync(at('s.mtl.json'), spec);
  fs.writeFileSync(at('b.mtl.json'), heavier);
  fs.writeFileSync(at('bad.mtl.json'), '{');
  fs.writeFileSync(at('table.csv'), table);
  freeze('run', heavier);
  fs.mkdirSync(at('other'));
  fs.writeFileSync(at('other', 's.mtl.json'), spec);
  fs.writeFileSync(at('other', 'table.csv'), table);
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test('two specs: one picture on stdout, the lines that differ on stderr', async () => {
  const { code, out, err } = await diagram('s.mtl.json', '--against', 'b.mtl.json');
  assert.equal(code, 0, err);
  assert.match(out, /^graph TB/);
  assert.match(out, /"≠ × 0\.25 → × 0\.5"/);
  assert.match(out, /k0\["#43; only in s\.mtl\.json"\]/);
  assert.match(err, /\n≠ \/weights\/10: 0\.25 → 0\.5\n$/);
});

test('a spec against a run: what is frozen with the run counts', async () => {
  const { code, out, err } = await diagram('s.mtl.json', '--against', 'run', '--direction', 'LR');
  assert.equal(code, 0, err);
  assert.match(out, /^graph LR/);
  assert.match(err, /\/weights\/10: 0\.25 → 0\.5\n$/);
  const turned = await diagram('run', '--against', 's.mtl.json', '--lang', 'zh');
  assert.match(turned.err, /实验描述文件中不同的各行（完整形式）：\n≠ \/weights\/10: 0\.5 → 0\.25\n$/);
  assert.match(turned.out, /仅在 run 中/);
  const alone = await diagram('run');
  assert.equal(alone.code, 0, alone.err);
  assert.match(alone.out, /^graph TB/);
});

test('the same twice: said, in both languages; names that are alike are told apart by their folders', async () => {
  const same = await diagram('s.mtl.json', '--against', 'other/s.mtl.json');
  assert.match(same.err, /Nothing of the picture differs\.\nThe two specs say the same\.\n$/);
  assert.match(same.out, /accTitle: .*against other#47;s#46;mtl#46;json/);
  const zh = await diagram('s.mtl.json', '--against', 's.mtl.json', '--lang', 'zh');
  assert.match(zh.err, /图中没有不同之处。\n两个实验描述文件内容相同。\n$/);
});

test('what cannot be compared is told, in both languages', async () => {
  const wrong: readonly (readonly [string, string, RegExp, RegExp])[] = [
    ['s.mtl.json', 'nowhere', /There is no file "nowhere"/, /没有文件“nowhere”/],
    ['s.mtl.json', 'other', /"other" is not a run directory/, /“other”不是运行目录/],
    ['s.mtl.json', 'bad.mtl.json', /"bad\.mtl\.json" cannot be drawn/, /“bad\.mtl\.json”无法绘制/],
    ['bad.mtl.json', 's.mtl.json', /"bad\.mtl\.json" cannot be drawn/, /“bad\.mtl\.json”无法绘制/],
  ];
  for (const [first, second, en, zh] of wrong) {
    const english = await diagram(first, '--against', second, '--lang', 'en');
    assert.notEqual(english.code, 0);
    assert.equal(english.out, '');
    assert.match(english.err, en);
    assert.match((await diagram(first, '--against', second, '--lang', 'zh')).err, zh);
  }
  freeze('future', spec.replace('"10"', '"10"'));
  const frozen = JSON.parse(fs.readFileSync(at('future', 'spec.json'), 'utf8')) as { resolved: unknown };
  fs.writeFileSync(at('future', 'spec.json'), JSON.stringify({ ...frozen, resolved: { tasks: 3 } }));
  assert.match(
    (await diagram('s.mtl.json', '--against', 'future', '--lang', 'en')).err,
    /cannot be read by this version/,
  );
});
