import { expect, test } from 'vitest';
import type { JsonObject } from '../types/json.ts';
import type { CachePoint, Deployment } from '../types/model.ts';
import { withCachePoints } from './cache-points.ts';

const request = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'One' },
        { type: 'text', text: 'Two' },
      ],
    },
    { role: 'assistant', content: null },
    { role: 'user', content: 'Three' },
  ],
  tools: [
    { type: 'function', function: { name: 'a' } },
    { type: 'function', function: { name: 'b' } },
  ],
};
const deployment = (cachePoints?: readonly CachePoint[]): Deployment => ({ id: 'd', provider: 'p', model: 'm', ...(cachePoints && { cachePoints }) });
const control = { type: 'ephemeral' };

/** Where marks stand. */
function marks(marked: JsonObject): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (value === null || typeof value !== 'object') return;
    if ('cache_control' in value) found.push(path);
    for (const [name, inner] of Object.entries(value)) if (name !== 'cache_control') visit(inner, path === '' ? name : `${path}.${name}`);
  };
  visit(marked, '');
  return found;
}

test.each<[string, readonly CachePoint[], readonly string[]]>([
  ['a role', [{ location: 'message', role: 'user' }], ['messages.1.content.1', 'messages.3.content.0']],
  ['a place', [{ location: 'message', index: 0 }], ['messages.0.content.0']],
  ['a place from the end', [{ location: 'message', index: -1 }], ['messages.3.content.0']],
  ['a place that is not there', [{ location: 'message', index: 9 }], []],
  ['a message without words', [{ location: 'message', index: 2 }], []],
  ['the tools', [{ location: 'tools' }], ['tools.1']],
])('%s is marked at its end', (_, points, places) => {
  const before = structuredClone(request);
  const marked = withCachePoints(request, deployment(points));
  expect(marks(marked)).toEqual(places);
  expect(request).toEqual(before);
});

test('a mark says how long, where that is given', () => {
  const hour = { type: 'ephemeral', ttl: '1h' };
  const { messages } = withCachePoints(request, deployment([{ location: 'message', role: 'system', control: hour }]));
  expect((messages as object[])[0]).toEqual({ role: 'system', content: [{ type: 'text', text: 'Be brief.', cache_control: hour }] });
});

test('no more than a provider keeps: the latest', () => {
  const messages = Array.from({ length: 7 }, (_, index) => ({ role: 'user', content: `${index}` }));
  const marked = withCachePoints({ ...request, messages }, deployment([{ location: 'message', role: 'user' }, { location: 'tools' }]));
  expect(marks(marked)).toEqual(['messages.4.content.0', 'messages.5.content.0', 'messages.6.content.0', 'tools.1']);
});

test('what the caller has marked stays, and what the caller names goes before what the deployment does', () => {
  const own = { ...request, messages: [{ role: 'user', content: [{ type: 'text', text: 'One', cache_control: { type: 'ephemeral', ttl: '1h' } }] }] };
  expect(withCachePoints(own, deployment([{ location: 'message', role: 'user' }])).messages).toEqual(own.messages);
  const named = {
    ...request,
    cache_control_injection_points: [
      { location: 'message', index: '0' },
      { location: 'tool_config', control },
    ],
  };
  const marked = withCachePoints(named, deployment([{ location: 'message', role: 'user' }]));
  expect(marks(marked)).toEqual(['messages.0.content.0', 'tools.1']);
  expect(marked).not.toHaveProperty('cache_control_injection_points');
});

test('without points it is the very same', () => {
  expect(withCachePoints(request, deployment())).toBe(request);
});

test.each([
  ['a text', 'cache_control_injection_points'],
  [['system'], 'cache_control_injection_points[0]'],
  [[{ location: 'system' }], 'cache_control_injection_points[0].location'],
  [[{ location: 'message', index: 0.5 }], 'cache_control_injection_points[0].role'],
])('%j is refused by its place', (points, param) => {
  expect(() => withCachePoints({ ...request, cache_control_injection_points: points }, deployment())).toThrow(
    expect.objectContaining({ code: 'invalid_request', param }),
  );
});
