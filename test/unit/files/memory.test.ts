import assert from 'node:assert/strict';
import os from 'node:os';
import { test } from 'node:test';
import { memoryGroups, memoryHere, memoryOf } from '../../../src/files/memory.ts';
import { fakeSystem } from './fake-system.ts';

const told = { total: 1000, free: 300, platform: 'linux', groups: [] };

test('a container has what it may take, not what the machine has', () => {
  assert.deepEqual(memoryOf(told), { total: 1000, available: 300 });
  assert.deepEqual(memoryOf({ ...told, groups: [{ limit: 400, used: 150, cache: 0 }] }), {
    total: 400,
    available: 250,
  });
  assert.deepEqual(memoryOf({ ...told, groups: [{ limit: 400, used: 10, cache: 0 }] }), { total: 400, available: 300 });
  // The tightest of nested ones.
  const nested = [
    { limit: 400, used: 100, cache: 0 },
    { limit: 500, used: 450, cache: 0 },
  ];
  assert.deepEqual(memoryOf({ ...told, groups: nested }), { total: 400, available: 50 });
  assert.deepEqual(memoryOf({ ...told, groups: [{ limit: 400, used: 420, cache: 0 }] }), { total: 400, available: 0 });
  assert.deepEqual(memoryOf({ ...told, groups: [{ limit: 2 ** 63, used: 5, cache: 0 }] }), {
    total: 1000,
    available: 300,
  });
});

test('files that a container holds in memory are there for the taking', () => {
  assert.equal(memoryOf({ ...told, groups: [{ limit: 400, used: 399, cache: 250 }] }).available, 251);
  assert.equal(memoryOf({ ...told, groups: [{ limit: 400, used: 100, cache: 120 }] }).available, 300);
});

test('on a Mac most of the memory counts as free', () => {
  assert.deepEqual(memoryOf({ ...told, platform: 'darwin' }), { total: 1000, available: 700 });
  assert.deepEqual(memoryOf({ ...told, platform: 'darwin', free: 800 }), { total: 1000, available: 800 });
});

test('control groups of the second version: its own and those around it, as far as they have a limit', (context) => {
  const root = fakeSystem(context, {
    'proc/self/cgroup': '0::/slice/box\n',
    'sys/fs/cgroup/slice/box/memory.max': '4000\n',
    'sys/fs/cgroup/slice/box/memory.current': '3900\n',
    'sys/fs/cgroup/slice/box/memory.stat': 'anon 400\nfile 3500\ninactive_file 3000\nactive_file 200\n',
    'sys/fs/cgroup/slice/memory.max': 'max\n',
    'sys/fs/cgroup/slice/memory.current': '9000\n',
  });
  assert.deepEqual(memoryGroups(root), [{ limit: 4000, used: 3900, cache: 3200 }]);
});

test('in a container its group is the outermost one, whatever it is called outside', (context) => {
  const root = fakeSystem(context, {
    'proc/self/cgroup': '0::/../kubepods/pod1\n',
    'sys/fs/cgroup/memory.max': '4000\n',
    'sys/fs/cgroup/memory.current': '100\n',
  });
  assert.deepEqual(memoryGroups(root), [{ limit: 4000, used: 100, cache: 0 }]);
});

test('control groups of the first version, among others', (context) => {
  const root = fakeSystem(context, {
    'proc/self/cgroup': '9:name=systemd:/\n5:cpu,cpuacct:/a:b\n4:memory:/a:b\n0::/\n',
    'sys/fs/cgroup/memory/a:b/memory.limit_in_bytes': '9223372036854771712\n',
    'sys/fs/cgroup/memory/a:b/memory.usage_in_bytes': '700\n',
    'sys/fs/cgroup/memory/a:b/memory.stat': 'inactive_file 1\ntotal_inactive_file 300\ntotal_active_file 50\n',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '8000\n',
    'sys/fs/cgroup/memory/memory.usage_in_bytes': '5000\n',
  });
  assert.deepEqual(memoryGroups(root), [
    { limit: 9223372036854771712, used: 700, cache: 350 },
    { limit: 8000, used: 5000, cache: 0 },
  ]);
});

test('a system without control groups, and files that say something else', (context) => {
  assert.deepEqual(memoryGroups(fakeSystem(context, {})), []);
  const root = fakeSystem(context, {
    'proc/self/cgroup': 'what\n0::/box\n',
    'sys/fs/cgroup/box/memory.max': '',
    'sys/fs/cgroup/box/memory.current': '12',
  });
  assert.deepEqual(memoryGroups(root), []);
});

test('this machine', () => {
  const { total, available } = memoryHere();
  assert.ok(total > 0 && total <= os.totalmem());
  assert.ok(available > 0 && available <= total);
});
