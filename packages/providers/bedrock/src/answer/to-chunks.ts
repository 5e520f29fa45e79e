import type { JsonObject, ProviderCall, WireEvent } from '@sluice/core';
import { isAnsweredByTool } from '../converse/response-format.ts';
import type { StreamEvent } from '../wire.ts';
import { ChunkMapper } from './chunk-mapper.ts';

/** A mapper from the events of ConverseStream to chunks. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
export function toChunks(call: ProviderCall): (event: WireEvent) => readonly JsonObject[] {
  const mapper = new ChunkMapper(call.deployment.model, isAnsweredByTool(call));
  return ({ event, data }) => mapper.map(event ?? '', JSON.parse(data) as StreamEvent);
}
