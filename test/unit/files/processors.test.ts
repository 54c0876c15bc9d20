import assert from 'node:assert/strict';
import os from 'node:os';
import { test } from 'node:test';
import { processorShares, processorsHere } from '../../../src/files/processors.ts';
import { fakeSystem } from './fake-system.ts';

test('the second version of control groups: a quota in a period, of its own group and of those around it', (context) => {
  const root = fakeSystem(context, {
    'proc/self/cgroup': '0::/slice/box\n',
    'sys/fs/cgroup/slice/box/cpu.max': '150000 100000\n',
    'sys/fs/cgroup/slice/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/cpu.max': '400000 100000\n',
  });
  assert.deepEqual(processorShares(root), [1.5, 4]);
});

test('the first version, where the controller shares its folder', (context) => {
  const root = fakeSystem(context, {
    'proc/self/cgroup': '5:cpu,cpuacct:/box\n4:memory:/box\n',
    'sys/fs/cgroup/cpu/box/cpu.cfs_quota_us': '50000\n',
    'sys/fs/cgroup/cpu/box/cpu.cfs_period_us': '100000\n',
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    'sys/fs/cgroup/memory/box/cpu.cfs_quota_us': '1\n',
    'sys/fs/cgroup/memory/box/cpu.cfs_period_us': '1\n',
  });
  assert.deepEqual(processorShares(root), [0.5]);
});

test('no groups, and files that say something else', (context) => {
  assert.deepEqual(processorShares(fakeSystem(context, {})), []);
  const odd = fakeSystem(context, { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '100000 0\n' });
  assert.deepEqual(processorShares(odd), []);
});

test('here: one at least, and no more than Node counts', () => {
  const here = processorsHere();
  assert.ok(Number.isInteger(here) && here >= 1 && here <= os.availableParallelism());
});
