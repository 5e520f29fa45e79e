import type { FileOperation, LocalOperation, ManagementOperation, Operation } from '../types/call.ts';
import type { ChatRequest, ModelRequest } from '../types/chat.ts';
import type { Context } from './context.ts';

const LOCAL: ReadonlySet<Operation> = new Set<LocalOperation>(['models.list', 'models.get', 'health', 'metrics', 'upgrade']);

/** Whether the gateway answers this by itself: such calls cost nothing, and no deployment is chosen. */
export function isLocal(operation: Operation): operation is LocalOperation | ManagementOperation {
  return LOCAL.has(operation) || isManagement(operation);
}

/** Whether it shows or changes who there is. */
export function isManagement(operation: Operation): operation is ManagementOperation {
  return operation.startsWith('admin.');
}

const OF_FILES = {
  'files.create': true,
  'files.list': true,
  'files.get': true,
  'files.content': true,
  'files.delete': true,
  'batches.create': true,
  'batches.list': true,
  'batches.get': true,
  'batches.cancel': true,
} as const satisfies Record<FileOperation, true>;

/** Whether it concerns files or batches, which are kept at a provider. */
export function isFileOperation(operation: Operation): operation is FileOperation {
  return Object.hasOwn(OF_FILES, operation);
}

/** Whether the gateway answers a list from what it remembers, so that no deployment is chosen. */
export function isList(operation: Operation): boolean {
  return operation === 'files.list' || operation === 'batches.list';
}

/** Whether no provider asks money for it. */
export function isFree(operation: Operation): boolean {
  return operation === 'tokens.count' || (isFileOperation(operation) && operation !== 'batches.create');
}

/** The request as a chat request, where the call is one. */
export function chatRequestOf(ctx: Context): ChatRequest | undefined {
  return ctx.operation === 'chat' ? (ctx.request as ModelRequest as ChatRequest) : undefined;
}
