import { describe, expect, it } from 'vitest';
import { matchRoute } from './routes.ts';

describe('matchRoute', () => {
  it.each([
    ['GET', '/v1/files', 'files.list', undefined],
    ['POST', '/files', 'files.create', undefined],
    ['GET', '/v1/files/file-a', 'files.get', 'file-a'],
    ['DELETE', '/files/file-a', 'files.delete', 'file-a'],
    ['GET', '/files/file%2Fa/content', 'files.content', 'file/a'],
    ['POST', '/v1/batches/batch_a/cancel', 'batches.cancel', 'batch_a'],
    ['GET', '/models/openai/gpt-4o', 'models.get', 'openai/gpt-4o'],
    ['GET', '/models/content', 'models.get', 'content'],
  ])('%s %s is %s', (method, path, operation, id) => {
    const match = matchRoute(method, path);
    expect(match).toMatchObject({ kind: 'route', route: { operation } });
    expect(match?.kind === 'route' ? match.id : 'none').toBe(id);
  });

  it('tells which methods a path takes', () => {
    expect(matchRoute('PUT', '/files/a')).toEqual({ kind: 'wrong-method', allowed: ['GET', 'DELETE'] });
    expect(matchRoute('GET', '/batches/a/cancel')).toEqual({ kind: 'wrong-method', allowed: ['POST'] });
    expect(matchRoute('DELETE', '/models/a/b')).toEqual({ kind: 'wrong-method', allowed: ['GET'] });
  });

  it.each(['/files/a/b', '/files//content', '/files/a/contents', '/batches/a/b/cancel', '/batches/%E0/cancel'])('leaves %s to the host', (path) => {
    expect(matchRoute('GET', path)).toBeUndefined();
    expect(matchRoute('POST', path)).toBeUndefined();
  });
});
