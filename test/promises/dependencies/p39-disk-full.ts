import { hasPostgres, type PostgresServer, startPostgres } from '@sluice/testing/servers';
import { after, answer, startUpstream } from '../../governance/support/upstream.ts';
import { atMost, exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { atRate, call, type Called } from '../support/call.ts';
import { startInstance } from '../support/fork-instance.ts';
import { groupOf } from '../support/group-of.ts';
import { KEY, PAID } from '../support/paid-model.ts';
import { booksOf } from '../support/books-of.ts';
import { mayMount, type SmallDisk, smallDisk } from '../support/small-disk.ts';

const RATE = 50;

export const proof: Proof = {
  id: 'P39',
  promise: 'A full disk is survived',
  lacks: () => (!hasPostgres() ? 'PostgreSQL is not installed' : mayMount() ? undefined : 'no small disk may be mounted here'),
  prove: async (run) => [
    await whileFull(run, 'the disk of the journal filled by others', async ({ disk, calls, seconds }) => {
      disk.fill();
      await calls(seconds);
      disk.free();
    }),
    await whileFull(run, 'PostgreSQL killed until the journal has filled its disk', async ({ postgres, calls, seconds, isFull, flood }) => {
      postgres.process.kill('SIGQUIT');
      while (!isFull()) await flood();
      await calls(seconds);
      await postgres.restart();
    }),
  ],
};

type Full = {
  readonly disk: SmallDisk;
  readonly postgres: PostgresServer;
  readonly seconds: number;
  readonly calls: (seconds: number) => Promise<void>;
  /** As many calls at once as take a part of the disk. */
  readonly flood: () => Promise<void>;
  /** Whether answers have been withheld since the beginning. */
  readonly isFull: () => boolean;
};

async function whileFull(run: Run, what: string, fillAndFree: (full: Full) => Promise<void>): Promise<Evidence> {
  const [seconds, mib] = [run.scaled(10, 1), run.scaled(8, 1)];
  const [disk, postgres, upstream] = [smallDisk(mib), await startPostgres(), await startUpstream(after(5, answer()))];
  const url = postgres.createDatabase('proof');
  const instance = await startInstance(run, {
    models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
    keys: [{ id: 'k', key: KEY, budgetNanoUsd: 1e15 }],
    ledger: { url, journalDir: disk.path },
  });
  const made: Called[] = [];
  const one = async (): Promise<void> => void made.push(await call(instance.url, 'm', { max_tokens: 10 }, { authorization: `Bearer ${KEY}` }));
  const isWithheld = ({ status, text }: Called): boolean => status === 503 && text.includes('store_unavailable');
  const calls = async (forSeconds: number): Promise<void> => void (await atRate(RATE, forSeconds, one));
  try {
    await calls(1);
    await fillAndFree({
      disk,
      postgres,
      seconds,
      calls,
      flood: async () => void (await Promise.all(Array.from({ length: 100 }, one))),
      isFull: () => made.some(isWithheld),
    });
    const withheld = made.filter(isWithheld).length;
    const recoveredMs = await untilAnswered(one, made);
    await calls(1);
    const afterwards = made.slice(-RATE).filter(({ status }) => status !== 200).length;
    await instance.tally();
    const answered = made.filter(({ status }) => status === 200).length;
    return {
      test: `${what} of ${mib} MiB, under ${RATE} calls a second`,
      n: made.length,
      checks: [
        exactly('rows, less the answers that were given', (await booksOf(url, 'k')).rows - answered, 0),
        none('neither answered nor withheld', made.length - answered - made.filter(isWithheld).length, made.length),
        atMost('answers again after', recoveredMs / 1000, 5, { unit: 's', bearable: 20 }),
        none('withheld after that', afterwards, RATE),
        exactly('disk was full', withheld > 0 ? 1 : 0, 1),
      ],
    };
  } finally {
    await instance.close();
    await Promise.all([postgres.stop(), upstream.close()]);
    disk.close();
  }
}

/** Milliseconds until the last answer that was withheld: a few lines may fit into what was left of the disk. */
async function untilAnswered(one: () => Promise<void>, made: readonly Called[]): Promise<number> {
  const startedAt = performance.now();
  let recoveredMs = 0;
  for (let inTurn = 0; inTurn < RATE && performance.now() - startedAt < 60_000; inTurn += 1) {
    await one();
    if (made.at(-1)?.status === 200) continue;
    inTurn = -1;
    recoveredMs = performance.now() - startedAt;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return recoveredMs;
}
