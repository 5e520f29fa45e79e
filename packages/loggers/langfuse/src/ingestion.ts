import { Langfuse, type LangfuseOptions } from 'langfuse';
import type { Observation } from './observation.ts';

type Fetch = Langfuse['fetch'];

/** What the library is told of every request, so that it neither tries again without end nor writes to the console. */
const TAKEN = { status: 207, text: async () => '', json: async () => ({ successes: [], errors: [] }), arrayBuffer: async () => new ArrayBuffer(0) };

/** More than any batch has, so that the library sends when it is told to. */
const NEVER_BY_ITSELF = 1_000_000;

/**
 * Langfuse's own client, which never says whether what it was given has arrived: here its requests are made by `post`,
 * and what becomes of them is kept until it is asked for.
 */
class HeardLangfuse extends Langfuse {
  readonly #post: Post;
  readonly #sent: Promise<void>[] = [];

  constructor(options: LangfuseOptions & { readonly publicKey: string; readonly secretKey: string }, post: Post) {
    super({ ...options, flushAt: NEVER_BY_ITSELF, flushInterval: NEVER_BY_ITSELF });
    this.#post = post;
  }

  override async fetch(...[url, { headers, body }]: Parameters<Fetch>): ReturnType<Fetch> {
    const sending = this.#post(url, { headers, body: String(body) });
    // Whoever asks for it hears of a failure; nobody may be asking yet.
    sending.catch(() => undefined);
    this.#sent.push(sending);
    await sending.catch(() => undefined);
    return TAKEN;
  }

  /** Sends what waits, which has to fit into one request. @throws whatever `post` did. */
  async send(): Promise<void> {
    await this.flushAsync();
    await Promise.all(this.#sent.splice(0));
  }
}

export type Post = (url: string, request: { readonly headers: Readonly<Record<string, string>>; readonly body: string }) => Promise<void>;

export type Ingestion = { send(observations: readonly Observation[]): Promise<void> };

/** Observations by Langfuse's older interface, as its own library sends them. */
export function ingestion(options: ConstructorParameters<typeof HeardLangfuse>[0], post: Post): Ingestion {
  const client = new HeardLangfuse(options, post);
  return {
    async send(observations) {
      for (const group of inRequests(observations)) {
        for (const observation of group) add(client, observation);
        await client.send();
      }
    },
  };
}

/** The library drops what is longer than a megabyte and says so on the console only, and splits requests at two and a half. */
const LONGEST_TEXTS = 400_000;
const MOST_CHARACTERS = 600_000;

/** In groups that fit into a request each. Texts, which stand in the trace and in the observation, are left out where they are too long for any. */
function* inRequests(observations: readonly Observation[]): Generator<Observation[]> {
  let group: Observation[] = [];
  let characters = 0;
  for (const observation of observations) {
    const { length } = JSON.stringify([observation.input, observation.output]);
    if (characters + length > MOST_CHARACTERS && group.length > 0) {
      yield group;
      [group, characters] = [[], 0];
    }
    characters += length;
    group.push(length > LONGEST_TEXTS ? { ...observation, input: TOO_LONG, output: TOO_LONG } : observation);
  }
  if (group.length > 0) yield group;
}

const TOO_LONG = '[left out: too long for one entry]';

function add(client: Langfuse, { trace, input, output, parentId, ...observation }: Observation): void {
  const { isExisting, name, userId, sessionId, tags, version, release, metadata } = trace;
  const traced = client.trace({
    id: trace.id,
    ...said({ name, userId, sessionId, tags: tags && [...tags], version, release, metadata }),
    ...(isExisting ? {} : { timestamp: observation.startTime, ...said({ input, output }) }),
  });
  traced.generation(said({ ...observation, input, output, parentObservationId: parentId, version }));
}

/** Without what is not there, which would overwrite what is. */
function said<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
