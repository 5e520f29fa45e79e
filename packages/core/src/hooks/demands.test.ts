import { describe, expect, test } from 'vitest';
import type { Principal } from '../types/principal.ts';
import { demands, type DemandsOptions } from './demands.ts';
import { callOf } from './hook-bench.test.support.ts';

const admits: DemandsOptions['admits'] = (routes, operation) => routes.includes(operation);

function codeOf(options: Partial<DemandsOptions>, fields: object = {}, principal: Principal = { keyId: 'k' }): string {
  try {
    demands({ admits, ...options })(callOf(fields, { principal }));
    return 'ok';
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as { param?: string }).param ?? ''}`.trim();
  }
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
  ])('%j: %s', (fields, code) => {
    expect(codeOf({ enforcedParams }, fields)).toBe(code);
  });

  test('are those of the request itself, and not of what all objects have', () => {
    expect(codeOf({ enforcedParams: ['constructor.name'] })).toBe('parameter_required constructor.name');
  });

  test('may be demanded of one key', () => {
    expect(codeOf({}, {}, { keyId: 'k', enforcedParams: ['seed'] })).toBe('parameter_required seed');
    expect(codeOf({}, { seed: 0 }, { keyId: 'k', enforcedParams: ['seed'] })).toBe('ok');
  });
});

describe('routes', () => {
  test('may be for administrators only', () => {
    expect(codeOf({ adminRoutes: ['chat'] })).toBe('admin_required');
    expect(codeOf({ adminRoutes: ['chat'] }, {}, { keyId: 'k', isAdmin: true })).toBe('ok');
    expect(codeOf({ adminRoutes: ['embeddings'] })).toBe('ok');
  });

  test('may be the only ones there are', () => {
    expect(codeOf({ allowedRoutes: ['embeddings'] })).toBe('route_not_allowed');
    expect(codeOf({ allowedRoutes: ['chat'] })).toBe('ok');
    expect(codeOf({ allowedRoutes: ['embeddings'] }, {}, { keyId: 'k', isAdmin: true })).toBe('ok');
  });
});
