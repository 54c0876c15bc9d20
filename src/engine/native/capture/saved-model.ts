/** A graph as the bytes of a `saved_model.pb` (saved_model.proto, graph.proto, attr_value.proto, tensor.proto). */
import { Message } from './proto.ts';
import type { AttributeValue, Constant, Node } from './graph-words.ts';

/** The tag that `loadSavedModel` is asked for. */
export const servingTag = 'serve';

/** GraphDef versions: made for a TensorFlow of 2024, readable by all of version 2. */
const producer = 1882;
const oldestConsumer = 12;

export function encodeSavedModel(nodes: Iterable<Node>): Uint8Array {
  const graph = new Message();
  for (const node of nodes) graph.message(1, nodeMessage(node));
  graph.message(4, new Message().integer(1, producer).integer(2, oldestConsumer));
  const meta = new Message().message(1, new Message().text(4, servingTag)).message(2, graph);
  return new Message().integer(1, 1).message(2, meta).finish();
}

function nodeMessage({ name, operation, inputs, after, attributes }: Node): Message {
  const message = new Message().text(1, name).text(2, operation);
  for (const { node, index } of inputs) message.text(3, index === 0 ? node.name : `${node.name}:${String(index)}`);
  for (const node of after) message.text(3, `^${node.name}`);
  for (const [key, value] of attributes) {
    message.message(5, new Message().text(1, key).message(2, attributeMessage(value)));
  }
  return message;
}

function attributeMessage(attribute: AttributeValue): Message {
  const message = new Message();
  switch (attribute.kind) {
    case 'string':
      return message.text(2, attribute.value);
    case 'int':
      return message.integer(3, attribute.value);
    case 'float':
      return message.float(4, attribute.value);
    case 'bool':
      return message.integer(5, attribute.value);
    case 'type':
      return message.integer(6, attribute.value);
    case 'shape':
      return message.message(7, shapeMessage(attribute.value));
    case 'tensor':
      return message.message(8, tensorMessage(attribute.value));
    default:
      return message.message(1, listMessage(attribute));
  }
}

function listMessage(list: Extract<AttributeValue, { readonly kind: `list(${string})` }>): Message {
  const message = new Message();
  for (const value of list.value) {
    if (typeof value === 'boolean') message.integer(5, value);
    else if (list.kind === 'list(float)') message.float(4, value);
    else message.integer(list.kind === 'list(int)' ? 3 : 6, value);
  }
  return message;
}

function shapeMessage(shape: readonly number[]): Message {
  const message = new Message();
  for (const size of shape) message.message(2, new Message().integer(1, size));
  return message;
}

function tensorMessage({ type, shape, bytes }: Constant): Message {
  return new Message().integer(1, type).message(2, shapeMessage(shape)).bytes(4, bytes);
}
