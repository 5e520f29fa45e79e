import type { Candidate, GenerateContentResponse } from '../wire.ts';

/** One answer from the events of a stream that came as a list, as it does where nobody listens to `alt=sse`. */
export function joinEvents(events: readonly GenerateContentResponse[]): GenerateContentResponse {
  const candidates = new Map<number, Candidate>();
  for (const { candidates: found = [] } of events) {
    for (const [position, candidate] of found.entries()) {
      const { index = position } = candidate;
      const before = candidates.get(index);
      const parts = [...(before?.content?.parts ?? []), ...(candidate.content?.parts ?? [])];
      candidates.set(index, { ...before, ...candidate, content: { role: 'model', parts } });
    }
  }
  return { ...(Object.assign({}, ...events) as GenerateContentResponse), ...(candidates.size > 0 && { candidates: [...candidates.values()] }) };
}
