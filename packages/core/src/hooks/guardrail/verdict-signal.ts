/** Ends with the call, and as soon as nobody waits for the verdict any more. Most checks never look at it: it is made for the first that does. */
export class VerdictSignal {
  readonly #call: AbortSignal;
  #controller: AbortController | undefined;
  #isOver = false;
  #signal: AbortSignal | undefined;

  constructor(call: AbortSignal) {
    this.#call = call;
  }

  get signal(): AbortSignal {
    if (this.#signal) return this.#signal;
    const controller = new AbortController();
    if (this.#isOver) controller.abort();
    this.#controller = controller;
    return (this.#signal = AbortSignal.any([this.#call, controller.signal]));
  }

  end(): void {
    this.#isOver = true;
    this.#controller?.abort();
  }
}
