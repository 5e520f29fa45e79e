// Function calls over the IPC channel between the runner and its child processes.

type Call = { readonly id: number; readonly method: string; readonly params: unknown };
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string };

export type Methods = Readonly<Record<string, (params: never) => unknown>>;

/** In a child: serves `methods`, and ends with its parent. */
export function answerCalls(methods: Methods): void {
  process.on('message', (call: Call) => {
    void answer(methods, call).then((reply) => process.send?.(reply));
  });
  process.on('disconnect', () => process.exit(0));
}

async function answer(methods: Methods, { id, method, params }: Call): Promise<Answer> {
  try {
    const called = methods[method];
    if (!called) throw new Error(`No method '${method}'`);
    return { id, result: await called(params as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

export type Caller = {
  call<T>(method: string, params?: unknown): Promise<T>;
  /** Fails whatever is still waiting. */
  fail(reason: Error): void;
};

/** In the parent: calls the methods of one child. */
export function caller(send: (call: Call) => void, onMessage: (listener: (answer: Answer) => void) => void): Caller {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;

  onMessage(({ id, result, error }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });

  return {
    call<T>(method: string, params: unknown = {}): Promise<T> {
      lastId += 1;
      const id = lastId;
      return new Promise<T>((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        send({ id, method, params });
      });
    },
    fail(reason) {
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    },
  };
}
