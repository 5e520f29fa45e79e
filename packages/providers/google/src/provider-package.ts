import { type DiscoveredProvider, type ProviderPackage, secret } from '@sluice/core';
import { type Environment, firstOf } from './endpoint.ts';
import { gemini } from './studio/gemini.ts';
import { KEY_VARIABLES } from './studio/studio-endpoint.ts';
import { vertex } from './vertex/vertex.ts';
import { PROJECT_VARIABLES } from './vertex/vertex-endpoint.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [gemini(), gemini({ name: 'google' }), vertex(), vertex({ name: 'vertex_ai_beta', version: 'v1beta1' })],
  discover: (env: Environment) => [...discoverGemini(env), ...discoverVertex(env)],
};

function discoverGemini(env: Environment): readonly DiscoveredProvider[] {
  const key = wantsVertex(env) ? env.GEMINI_API_KEY : firstOf(env, KEY_VARIABLES);
  return key ? [{ provider: gemini({ env }), deployment: { apiKey: secret(key) }, models: ['gemini-*'] }] : [];
}

/**
 * The variables of a project alone say nothing: every program that runs at Google has one. Of Google's own variables,
 * one says that the others are meant for Vertex, its key included.
 */
function discoverVertex(env: Environment): readonly DiscoveredProvider[] {
  const key = wantsVertex(env) ? env.GOOGLE_API_KEY : undefined;
  const isMeant = wantsVertex(env) || Boolean(env.VERTEXAI_PROJECT) || Boolean(env.GOOGLE_APPLICATION_CREDENTIALS);
  if (!isMeant || !(key || firstOf(env, PROJECT_VARIABLES))) return [];
  return [{ provider: vertex({ env }), deployment: key ? { apiKey: secret(key) } : {}, models: ['gemini-*'] }];
}

function wantsVertex({ GOOGLE_GENAI_USE_VERTEXAI: said }: Environment): boolean {
  return said === 'true' || said === '1';
}
