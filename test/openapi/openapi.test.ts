import { validate } from '@readme/openapi-parser';
import { createGateway } from '@sluice/core';
import { OPEN_ROUTES, ROUTES } from '@sluice/core/http';
import { expect, it } from 'vitest';

it('describes every route in a valid OpenAPI 3.1 document, to anybody', async () => {
  const gateway = createGateway({ masterKey: 'sk-master' });
  const response = await gateway.fetch('http://sluice/openapi.json');
  expect(response.status).toBe(200);
  const document = (await response.json()) as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
    components: { schemas: Record<string, { required?: string[] }> };
  };

  const result = await validate(structuredClone(document) as never);
  expect(result).toMatchObject({ valid: true });
  expect(document.openapi).toBe('3.1.0');
  for (const { path: template, method } of ROUTES) {
    const path = template.replace('{+', '{');
    expect((document.paths[`/v1${path}`] ?? document.paths[path])?.[method.toLowerCase()]).toBeDefined();
  }
  for (const { path } of OPEN_ROUTES) expect(document.paths[path]?.get).toBeDefined();
  expect(document.components.schemas.ChatRequest?.required).toEqual(['model', 'messages']);
  await gateway.close();
});
