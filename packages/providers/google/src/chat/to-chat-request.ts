import { type JsonObject, type ProviderCall, refuser } from '@sluice/core';
import { toContents } from './messages.ts';
import { knownRequest, ownFields } from './parameters.ts';
import { toFormat } from './response-format.ts';
import { toSampling } from './sampling.ts';
import { toServiceTier } from './service-tier.ts';
import { toThinking } from './thinking.ts';
import { toToolConfig, toTools } from './tools.ts';

/**
 * A chat request in Gemini's form. https://ai.google.dev/api/generate-content
 * @throws GatewayError `unsupported_parameter`, `invalid_request`.
 */
export function toChatRequest(call: ProviderCall, hasCallIds: boolean): JsonObject {
  const { deployment } = call;
  const { model } = deployment;
  const refuse = refuser(deployment);
  const chat = knownRequest(call);
  const tools = toTools(chat, refuse);
  const toolConfig = toToolConfig(chat, refuse);
  const thinkingConfig = toThinking(chat, model, refuse);
  const generationConfig = { ...toSampling(chat, refuse), ...toFormat(chat, model, refuse), ...(thinkingConfig && { thinkingConfig }) };
  return {
    ...toContents(chat.messages, deployment, hasCallIds),
    ...(tools.length > 0 && { tools }),
    ...(toolConfig && { toolConfig }),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
    ...toServiceTier(chat, refuse),
    ...ownFields(chat),
  };
}
