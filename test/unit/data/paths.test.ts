import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DataError } from '../../../src/data/error.ts';
import { findRoot, refusalOf, resolveInside } from '../../../src/data/paths.ts';

let folder = '';
let root = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paths-'));
  root = join(folder, 'project');
  await mkdir(join(root, 'sub/deep'), { recursive: true });
  await mkdir(join(root, '.git'));
  await writeFile(join(root, 'a.csv'), 'a\n1\n');
  await writeFile(join(root, 'sub/数据.csv'), 'a\n1\n');
  await writeFile(join(folder, 'secret.csv'), 'a\n1\n');
  await symlink(join(folder, 'secret.csv'), join(root, 'link.csv'));
  await symlink(join(root, 'a.csv'), join(root, 'sub/inner.csv'));
  await symlink(join(root, 'loop.csv'), join(root, 'loop.csv'));
});
after(async () => rm(folder, { recursive: true, force: true }));

async function codeOf(path: string, base = root, allowOutside = false): Promise<string> {
  try {
    await resolveInside(root, base, path, { allowOutside });
    return 'fine';
  } catch (error) {
    assert.ok(error instanceof DataError, String(error));
    assert.ok(error.message.includes(path.slice(0, 20)), error.message);
    return error.code;
  }
}

test('files inside the root, by any way that stays inside', async () => {
  assert.deepEqual(await resolveInside(root, join(root, 'sub'), '../a.csv'), {
    path: join(root, 'a.csv'),
    name: 'a.csv',
    bytes: 4,
  });
  assert.equal((await resolveInside(root, join(root, 'sub'), '数据.csv')).name, 'sub/数据.csv');
  assert.equal((await resolveInside(root, root, 'sub/inner.csv')).name, 'a.csv');
  assert.equal(await codeOf(join(root, 'a.csv')), 'fine');
});

test('what leads outside, by dots, by absolute path or by link', async () => {
  assert.equal(await codeOf('../secret.csv'), 'path-outside');
  assert.equal(await codeOf(join(folder, 'secret.csv')), 'path-outside');
  assert.equal(await codeOf('sub/../../secret.csv'), 'path-outside');
  assert.equal(await codeOf('link.csv'), 'path-outside');
  assert.equal(await codeOf('link.csv', root, true), 'fine');
  assert.equal(await codeOf('../secret.csv', root, true), 'fine');
  // A name that only looks like the way up.
  assert.equal(await codeOf('..secret.csv'), 'file-missing');
});

test('forms refused by their text alone, whatever exists', async () => {
  const forms = [
    '\\\\server\\share\\x.csv',
    '//server/share/x.csv',
    '\\/server',
    '\\\\.\\pipe\\x',
    '\\\\?\\C:\\x',
    'http://x/y.csv',
    'file:///etc/passwd',
    'data:text/csv,a',
    'vscode-remote://x',
    'C:x.csv',
    'con',
    'sub/NUL.csv',
    'aux.',
    'COM1',
    'lpt9.txt',
    'a.csv:stream',
    '/dev/zero',
    '/proc/self/environ',
    '/sys/kernel',
    '',
    'a\u0000.csv',
    'a\nb.csv',
  ];
  for (const form of forms) {
    assert.equal(await codeOf(form), 'path-refused', form);
    assert.equal(await codeOf(form, root, true), 'path-refused', form);
  }
  for (const fine of [
    'a.csv',
    'sub/数据.csv',
    '../x.csv',
    'console.csv',
    'null.csv',
    'C:/data/x.csv',
    'C:\\data\\x.csv',
  ])
    assert.equal(refusalOf(fine), undefined, fine);
});

test('only ordinary files: no folder, no pipe, no circle, nothing missing', async () => {
  assert.equal(await codeOf('sub'), 'not-a-file');
  assert.equal(await codeOf('nothing.csv'), 'file-missing');
  assert.equal(await codeOf('loop.csv'), 'unreadable');
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [join(root, 'pipe.csv')]);
    assert.equal(await codeOf('pipe.csv'), 'not-a-file');
  }
});

