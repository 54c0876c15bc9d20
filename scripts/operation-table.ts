/**
 * Writes src/engine/native/capture/operations.json, the table of TensorFlow's operations that a graph may be
 * made of, from the registry of an installed TensorFlow: `node --import tsx scripts/operation-table.ts [RUNTIME]`,
 * where RUNTIME is the folder of a runtime (`mtl doctor` names it). Needs python3, for its foreign function interface.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { currentRuntime } from '../src/runtime/installed.ts';
import { runtimeFolder } from '../src/runtime/layout.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The kernels of the engine, in whose sources every operation stands by its name. */
const sources = [
  'node_modules/@tensorflow/tfjs-core/dist/kernel_names.js',
  'node_modules/@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js',
  'node_modules/@tensorflow/tfjs-node-gpu/dist/kernels',
  'src/engine/native',
  'src/trainer/step/executors/captured',
];

/** TF_GetAllOpList of TensorFlow's C interface: a serialized OpList (op_def.proto). */
const readRegistry = `
import ctypes, sys
class Buffer(ctypes.Structure):
    _fields_ = [('data', ctypes.c_void_p), ('length', ctypes.c_size_t), ('deallocate', ctypes.c_void_p)]
folder = sys.argv[1]
ctypes.CDLL(folder + '/libtensorflow_framework.so.2', mode=ctypes.RTLD_GLOBAL)
library = ctypes.CDLL(folder + '/libtensorflow_cc.so.2')
library.TF_GetAllOpList.restype = ctypes.POINTER(Buffer)
buffer = library.TF_GetAllOpList().contents
sys.stdout.buffer.write(ctypes.string_at(buffer.data, buffer.length))
`;

type Field = readonly [number: number, value: number | Buffer];

/** The fields of one message of protocol buffers; groups and fixed-width numbers do not occur where this reads. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const kind = key & 7;
    if (kind === 0) fields.push([key >> 3, varint()]);
    else if (kind === 2) {
      const length = varint();
      fields.push([key >> 3, message.subarray(at, (at += length))]);
    } else if (kind === 5) at += 4;
    else if (kind === 1) at += 8;
    else throw new Error(`A field of kind ${String(kind)} in the list of operations.`);
  }
  return fields;
}

const messages = (fields: readonly Field[], number: number): Buffer[] =>
  fields.flatMap(([field, value]) => (field === number && Buffer.isBuffer(value) ? [value] : []));
const text = (fields: readonly Field[], number: number): string => messages(fields, number)[0]?.toString('utf8') ?? '';
const integer = (fields: readonly Field[], number: number): number =>
  fields.flatMap(([field, value]) => (field === number && typeof value === 'number' ? [value] : []))[0] ?? 0;

/** OpDef.ArgDef: name 1, type 3, type_attr 4, number_attr 5, type_list_attr 6. */
function argument(message: Buffer): readonly (string | number)[] {
  const fields = fieldsOf(message);
  const row = [text(fields, 1), integer(fields, 3), text(fields, 4), text(fields, 5), text(fields, 6)];
  while (row.at(-1) === '') row.pop();
  return row;
}

/** OpDef: name 1, input_arg 2, output_arg 3, attr 4 (name 1, type 2, default_value 3), is_stateful 17. */
function operation(message: Buffer): readonly [string, Readonly<Record<string, unknown>>] {
  const fields = fieldsOf(message);
  const attributes = messages(fields, 4).map((attribute) => {
    const of = fieldsOf(attribute);
    return [text(of, 1), text(of, 2), messages(of, 3).length > 0 ? 1 : 0];
  });
  const row = {
    in: messages(fields, 2).map(argument),
    out: messages(fields, 3).map(argument),
    attrs: attributes,
    ...(integer(fields, 17) === 1 ? { stateful: true } : {}),
  };
  return [text(fields, 1), row];
}

/** Every word in quotes: those that are no operation are dropped by the registry. */
function words(file: string): string[] {
  if (fs.statSync(file).isDirectory()) return fs.readdirSync(file).flatMap((name) => words(path.join(file, name)));
  if (!/\.(js|ts)$/.test(file)) return [];
  return Array.from(fs.readFileSync(file, 'utf8').matchAll(/['"]([A-Z_][A-Za-z0-9]+)['"]/g), ([, word]) => word ?? '');
}

const folder = process.argv[2] ?? currentRuntime(runtimeFolder())?.folder;
if (folder === undefined) throw new Error('There is no native engine here: mtl runtime install');
const registry = execFileSync('python3', ['-c', readRegistry, path.join(folder, 'deps/lib')], {
  maxBuffer: 2 ** 26,
  stdio: ['ignore', 'pipe', 'ignore'],
});
const wanted = new Set(sources.flatMap((source) => words(path.join(root, source))));
const rows = messages(fieldsOf(registry), 1)
  .map(operation)
  .filter(([name]) => wanted.has(name))
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, row]) => `${JSON.stringify(name)}: ${JSON.stringify(row)}`);
fs.writeFileSync(path.join(root, 'src/engine/native/capture/operations.json'), `{\n${rows.join(',\n')}\n}\n`);
console.log(`${String(rows.length)} operations`);
