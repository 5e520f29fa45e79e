import type { Operation } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import { contextKey } from './context.ts';

/** Judges the requests of a batch while their file is uploaded. */
export type LineJudge = {
  /** Of the guardrails that do. */
  readonly names: readonly string[];
  /** The request as they leave it. @throws GatewayError `guardrail_blocked`, `guardrail_failed`, `invalid_request` */
  judge(operation: Operation, request: ModelRequest): Promise<ModelRequest>;
};

/** Left by guardrails for a call that uploads a file. */
export const lineJudge = contextKey<LineJudge>('judge of lines');

/** Of a call that begins a batch: the names of the guardrails that have judged its requests. */
export const judgedBy = contextKey<readonly string[]>('judged by');

/** Whether a call reads the answers of a batch, one a line. */
export const readsAnswers = contextKey<boolean>('reads answers');
