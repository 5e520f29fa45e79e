import { readFileSync } from 'node:fs';
import { BOOKKEEPING_FIELDS, type Deployment, GatewayError, type JsonObject, type Mapping, type ModelRequest, type ParameterRules } from '@sluice/core';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deploymentsOf, packagedProviders } from '../support/provider-packages.ts';
import { sharedPath } from '../support/shared.ts';
import { BASE, type ParameterCase, PARAMETERS } from './chat-parameters.ts';

const counts = { mapped: 0, refused: 0, tolerated: 0 };

test("the parameters are those of OpenAI's document", (ctx) => {
  const path = sharedPath('api-specs', 'openai-openapi.yaml');
  if (path === undefined) return ctx.skip('the document is not beside the checkout');
  const { components } = parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 }) as { components: { schemas: Record<string, Schema> } };
  const names = propertiesOf({ $ref: '#/components/schemas/CreateChatCompletionRequest' }, components.schemas);
  expect(new Set(['model', ...PARAMETERS.map(({ name }) => name)])).toEqual(new Set(names));
});

for (const packaged of await packagedProviders()) {
  const { chat } = packaged.provider.operations;
  if (!chat) continue;
  describe(`no parameter is lost in silence on its way to ${packaged.provider.name} (${packaged.folder})`, () => {
    for (const deployment of deploymentsOf(packaged)) {
      test(deployment.model, () => {
        for (const parameter of PARAMETERS) judge(chat, deployment, parameter);
      });
    }
  });
}

/** Mapped, so that it makes a difference on the wire; or refused by name, and left out where the rules say so. */
function judge(mapping: Mapping, deployment: Deployment, { name, value, beside = {} }: ParameterCase): void {
  const base = { ...BASE, ...beside };
  const ask = (request: JsonObject, parameterRules?: ParameterRules): string =>
    wireOf(mapping, { ...deployment, ...(parameterRules && { parameterRules }) }, request as ModelRequest);
  const drop = { dropUnsupported: true };
  const without = ask(base, drop);
  const refusal = thrownBy(() => ask({ ...base, [name]: value }));
  if (refusal === undefined) {
    if (ask({ ...base, [name]: value }) !== ask(base)) counts.mapped += 1;
    else {
      counts.tolerated += 1;
      expect(BOOKKEEPING_FIELDS, `${name} makes no difference on the wire, and nobody was told`).toContain(name);
    }
    return;
  }
  counts.refused += 1;
  expect(refusal).toBeInstanceOf(GatewayError);
  expect(refusal).toMatchObject({ code: 'unsupported_parameter', message: expect.stringContaining(`'${deployment.provider}'`) as string });
  const culprits = [name, ...Object.keys(beside)];
  expect(culprits, (refusal as GatewayError).message).toContain((refusal as GatewayError).param?.split(/[.[]/)[0]);
  const { param = '' } = refusal as GatewayError;
  if (isPartOfContent(param)) return;
  const left = ask({ ...base, [name]: value }, drop);
  // Of a field that is only understood in part, the other parts are kept.
  if (culprits.includes(param)) expect(left, `${name} was to be left out`).toBe(without);
}

/** A tool of another kind is not a parameter that can be left out: the call would be about something else. */
function isPartOfContent(param: string): boolean {
  return /^(?:messages|tools)\[/.test(param);
}

function wireOf(mapping: Mapping, deployment: Deployment, request: ModelRequest): string {
  const { url, headers, body } = mapping.toRequest({ operation: 'chat', request, deployment });
  return JSON.stringify([url, headers, body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : body]);
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

type Schema = { readonly $ref?: string; readonly properties?: object; readonly allOf?: readonly Schema[] };

function propertiesOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): string[] {
  if (schema.$ref !== undefined) return propertiesOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  return [...Object.keys(schema.properties ?? {}), ...(schema.allOf ?? []).flatMap((part) => propertiesOf(part, schemas))];
}

afterAll(() => console.log(`chat parameters: ${counts.mapped} mapped, ${counts.refused} refused by name, ${counts.tolerated} that only say who asks`));
