import assert from 'node:assert/strict';
import type { ContractCase } from '../store/store-contract.ts';
import type { Answered } from './ask.ts';
import type { ProviderFixture } from './provider-fixture.ts';
import { readTold } from './read-told.ts';
import type { ReplayOptions } from './recording.ts';

type Asked = (fixture: ProviderFixture, replay: ReplayOptions, leaves?: boolean) => Promise<Answered>;

/** More than any event may have. */
const FLOOD_BYTES = 24 * 1024 * 1024;

/** What has to hold of a stream that somebody leaves, and of one that never ends an event. */
export function streamCases(fixture: ProviderFixture, asking: Asked): readonly ContractCase[] {
  return [
    {
      name: `${fixture.name}: a caller who leaves closes the upstream`,
      run: async () => {
        let closed = 0;
        await asking(fixture, { cut: { seed: 1 }, stallAfter: Math.floor(fixture.answer.body.length * 0.9), onClose: () => (closed += 1) }, true);
        // More than once where a job is canceled as well.
        assert.ok(closed >= 1, 'The upstream was left open');
      },
    },
    {
      name: `${fixture.name}: an event without an end is refused, and read no further than it may be long`,
      run: async () => {
        let read = 0;
        const replay: ReplayOptions = { breakAfter: 0, floodBytes: FLOOD_BYTES, onRead: (bytes) => (read += bytes) };
        const { contentType, text, status } = await asking(fixture, replay);
        const { error, isComplete } = readTold(contentType, text);
        assert.ok(status >= 400 || error, 'Nobody was told');
        assert.ok(!isComplete || status >= 400, 'A stream that was cut claims to be complete');
        assert.ok(read < FLOOD_BYTES, 'All of it was read');
      },
    },
  ];
}
