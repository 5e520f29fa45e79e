import { type Deployment, GatewayError, type Mapping, type Provider, secret } from '@sluice/core';
import { PRESETS } from '@sluice/provider-openai';
import { providerContract } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { deploymentsOf, type PackagedProvider, packagedProviders } from '../support/provider-packages.ts';
import { acceptedChats, requestOf } from '../support/recordings.ts';
import { nativeStreams } from './native-streams.ts';

const packaged = await packagedProviders();

describe('of every provider, every operation', () => {
  test.each(packaged.map((each) => [`${each.provider.name} (${each.folder})`, each] as const))(
    '%s tells what went wrong, and never the key',
    async (_, each) => {
      for (const deployment of deploymentsOf(each)) for (const { run } of contractOf(each, deployment, [])) await run();
    },
  );
});

/** One of each kind: presets that depart from OpenAI's form in the same ways are read by the same code. */
const kinds = new Map(packaged.map((each) => [kindOf(each), each]));

describe('of every kind of provider, every stream', () => {
  for (const [kind, each] of kinds) {
    const fixtures = nativeStreams(each);
    if (fixtures.length === 0 || each.provider.send) continue;
    describe(kind, () => {
      const [deployment] = deploymentsOf(each) as [Deployment];
      for (const { name, run } of contractOf(each, deployment, fixtures)) test(name, run);
    });
  }
});

describe('of every kind of provider, every chat that anybody was recorded with', () => {
  const chats = acceptedChats();
  test.skipIf(chats.length === 0).each([...kinds].filter(([, { provider }]) => provider.operations.chat))('%s asks for it or refuses it by name', (_, each) => {
    const mistakes = deploymentsOf(each).flatMap((deployment) => chats.flatMap((chat) => mistakeOf(each.provider, deployment, requestOf(chat)) ?? []));
    expect(mistakes).toEqual([]);
  });
});

/** What signs or stands for a key, so that nobody is asked for it. */
const CREDENTIALS = { aws_access_key_id: 'AKIDEXAMPLE', aws_secret_access_key: 'not-a-secret', watsonx_token: secret('a-token') };

function contractOf({ folder, provider }: PackagedProvider, { apiKey, model, baseUrl, options }: Deployment, fixtures: ReturnType<typeof nativeStreams>) {
  const deployment = { model, ...(folder !== 'demo' && baseUrl !== undefined && { baseUrl }), options: { ...options, ...CREDENTIALS } };
  return providerContract({ provider, fixtures, deployment, hasKey: apiKey !== undefined });
}

function kindOf({ folder, provider }: PackagedProvider): string {
  const preset = folder === 'openai' ? PRESETS.find(({ name, aliases = [] }) => [name, ...aliases].includes(provider.name)) : undefined;
  return preset ? `openai: ${preset.quirks?.join(', ') ?? 'as OpenAI'}` : `${folder}: ${provider.name}`;
}

/** A mistake is anything but a refusal. */
function mistakeOf(provider: Provider, deployment: Deployment, request: ReturnType<typeof requestOf>): string | undefined {
  const { chat } = (provider.operationsOf?.(deployment) ?? provider.operations) as { readonly chat?: Mapping };
  try {
    chat?.toRequest({ operation: 'chat', request, deployment });
    return undefined;
  } catch (error) {
    return GatewayError.is(error) && ['unsupported_parameter', 'invalid_request'].includes(error.code) ? undefined : `${deployment.model}: ${String(error)}`;
  }
}
