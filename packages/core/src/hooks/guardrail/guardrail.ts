import { ConfigurationError } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Hook, Next } from '../../pipeline/hook.ts';
import { lineJudge, readsAnswers } from '../../pipeline/judged-lines.ts';
import { ownCall } from '../../pipeline/own-call.ts';
import { LazyJson } from '../../stream/lazy-json.ts';
import type { Reply } from '../../types/call.ts';
import type { Policy } from '../../types/principal.ts';
import type { Guardrail, GuardrailUse } from '../../types/guardrail.ts';
import type { AskGateway, Bench } from './judge.ts';
import { screenAnswer } from './screen-answer.ts';
import { holdsText, screenBytes } from './screen-bytes.ts';
import { judgeOfLines, requireJudged, screenLines } from './screen-lines.ts';
import { screenRequest } from './screen-request.ts';
import { screenStream } from './screen-stream.ts';
import { DEFAULT_SCREENING } from './text-screen.ts';

export type GuardrailOptions = {
  readonly guardrails: readonly GuardrailUse[];
  /** Hears of failures that a guardrail with `onError: 'open'` lets pass. */
  readonly onError: (error: unknown) => void;
  /** Has a model of the gateway answer, for guardrails that ask one. */
  readonly ask?: AskGateway;
};

const NO_USES: readonly GuardrailUse[] = [];

/** Judges what goes in and what comes out, by each guardrail in the order given. */
export function guardrail({ guardrails, onError, ask }: GuardrailOptions): Hook {
  requireNames(guardrails);
  const always = guardrails.filter((use) => use.always !== false);

  function usesFor({ policy, principal }: Context): readonly GuardrailUse[] {
    if (!policy?.guardrails && !principal?.guardrails) return always;
    const names = [...(policy?.guardrails ?? []), ...(principal?.guardrails ?? [])];
    if (policy) requireGuardrails(policy, guardrails);
    requireOwn(principal?.guardrails ?? [], guardrails);
    return guardrails.filter((use) => use.always !== false || names.includes(use.guardrail.name));
  }

  function benchOf({ signal }: Context, direction: Bench['direction']): Bench {
    return { direction, signal, onError, ask };
  }

  async function screened(ctx: Context, uses: readonly GuardrailUse[], next: Next): Promise<Reply> {
    ctx.setHeader('x-sluice-applied-guardrails', uses.map((use) => use.guardrail.name).join(','));

    const input = uses.filter(({ on }) => on.includes('input')).map((use) => use.guardrail);
    if (input.length > 0) await screenInput(ctx, input, benchOf(ctx, 'input'));
    const reply = await next();
    const output = uses.filter(({ on }) => on.includes('output'));
    if (reply.kind === 'bytes' && ctx.get(readsAnswers) && output.length > 0) {
      const guardrails = output.map((use) => use.guardrail);
      return screenLines(reply, guardrails, benchOf(ctx, 'output'));
    }
    const isOpaque = reply.kind === 'bytes' && !holdsText(reply, ctx.operation);
    return output.length === 0 || isOpaque ? reply : screenReply(reply, output, benchOf(ctx, 'output'));
  }

  return {
    name: 'guardrail',
    phase: 'guardrail',
    handle(ctx, next) {
      const uses = ctx.get(ownCall) ? NO_USES : usesFor(ctx);
      return uses.length === 0 ? next() : screened(ctx, uses, next);
    },
  };
}

async function screenInput(ctx: Context, guardrails: readonly Guardrail[], bench: Bench): Promise<void> {
  if (ctx.operation === 'files.create') ctx.set(lineJudge, judgeOfLines(guardrails, bench));
  if (ctx.operation === 'batches.create') requireJudged(ctx, guardrails);
  await screenRequest(ctx, guardrails, bench);
}

async function screenReply(reply: Reply, uses: readonly GuardrailUse[], bench: Bench): Promise<Reply> {
  const guardrails = uses.map((use) => use.guardrail);
  switch (reply.kind) {
    case 'complete': {
      const body = await screenAnswer(reply.body.value, guardrails, bench);
      return body === reply.body.value ? reply : { kind: 'complete', body: LazyJson.ofValue(body) };
    }
    case 'stream':
      return { kind: 'stream', batches: screenStream(reply.batches, uses, bench) };
    case 'bytes':
      return screenBytes(reply, guardrails, bench);
  }
}

/**
 * Makes sure that every guardrail a policy names is there to run.
 * @throws ConfigurationError naming those that are not.
 */
export function requireGuardrails(policy: Policy, guardrails: readonly GuardrailUse[]): void {
  const known = guardrails.map((use) => use.guardrail.name);
  const problems = (policy.guardrails ?? []).flatMap((name, index) => {
    if (known.includes(name)) return [];
    const suggestion = didYouMean(name, known);
    return [
      {
        place: `policy '${policy.name}'.guardrails[${index}]`,
        message: `No guardrail is named '${name}'.`,
        ...(suggestion === undefined ? {} : { suggestion }),
      },
    ];
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/** A key may demand what only another gateway has: its calls are not to pass unseen here. */
function requireOwn(names: readonly string[], guardrails: readonly GuardrailUse[]): void {
  const missing = names.find((name) => !guardrails.some((use) => use.guardrail.name === name));
  if (missing !== undefined) throw new GatewayError('guardrail_failed', `The key demands the guardrail '${missing}', which this gateway does not have`);
}

/** Names stand in errors, headers and policies, so each is plain and there once. */
function requireNames(guardrails: readonly GuardrailUse[]): void {
  const problems = guardrails.flatMap(({ guardrail: { name, longestFinding = 0, screening = DEFAULT_SCREENING }, on, stream = screening }, index) => {
    const place = `guardrails[${index}]`;
    const found: { place: string; message: string }[] = [];
    if (!/^[\w.-]+$/.test(name)) found.push({ place: `${place}.guardrail.name`, message: `'${name}' is not a plain name: letters, digits, '.', '_' and '-'.` });
    if (guardrails.findIndex((other) => other.guardrail.name === name) < index)
      found.push({ place: `${place}.guardrail.name`, message: `Two guardrails are named '${name}'.` });
    if (on.includes('output') && stream.mode === 'window') {
      const least = Math.max(1, longestFinding);
      const fits = Number.isInteger(stream.characters) && stream.characters >= least;
      if (!fits) found.push({ place: `${place}.stream.characters`, message: `'${name}' needs a window of a whole number of characters, at least ${least}.` });
    }
    return found;
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
}
