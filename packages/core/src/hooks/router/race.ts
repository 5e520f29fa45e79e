import { adopt, drop, openBranch } from '../../pipeline/branch.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Reply } from '../../types/call.ts';

type Entrant = { readonly branch: Context; readonly answer: Promise<Reply>; reply: Reply | undefined; hasFailed: boolean };

/** Several answers to one call, asked for at the same time. The first one wins; the others are cancelled, and paid for. */
export class Race {
  readonly #ctx: Context;
  readonly #entrants: Entrant[] = [];
  #onChange: (() => void) | undefined;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Asks for one more answer, on a branch of the call. */
  enter(ask: (branch: Context) => Promise<Reply>): void {
    const branch = openBranch(this.#ctx);
    const entrant: Entrant = { branch, answer: ask(branch), reply: undefined, hasFailed: false };
    this.#entrants.push(entrant);
    entrant.answer.then(
      (reply) => {
        entrant.reply = reply;
        this.#onChange?.();
      },
      () => {
        entrant.hasFailed = true;
        this.#onChange?.();
      },
    );
  }

  /** Whether it is decided: someone has answered, or nobody is left who could. Waits for that, for `withinMs` at most. */
  decided(withinMs?: number): Promise<boolean> {
    return new Promise((resolve) => {
      const leave = (isDecided: boolean): void => {
        clearTimeout(timer);
        this.#onChange = undefined;
        resolve(isDecided);
      };
      const timer = withinMs === undefined ? undefined : setTimeout(leave, withinMs, false);
      this.#onChange = () => {
        if (this.#entrants.some(({ reply }) => reply) || this.#entrants.every(({ hasFailed }) => hasFailed)) leave(true);
      };
      this.#onChange();
    });
  }

  /** The first answer, as that of the call. @throws what the first one asked has failed with, when all have. */
  async answer(): Promise<Reply> {
    await this.decided();
    const winner = this.#entrants.find(({ reply }) => reply);
    const losers = this.#entrants.filter((entrant) => entrant !== winner);
    const dropped = Promise.all(losers.map(({ branch, answer, hasFailed }) => drop(this.#ctx, branch, answer, hasFailed)));
    // What fails in it is heard of with the end of the call, and not before somebody listens.
    dropped.catch(() => undefined);
    this.#ctx.defer(async () => void (await dropped));
    if (winner?.reply) return adopt(this.#ctx, winner.branch, winner.reply);
    await dropped;
    const [first] = this.#entrants;
    this.#ctx.deployment = first?.branch.deployment;
    this.#ctx.group = first?.branch.group;
    return (first as Entrant).answer;
  }
}
