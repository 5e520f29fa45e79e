import type { LocalOperation, ManagementOperation, Operation } from '../types/call.ts';
import type { ChatRequest, ModelRequest } from '../types/chat.ts';
import type { Context } from './context.ts';

const LOCAL: ReadonlySet<Operation> = new Set<LocalOperation>(['models.list', 'models.get', 'health', 'upgrade']);

/** Whether the gateway answers this by itself: such calls cost nothing, and no deployment is chosen. */
export function isLocal(operation: Operation): operation is LocalOperation | ManagementOperation {
  return LOCAL.has(operation) || isManagement(operation);
}

/** Whether it shows or changes who there is. */
export function isManagement(operation: Operation): operation is ManagementOperation {
  return operation.startsWith('admin.');
}

const FREE: ReadonlySet<Operation> = new Set<Operation>(['tokens.count']);

/** Whether no provider asks money for it. */
export function isFree(operation: Operation): boolean {
  return FREE.has(operation);
}

/** The request as a chat request, where the call is one. */
export function chatRequestOf(ctx: Context): ChatRequest | undefined {
  return ctx.operation === 'chat' ? (ctx.request as ModelRequest as ChatRequest) : undefined;
}
