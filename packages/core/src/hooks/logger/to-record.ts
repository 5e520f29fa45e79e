import { ERROR_CODES, type ErrorCode } from '../../errors/error-codes.ts';
import type { GatewayError } from '../../errors/gateway-error.ts';
import { beside, resumes } from '../../pipeline/branch.ts';
import { callStatus } from '../../pipeline/call-status.ts';
import type { Context } from '../../pipeline/context.ts';
import { settledBy } from '../../pipeline/later-cost.ts';
import { shadowed } from '../../pipeline/shadowed.ts';
import type { Outcome } from '../../types/call.ts';
import type { CallRecord } from '../../types/record.ts';
import { isoTime } from './iso-time.ts';
import { labelsOf } from './labels.ts';
import type { Redactor } from './redactor.ts';

/** Callers choose the model's name, and providers the words of an error: neither may fill the queue. */
const LONGEST_MODEL = 200;
const LONGEST_MESSAGE = 1000;

/** The codes whose messages are the gateway's own words throughout. All others may repeat what the caller wrote. */
const OWN_WORDS: ReadonlySet<ErrorCode> = new Set([
  'missing_credentials',
  'invalid_credentials',
  'duplicate_credentials',
  'key_expired',
  'identity_unavailable',
  'key_blocked',
  'model_not_allowed',
  'admin_required',
  'route_not_allowed',
  'directory_missing',
  'ledger_missing',
  'object_changed',
  'budget_exceeded',
  'rate_limited',
  'guardrail_blocked',
  'guardrail_failed',
  'body_missing',
  'body_too_large',
  'shutting_down',
  'store_unavailable',
  'aborted',
]);

export type RecordOptions = {
  readonly redact: Redactor;
  /** Whether messages may be in others' words. */
  readonly quoteErrors: boolean;
};

/** The call record of a settled call. */
export function toRecord(ctx: Context, outcome: Outcome, options: RecordOptions): CallRecord {
  const { status, error } = callStatus(ctx, outcome);
  const { principal, deployment } = ctx;
  const endedAt = performance.now();
  const [aside, resumed, settler] = [ctx.get(beside), ctx.get(resumes), ctx.get(settledBy)];
  const labels = ctx.request.metadata === undefined ? undefined : labelsOf(ctx, options.redact);
  return {
    id: ctx.id,
    startedAt: isoTime(performance.timeOrigin + ctx.startedAt),
    operation: ctx.operation,
    model: modelName(ctx, options.redact),
    group: ctx.group,
    deploymentId: deployment?.id,
    provider: deployment?.provider,
    isStream: ctx.request.stream === true,
    keyId: principal?.keyId,
    userId: principal?.userId,
    teamId: principal?.teamId,
    organizationId: principal?.organizationId,
    projectId: principal?.projectId,
    endUserId: principal?.endUserId,
    tags: principal?.tags,
    policy: ctx.policy?.name,
    clientAddress: ctx.source.clientAddress,
    status,
    code: error?.code ?? (status === 'aborted' ? 'aborted' : undefined),
    message: error && options.redact(wordsOf(error, options), hiddenIn(ctx)).slice(0, LONGEST_MESSAGE),
    usage: ctx.usage,
    costNanoUsd: ctx.costNanoUsd,
    shadowed: ctx.get(shadowed),
    retries: ctx.retries,
    fallbacks: ctx.fallbacks,
    durationMs: endedAt - ctx.startedAt,
    firstByteMs: ctx.firstByteAt === undefined ? undefined : ctx.firstByteAt - ctx.startedAt,
    upstreamMs: ctx.upstreamMs,
    metadata: principal?.metadata,
    ...(aside && { beside: aside }),
    ...(resumed !== undefined && { resumes: resumed }),
    ...(settler && { settledBy: settler }),
    ...(labels && { labels }),
  };
}

/** A configured group is named in full; a name that led nowhere is the caller's own text. */
function modelName(ctx: Context, redact: Redactor): string {
  const { model } = ctx.request;
  if (model === ctx.group) return model;
  return typeof model === 'string' ? redact(model.slice(0, LONGEST_MODEL), hiddenIn(ctx)) : '';
}

/** What the call came with, and what it was made with: by now that may be no credential of the gateway's any more. */
function hiddenIn({ source, deployment }: Context): readonly string[] {
  const key = deployment?.apiKey?.reveal();
  return key === undefined ? source.credentials : [...source.credentials, key];
}

/** A provider's error often quotes the prompt, and so does `JSON.parse`: then the meaning of the code stands in. */
function wordsOf(error: GatewayError, { quoteErrors }: RecordOptions): string {
  return quoteErrors || OWN_WORDS.has(error.code) ? error.message.slice(0, 4 * LONGEST_MESSAGE) : ERROR_CODES[error.code].meaning;
}
