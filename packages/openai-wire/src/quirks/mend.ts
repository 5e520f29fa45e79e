import type { JsonObject, Mapping, WireEvent } from '@sluice/core';
import { readHostUsage } from '../read-host-usage.ts';
import type { Quirk } from './quirk.ts';

/** How the answers to a chat are read; where no quirk asks for anything they pass as they are. */
export function mendAnswers(quirks: readonly Quirk[]): Pick<Mapping, 'toReply' | 'toChunks' | 'toUsage' | 'isEnd'> {
  const replies = quirks.flatMap(({ toReply }) => toReply ?? []);
  const chunks = quirks.flatMap((quirk) => quirk.chunks ?? []);
  const counts = quirks.flatMap(({ toUsage }) => toUsage ?? []);
  const ends = quirks.flatMap(({ isEnd }) => isEnd ?? []);
  return {
    ...(replies.length > 0 && { toReply: (body) => replies.reduce((reply, mend) => mend(reply), body as JsonObject) }),
    ...(chunks.length > 0 && { toChunks: () => mendChunks(chunks) }),
    toUsage(reply, call) {
      const usage = readHostUsage(reply, call);
      return usage && counts.reduce((counted, count) => count(counted, reply.usage as JsonObject), usage);
    },
    ...(ends.length > 0 && { isEnd: ({ data }) => ends.some((isEnd) => isEnd(data)) }),
  };
}

/** Only events that concern a quirk are parsed; the others pass as they are. */
function mendChunks(quirks: readonly NonNullable<Quirk['chunks']>[]): (event: WireEvent) => readonly JsonObject[] | undefined {
  const mappers = quirks.map((quirk) => quirk.mapper());
  return ({ data }) => {
    if (!quirks.some(({ concerns }) => concerns.test(data))) return undefined;
    return mappers.reduce<readonly JsonObject[]>((mended, mapper) => mended.flatMap(mapper), [JSON.parse(data) as JsonObject]);
  };
}
