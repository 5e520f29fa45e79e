// Google's API on the wire, as far as it is written or read here. https://ai.google.dev/api/generate-content
import type { JsonObject } from '@sluice/core';

export type FunctionCall = {
  readonly id?: string;
  readonly name?: string;
  readonly args?: JsonObject;
  readonly partialArgs?: readonly PartialArg[];
  readonly willContinue?: boolean;
};

/** One value within the arguments of a call, or a piece of one. */
export type PartialArg = {
  readonly jsonPath: string;
  readonly stringValue?: string;
  readonly numberValue?: number;
  readonly boolValue?: boolean;
  readonly nullValue?: unknown;
  readonly willContinue?: boolean;
};

export type Part = {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly inlineData?: { readonly mimeType: string; readonly data: string };
  readonly fileData?: { readonly mimeType?: string; readonly fileUri: string };
  readonly functionCall?: FunctionCall;
  readonly functionResponse?: { readonly id?: string; readonly name: string; readonly response: JsonObject };
  readonly [field: string]: unknown;
};

export type Content = { readonly role?: 'user' | 'model'; readonly parts?: readonly Part[] };

export type Candidate = {
  readonly index?: number;
  readonly content?: Content;
  readonly finishReason?: string | number;
  readonly logprobsResult?: LogprobsResult;
  readonly [field: string]: unknown;
};

type TokenLogprob = { readonly token?: string; readonly logProbability?: number };

export type LogprobsResult = {
  readonly chosenCandidates?: readonly TokenLogprob[];
  readonly topCandidates?: readonly { readonly candidates?: readonly TokenLogprob[] }[];
};

export type ModalityTokens = readonly { readonly modality?: string; readonly tokenCount?: number }[];

export type UsageMetadata = {
  readonly promptTokenCount?: number;
  readonly toolUsePromptTokenCount?: number;
  readonly candidatesTokenCount?: number;
  readonly thoughtsTokenCount?: number;
  readonly cachedContentTokenCount?: number;
  readonly totalTokenCount?: number;
  readonly promptTokensDetails?: ModalityTokens;
  readonly candidatesTokensDetails?: ModalityTokens;
  readonly toolUsePromptTokensDetails?: ModalityTokens;
  readonly cacheTokensDetails?: ModalityTokens;
  readonly serviceTier?: string;
  /** Of Vertex alone, in words or in numbers. */
  readonly trafficType?: string | number;
};

/** A whole answer, and equally one event of a stream. */
export type GenerateContentResponse = {
  readonly candidates?: readonly Candidate[];
  readonly promptFeedback?: { readonly blockReason?: string; readonly blockReasonMessage?: string };
  readonly usageMetadata?: UsageMetadata;
  readonly modelVersion?: string;
  readonly responseId?: string;
};
