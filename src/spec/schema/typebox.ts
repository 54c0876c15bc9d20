/**
 * What the language's tables are built with. By name: TypeBox's own `Type` brings all of TypeBox into every bundle, its
 * parser of TypeScript among it.
 */
export { Boolean, Integer, Literal, Number, Object, Optional, String, Unsafe } from 'typebox';
