import { defineProvider, type Mapping, type Provider } from '@sluice/core';
import { toChunks, toReply } from './answer.ts';
import { toError } from './to-error.ts';
import { toRequest } from './to-request.ts';
import type { Event } from './wire.ts';

/** One mapping for each operation; see `Mapping` of @sluice/core for what else one can say. */
const chat: Mapping = { toRequest, toReply, toChunks, toError, isEnd: ({ data }) => (JSON.parse(data) as Event).stop !== undefined };

/**
 * Speaks to sample-name.
 *
 * @example
 * createGateway({ providers: [sampleNameProvider()], models: [{ name: 'm', deployments: [{ id: 'm', provider: 'sample-name', model: 'm', apiKey }] }] });
 */
export function sampleNameProvider(): Provider {
  return defineProvider({ name: 'sample-name', operations: { chat } });
}
