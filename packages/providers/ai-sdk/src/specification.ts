/**
 * As much of the AI SDK's provider specifications, versions 3 and 4, as is used here. Written down rather than
 * imported: so packages of both fit, whichever of the two is installed. https://ai-sdk.dev/docs/foundations/providers-and-models
 */
export type AiSdkProvider = {
  readonly specificationVersion: 'v3' | 'v4';
  languageModel(modelId: string): LanguageModel;
  embeddingModel(modelId: string): EmbeddingModel;
  imageModel(modelId: string): ImageModel;
  speechModel?(modelId: string): SpeechModel;
  transcriptionModel?(modelId: string): TranscriptionModel;
  rerankingModel?(modelId: string): RerankingModel | undefined | null;
};

type Model = { readonly specificationVersion: 'v3' | 'v4'; readonly provider: string; readonly modelId: string };

/** JSON by the provider that it is for or comes from. */
export type ByProvider = Record<string, Record<string, unknown>>;

/** What every kind of model takes. */
export type Common = {
  abortSignal?: AbortSignal;
  headers?: Record<string, string>;
  providerOptions?: ByProvider;
};

/** The two versions differ in what their models take, so that is left open here, and made to fit by whoever calls. */
export type LanguageModel = Model & {
  /** Addresses that the model's own host fetches, by media type. */
  readonly supportedUrls: PromiseLike<Record<string, RegExp[]>> | Record<string, RegExp[]>;
  doGenerate(options: object): PromiseLike<GenerateResult>;
  doStream(options: object): PromiseLike<{ readonly stream: ReadableStream<StreamPart> }>;
};

export type CallOptions = Common & {
  prompt: PromptMessage[];
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  seed?: number;
  stopSequences?: string[];
  responseFormat?: { type: 'text' } | { type: 'json'; schema?: object; name?: string; description?: string };
  tools?: Tool[];
  toolChoice?: ToolChoice;
  /** Version 4 only. */
  reasoning?: string;
};

export type PromptMessage = { role: 'system' | 'user' | 'assistant' | 'tool'; content: string | PromptPart[]; providerOptions?: ByProvider };

export type PromptPart = { type: string; providerOptions?: ByProvider; [field: string]: unknown };

export type Tool =
  | { type: 'function'; name: string; description?: string; inputSchema: object; strict?: boolean; providerOptions?: ByProvider }
  | { type: 'provider'; id: string; name: string; args: Record<string, unknown> };

export type ToolChoice = { type: 'auto' | 'none' | 'required' } | { type: 'tool'; toolName: string };

export type FinishReason = { readonly unified: string; readonly raw: string | undefined };

export type ModelUsage = {
  readonly inputTokens: { readonly total: number | undefined; readonly cacheRead: number | undefined; readonly cacheWrite: number | undefined };
  readonly outputTokens: { readonly total: number | undefined; readonly reasoning: number | undefined };
};

/** A piece of content, whole. Kinds that are not known here are handed on as they are. */
export type Content = {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly input?: string;
  readonly providerExecuted?: boolean;
  readonly mediaType?: string;
  readonly data?: unknown;
  readonly sourceType?: string;
  readonly url?: string;
  readonly title?: string;
  readonly providerMetadata?: ByProvider;
};

export type GenerateResult = {
  readonly content: readonly Content[];
  readonly structuredOutputText?: string;
  readonly finishReason: FinishReason;
  readonly usage: ModelUsage;
  readonly providerMetadata?: ByProvider;
  readonly response?: { readonly id?: string; readonly timestamp?: Date; readonly modelId?: string };
  readonly warnings: readonly object[];
};

/** A piece of a stream, or a piece of content that came whole. */
export type StreamPart = Omit<Content, 'type'> & {
  readonly type: string;
  readonly delta?: string;
  readonly warnings?: readonly object[];
  readonly timestamp?: Date;
  readonly modelId?: string;
  readonly usage?: ModelUsage;
  readonly finishReason?: FinishReason;
  readonly error?: unknown;
};

export type EmbeddingModel = Model & {
  readonly maxEmbeddingsPerCall: PromiseLike<number | undefined> | number | undefined;
  doEmbed(options: object): PromiseLike<EmbeddingResult>;
};

export type EmbeddingResult = {
  readonly embeddings: readonly (readonly number[])[];
  readonly usage?: { readonly tokens: number };
  readonly providerMetadata?: ByProvider;
  readonly warnings: readonly object[];
};

export type ImageModel = Model & {
  readonly maxImagesPerCall: number | undefined | ((options: { modelId: string }) => PromiseLike<number | undefined> | number | undefined);
  doGenerate(options: object): PromiseLike<ImageResult>;
};

export type ImageFile = { type: 'file'; mediaType: string; data: Uint8Array };

export type ImageOptions = Omit<Common, 'providerOptions'> & {
  prompt: string | undefined;
  n: number;
  size: `${number}x${number}` | undefined;
  aspectRatio: `${number}:${number}` | undefined;
  seed: number | undefined;
  files: ImageFile[] | undefined;
  mask: ImageFile | undefined;
  providerOptions: ByProvider;
};

export type ImageResult = {
  readonly images: readonly (string | Uint8Array)[];
  readonly warnings: readonly object[];
  readonly providerMetadata?: object;
  readonly usage?: { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined; readonly totalTokens: number | undefined };
};

export type SpeechModel = Model & {
  doGenerate(options: object): PromiseLike<{
    readonly audio: string | Uint8Array;
    readonly warnings: readonly object[];
  }>;
};

export type TranscriptionModel = Model & {
  doGenerate(options: object): PromiseLike<TranscriptionResult>;
};

export type Stretch = { readonly text: string; readonly startSecond: number; readonly endSecond: number };

export type TranscriptionResult = {
  readonly text: string;
  readonly segments: readonly Stretch[];
  readonly words?: readonly Stretch[];
  readonly language: string | undefined;
  readonly durationInSeconds: number | undefined;
  readonly warnings: readonly object[];
};

export type RerankingModel = Model & {
  doRerank(options: object): PromiseLike<RerankingResult>;
};

export type RerankingResult = {
  readonly ranking: readonly { readonly index: number; readonly relevanceScore: number }[];
  readonly providerMetadata?: ByProvider;
  readonly warnings?: readonly object[];
  readonly response?: { readonly id?: string };
};
