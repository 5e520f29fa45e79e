import type { JsonObject } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spliceJson } from './json-splice.ts';

function splice(text: string, model = 'their-model', more?: string): string | undefined {
  const bytes = spliceJson(Buffer.from(text), JSON.parse(text) as JsonObject, model, more);
  return bytes && Buffer.from(bytes).toString('utf8');
}

const fields = fc.dictionary(
  fc.string().filter((key) => key !== 'model'),
  fc.jsonValue(),
);
const indent = fc.constantFrom(undefined, 1, '\t', ' \n ');

describe('what is sent is what was read, with another model', () => {
  test('for any object in any layout', () => {
    fc.assert(
      fc.property(fields, fields, fc.string(), fc.string(), indent, (before, after, model, other, space) => {
        const text = JSON.stringify({ ...before, model, ...after }, undefined, space);
        const spliced = splice(text, other, ',"added":{"x":1}');
        const escapes = Object.keys(JSON.parse(text) as JsonObject).some((key) => JSON.stringify(key).includes('\\'));
        if (spliced === undefined) expect(escapes).toBe(true);
        else expect(JSON.parse(spliced)).toEqual({ ...(JSON.parse(text) as JsonObject), model: other, added: { x: 1 } });
      }),
      { numRuns: 2000 },
    );
  });

  test('every other byte stays: spaces, escapes, digits beyond a double, order', () => {
    expect(splice(' {"a" : 12345678901234567890 ,\n"model"\t:  "mine", "b":"\\u00e9\\"}{" , "messages":[{"model":"kept"}]} ')).toBe(
      ' {"a" : 12345678901234567890 ,\n"model"\t:  "their-model", "b":"\\u00e9\\"}{" , "messages":[{"model":"kept"}]}',
    );
  });
});

describe('where another parser could read something else, nothing is spliced', () => {
  test.each([
    ['a model said twice', '{"model":"a","model":"b"}'],
    ['a model said twice, once in disguise', '{"model":"a","\\u006dodel":"b"}'],
    ['a field said twice', '{"model":"a","messages":[],"messages":[1]}'],
    ['a field said twice further down', '{"model":"a","messages":[{"role":"user","content":"mild","content":"wild"}]}'],
    ['a field said twice in a list in a list', '{"model":"a","x":[[{"y":[{"z":1,"z":1}]}]]}'],
    ['an escaped field at the top', '{"model":"a","strea\\u006d":true}'],
    ['a model that is no text', '{"model":{"model":"a"}}'],
    ['no model at all', '{"x":{"model":"a"}}'],
    ['a prototype said twice', '{"model":"a","__proto__":{},"__proto__":{}}'],
  ])('%s', (_, text) => {
    expect(splice(text)).toBeUndefined();
  });

  test('text that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"model":"a","x":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect(spliceJson(bytes, JSON.parse(bytes.toString('utf8')) as JsonObject, 'b')).toBeUndefined();
  });

  test('any repetition anywhere, found by the difference between text and value', () => {
    fc.assert(
      fc.property(fields, fc.string(), (value, key) => {
        const name = JSON.stringify(key);
        const text = `{"model":"a","deep":[${JSON.stringify(value)},{${name}:1,"between":${JSON.stringify(value)},${name}:2}]}`;
        expect(splice(text)).toBeUndefined();
      }),
    );
  });
});
