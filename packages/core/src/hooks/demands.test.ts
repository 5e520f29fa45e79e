import { describe, expect, test } from 'vitest';
import type { Principal } from '../types/call.ts';
import { demands, type DemandsOptions } from './demands.ts';
import { callOf, complete, runHook } from './hook-bench.test.support.ts';

const admits: DemandsOptions['admits'] = (routes, operation) => routes.includes(operation);

async function codeOf(options: Partial<DemandsOptions>, fields: object = {}, principal: Principal = { keyId: 'k' }): Promise<string> {
  const { error } = await runHook(demands({ admits, ...options }), callOf(fields, { principal }), () => complete({}));
  return error === undefined ? 'ok' : `${(error as { code: string }).code} ${(error as { param?: string }).param ?? ''}`.trim();
}

describe('fields that every call has to bring', () => {
  const enforcedParams = ['user', 'metadata.team.id'];

  test.each([
    [{ user: 'u', metadata: { team: { id: 7 } } }, 'ok'],
    [{ metadata: { team: { id: 7 } } }, 'parameter_required user'],
    [{ user: '', metadata: { team: { id: 7 } } }, 'parameter_required user'],
    [{ user: 'u' }, 'parameter_required metadata.team.id'],
    [{ user: 'u', metadata: { team: 'x' } }, 'parameter_required metadata.team.id'],
    [{ user: 'u', metadata: { team: { id: null } } }, 'parameter_required metadata.team.id'],
    [{ user: 'u', metadata: null }, 'parameter_required metadata.team.id'],
  ])('%j: %s', async (fields, code) => {
    expect(await codeOf({ enforcedParams }, fields)).toBe(code);
  });

  test('are those of the request itself, and not of what all objects have', async () => {
    expect(await codeOf({ enforcedParams: ['constructor.name'] })).toBe('parameter_required constructor.name');
  });

  test('may be demanded of one key', async () => {
    expect(await codeOf({}, {}, { keyId: 'k', enforcedParams: ['seed'] })).toBe('parameter_required seed');
    expect(await codeOf({}, { seed: 0 }, { keyId: 'k', enforcedParams: ['seed'] })).toBe('ok');
  });
});

describe('routes', () => {
  test('may be for administrators only', async () => {
    expect(await codeOf({ adminRoutes: ['chat'] })).toBe('admin_required');
    expect(await codeOf({ adminRoutes: ['chat'] }, {}, { keyId: 'k', isAdmin: true })).toBe('ok');
    expect(await codeOf({ adminRoutes: ['embeddings'] })).toBe('ok');
  });

  test('may be the only ones there are', async () => {
    expect(await codeOf({ allowedRoutes: ['embeddings'] })).toBe('route_not_allowed');
    expect(await codeOf({ allowedRoutes: ['chat'] })).toBe('ok');
    expect(await codeOf({ allowedRoutes: ['embeddings'] }, {}, { keyId: 'k', isAdmin: true })).toBe('ok');
  });
});
