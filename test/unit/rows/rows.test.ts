/** What CONTRIBUTING promises of adding a thing: these files and no others have to know of it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { complaints, root, type Complaint, type Overlay } from './overlay.ts';
import { probes, type Insertion, type NewFile, type Probe } from './probes.ts';

const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

/** The sources with all of these put in. */
function overlay(changes: readonly (Insertion | NewFile)[]): Overlay {
  const texts = new Map<string, string>();
  for (const change of changes) {
    if (!('before' in change)) {
      assert.ok(!fs.existsSync(path.join(root, change.file)), `${change.file} is there already`);
      texts.set(change.file, change.text);
      continue;
    }
    const text = texts.get(change.file) ?? read(change.file);
    assert.equal(text.split(change.before).length, 2, `“${change.before}” stands once in ${change.file}`);
    texts.set(
      change.file,
      text.replace(change.before, () => change.text + change.before),
    );
  }
  return texts;
}

const projects = [
  ['tsconfig.json', 'src'],
  ['webview/tsconfig.json', 'webview'],
] as const;
const said = (changes: readonly (Insertion | NewFile)[]): readonly Complaint[] => {
  const texts = overlay(changes);
  return projects.flatMap(([config, room]) => {
    const there = [...texts].filter(([file]) => file.startsWith(`${room}/`));
    return there.length === 0 ? [] : complaints(config, room, new Map(there));
  });
};

const lines = (list: readonly Complaint[]): string => list.map(({ file, message }) => `${file}: ${message}`).join('\n');

/** The files of the last column of CONTRIBUTING's table, by kind. */
const promised = new Map(
  [...read('CONTRIBUTING.md').matchAll(/^\| (?:an?) ([^|]+?) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, kind, own, rows]) => [
      kind,
      {
        own: (own?.match(/`[^`]+`/g) ?? []).length,
        rows: (rows?.match(/`[^`]+`/g) ?? []).map((file) => file.slice(1, -1)).toSorted(),
      },
    ],
  ),
);

void test('a new member of a kind is asked for in the rows that CONTRIBUTING names, and nowhere else', () => {
  const complained = said(probes.flatMap(({ word }) => word));
  // A type that is written out names all of its members.
  const itself = (message: string): string => message.replace(/\{.*\}/s, '');
  const of = ({ name }: Probe): readonly Complaint[] =>
    complained.filter(({ message }) => itself(message).includes(name));
  // What follows from a missing row in other places names no member; that nothing else is to be done shows in the next test.
  for (const probe of probes) {
    assert.deepEqual(
      [...new Set(of(probe).map(({ file }) => file))].toSorted(),
      promised.get(probe.kind)?.rows,
      `a ${probe.kind}: ${lines(of(probe))}`,
    );
  }
});

void test('with its files and rows nothing more is asked for', () => {
  assert.equal(lines(said(probes.flatMap(({ word, rest }) => [...word, ...rest]))), '');
});

void test('every kind of CONTRIBUTING’s table has its probe', () => {
  assert.deepEqual([...promised.keys()].toSorted(), probes.map(({ kind }) => kind).toSorted());
  for (const { own } of promised.values()) assert.ok(own > 0);
});
