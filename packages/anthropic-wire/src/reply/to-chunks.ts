import type { JsonObject, ProviderCall, WireEvent } from '@sluice/core';
import { isAnsweredByTool } from './answered-by-tool.ts';
import { ChunkMapper, type StreamEvent } from './chunk-mapper.ts';

/** A mapper from the events of Messages to chunks. https://docs.claude.com/en/docs/build-with-claude/streaming */
export function toChunks(call: ProviderCall): (event: WireEvent) => readonly JsonObject[] {
  const mapper = new ChunkMapper(isAnsweredByTool(call));
  return ({ data }) => mapper.map(JSON.parse(data) as StreamEvent);
}
