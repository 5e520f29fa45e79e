export { type DeclaredKey, type DeclaredObject, declaredDirectory } from './directory/declared-directory.ts';
export { isTimeZone } from './pricing/is-time-zone.ts';
export { RESERVED_KEY_IDS } from './keys/key-ring.ts';
export { auditHash } from './directory/audit-hash.ts';
export { Directory, type DirectoryObject, type DirectoryOptions } from './directory/directory.ts';
export { DirectoryConflictError } from './directory/directory-conflict-error.ts';
export { issueKey, type IssuedKey, keyName } from './directory/issue-key.ts';
export { isRoute } from './http/route-book.ts';
export { memoryDirectoryStore } from './directory/memory-directory-store.ts';
export { ConfigurationError, type ConfigurationProblem } from './errors/configuration-error.ts';
export { didYouMean } from './errors/did-you-mean.ts';
export { OPTION, requireOptions } from './errors/require-options.ts';
export { ERROR_CODES, type ErrorCode } from './errors/error-codes.ts';
export { type OptionCheck, type OptionChecks, optionProblems } from './errors/option-problems.ts';
export { addressProblem } from './identities/address-problem.ts';
export { byClaims } from './identities/by-claims.ts';
export { CLAIM_RULE_CHECKS, type ClaimRules, type ScopeRights } from './identities/claim-rules.ts';
export { type ClaimPaths, claimAt } from './identities/claims.ts';
export { defineIdentity } from './identities/define-identity.ts';
export { cookieValues } from './http/read-shown.ts';
export { GatewayError, type GatewayErrorOptions } from './errors/gateway-error.ts';
export { createGateway, type Gateway } from './gateway/create-gateway.ts';
export type { CallOptions } from './gateway/call-options.ts';
export type { Client } from './gateway/client.ts';
export type { BatchClient, FileClient, FileUpload, PageQuery } from './gateway/file-client.ts';
export type { ExplainOptions } from './gateway/explain-call.ts';
export type { ToolCallContext, ToolHandler, ToolResult, ToolRound, ToolRun, ToolRunRequest } from './gateway/tools/tool-run.ts';
export type { GatewayFetch } from './gateway/fetch-face.ts';
export type { Changes, GatewayModels } from './gateway/models/gateway-models.ts';
export type { ModelCost } from './gateway/models/model-costs.ts';
export type { ReadModel } from './gateway/models/directory-models.ts';
export type { GatewayOptions } from './gateway/options.ts';
export type { ManagementRules } from './types/management-rules.ts';
export type { ConfigUpdate } from './gateway/update-config.ts';
export { validateOptions } from './gateway/validate/validate-options.ts';
export { askJudge, type JudgingModel } from './hooks/guardrail/asked-model.ts';
export { defineGuardrail } from './hooks/guardrail/define-guardrail.ts';
export { judgedOnce } from './hooks/guardrail/judged-once.ts';
export { defineSink } from './hooks/logger/define-sink.ts';
export { postJson, type PostOptions } from './stream/post-json.ts';
export { modelRegistry, type ModelRegistry } from './models/model-registry.ts';
export type { Alias, Aliases, ModelSnapshot } from './models/model-snapshot.ts';
export { revealed, secret } from './models/secret.ts';
export { isAllowed, matchesWildcard } from './models/wildcard.ts';
export { callOf } from './pipeline/call-of.ts';
export { type CallSource, Context, type ContextInit, type ContextKey, contextKey, type Deferred } from './pipeline/context.ts';
export { defineHook, type Handler, type Hook, type HookInput, type Next, type Phase, PHASES, type PluginPackage } from './pipeline/hook.ts';
export { chatRequestOf, isLocal } from './pipeline/operations.ts';
export { strict } from './pipeline/strict.ts';
export { MODEL_OPERATIONS } from './requests/request-shapes.ts';
export { costOf } from './pricing/cost.ts';
export { estimateTokens } from './pricing/estimate.ts';
export { formatUsd, toNanoUsd } from './pricing/money.ts';
export { perMillion, toPrice } from './pricing/to-price.ts';
export type { MediaReference } from './provider/media/media-parts.ts';
export type { MediaOptions } from './provider/media/media-fetcher.ts';
export type { MediaKind } from './provider/media/media-type.ts';
export { countedMessages } from './provider/counted-messages.ts';
export { encodeEmbeddings } from './provider/encode-embeddings.ts';
export type { ConversationNeed } from './provider/amended-request.ts';
export { type Expiring, keptUntilExpiry } from './provider/kept-until-expiry.ts';
export { BOOKKEEPING_FIELDS, knownFields, knownRequest, type Refuse, refuser, supportedRequest, unsupportedParameter } from './provider/parameter-rules.ts';
export {
  defineProvider,
  type DiscoveredProvider,
  type FollowUp,
  type Mapping,
  type OwnSendOptions,
  type Provider,
  type ProviderCall,
  type ProviderPackage,
  type SendOptions,
  type WireBody,
  type WireError,
  type WireRequest,
  type WireResponse,
  type WrappedBytes,
} from './provider/provider.ts';
export { readRetryAfter } from './provider/read-retry-after.ts';
export { redactKeys } from './provider/redact-keys.ts';
export { readSides, type Sides, toAspectRatio } from './provider/picture-size.ts';
export { filesIn, formBody, type FormFields, formTexts, onlyFile } from './provider/upload-body.ts';
export { upstreamCode } from './provider/upstream-code.ts';
export { readOcrUsage, readRerankUsage } from './provider/operation-usage.ts';
export { readUsage } from './provider/wire-usage.ts';
export type { RouterOptions } from './routing/routing.ts';
export { memoryStore, type MemoryStoreOptions } from './store/memory-store.ts';
export { type Adjustment, type Claim, defineStore, type Reservation, type Store, type StoreHold, type StorePackage, type WriteOptions } from './store/store.ts';
export { Carry } from './stream/carry.ts';
export { JsonArraySplitter } from './stream/json-array-splitter.ts';
export { LazyJson } from './stream/lazy-json.ts';
export { LineSplitter } from './stream/line-splitter.ts';
export { mapBatches } from './stream/map-batches.ts';
export type { SplitBytes, Splitter, WireEvent } from './stream/splitter.ts';
export { SseSplitter } from './stream/sse-splitter.ts';
export type * from './types/call.ts';
export type * from './types/principal.ts';
export type * from './types/upload.ts';
export type * from './types/usage.ts';
export type * from './types/chat.ts';
export type * from './types/continues.ts';
export type * from './types/decision.ts';
export type { DatabasePackage } from './types/database-package.ts';
export type * from './types/directory.ts';
export type * from './types/hedge.ts';
export type * from './types/identity.ts';
export type * from './identities/identity.ts';
export type * from './types/json.ts';
export type * from './types/mirror.ts';
export type * from './types/model.ts';
export type * from './types/model-group.ts';
export type * from './types/model-reader.ts';
export type * from './types/outage.ts';
export type * from './types/parameter-rules.ts';
export type * from './types/guardrail.ts';
export type * from './types/budget-alert.ts';
export type * from './types/record.ts';
export type * from './types/spend.ts';
export type * from './types/strategy.ts';
export type * from './types/try-failure.ts';
export type { VirtualKey } from './keys/virtual-key.ts';
