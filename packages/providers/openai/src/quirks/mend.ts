import type { JsonObject, Mapping, WireEvent } from '@sluice/core';
import type { Quirk } from './quirk.ts';

/** What `quirks` ask for of the answers to a chat; nothing at all where they ask for nothing. */
export function mendAnswers(quirks: readonly Quirk[]): Pick<Mapping, 'toReply' | 'toChunks' | 'isEnd'> {
  const replies = quirks.flatMap(({ toReply }) => toReply ?? []);
  const chunks = quirks.flatMap((quirk) => quirk.chunks ?? []);
  const ends = quirks.flatMap(({ isEnd }) => isEnd ?? []);
  return {
    ...(replies.length > 0 && { toReply: (body) => replies.reduce((reply, mend) => mend(reply), body as JsonObject) }),
    ...(chunks.length > 0 && { toChunks: () => mendChunks(chunks) }),
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