test('the root is the nearest ancestor with .git, else the folder of the spec', () => {
  assert.equal(findRoot(join(root, 'sub/deep/x.mtl.json')), root);
  assert.equal(findRoot(join(folder, 'x.mtl.json')), folder);
});

test('a letter and a colon are a drive at the beginning alone', () => {
  assert.match(refusalOf('c:data.csv')?.en ?? '', /drive letter/);
  assert.match(refusalOf('C:data.csv')?.en ?? '', /drive letter/);
  assert.match(refusalOf('data/c:x.csv')?.en ?? '', /colon/);
  assert.match(refusalOf('data/abc:x.csv')?.en ?? '', /colon/);
  assert.equal(refusalOf('c:/data.csv'), undefined);
  assert.equal(refusalOf('c:\\data.csv'), undefined);
});

test('each form is refused with its own reason', () => {
  for (const [path, reason] of [
    ['', 'the path is empty.'],
    ['x'.repeat(4097), 'the path is too long.'],
    ['a\u0000b', 'it holds a control character.'],
    ['a\u001fb', 'it holds a control character.'],
    ['a\u007f', 'it holds a control character.'],
    ['//server/x.csv', 'network and device paths are not allowed.'],
    ['\\\\server\\x.csv', 'network and device paths are not allowed.'],
    ['http://x/a.csv', 'addresses are not allowed. Download the file into the project.'],
    ['S3://x/a.csv', 'addresses are not allowed. Download the file into the project.'],
    ['git+ssh://x', 'addresses are not allowed. Download the file into the project.'],
    ['c:x.csv', 'a drive letter needs a full path after it.'],
    ['C:', 'a drive letter needs a full path after it.'],
    ['/dev/null', 'devices are not data files.'],
    ['/proc', 'devices are not data files.'],
    ['/sys/x', 'devices are not data files.'],
    ['con', '“con” is a device name on Windows. Rename the file.'],
    ['a/NUL.csv', '“NUL.csv” is a device name on Windows. Rename the file.'],
    ['a\\com1 .csv', '“com1 .csv” is a device name on Windows. Rename the file.'],
    ['lpt9', '“lpt9” is a device name on Windows. Rename the file.'],
    ['a:b.csv', 'a drive letter needs a full path after it.'],
    ['x/a:b.csv', 'a colon is not allowed in a file name.'],
    ['x/c:', 'a colon is not allowed in a file name.'],
    ['.a:b', 'a colon is not allowed in a file name.'],
  ] as const)
    assert.equal(refusalOf(path)?.en, reason, JSON.stringify(path.slice(0, 30)));
  for (const path of [
    'a.csv',
    'x'.repeat(4096),
    'C:\\data\\a.csv',
    'c:/data/a.csv',
    '/data/a.csv',
    'dev/a.csv',
    '/devices/a.csv',
    'x/dev/a',
    'console.csv',
    'my con.csv',
    'falcon',
    'a/b\\c',
    'com10x',
    'a b.csv',
    '数据.csv',
    'auxiliary/lpt',
  ])
    assert.equal(refusalOf(path), undefined, path.slice(0, 30));
});

test('what is no ordinary file is told as what it is, and long paths are shortened', async () => {
  const message = async (path: string): Promise<string> =>
    resolveInside(root, root, path).then(
      () => 'fine',
      (error: unknown) => (error instanceof DataError ? `${error.code} ${error.message}` : String(error)),
    );
  assert.equal(await message('sub'), 'not-a-file “sub” is a folder. Name a data file.');
  assert.equal(
    await message('none.csv'),
    'file-missing “none.csv”: there is no such file. Check the name; paths are relative to the file that names them.',
  );
  assert.equal(await message('a.csv/x'), 'unreadable “a.csv/x”: a part of the path is not a folder.');
  assert.equal(await message('loop.csv'), 'unreadable “loop.csv”: its symbolic links run in a circle.');
  const long = (length: number): string => './'.repeat(length).slice(0, length - 4) + 'none';
  assert.ok((await message(long(200))).includes(`“${long(200)}”`));
  assert.ok((await message(long(202))).includes(`“${long(202).slice(0, 200)}…”`));
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    assert.equal(await message('pipe'), 'not-a-file “pipe” is not an ordinary file. Name a data file.');
  }
});
