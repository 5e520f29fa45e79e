import type { FileOperation } from '../types/call.ts';
import { aCount, aText } from './chat-shape.ts';
import { fields, oneOf, optional, text } from './shape.ts';

const ORDER = optional(oneOf('asc', 'desc'));
const page = { limit: aCount, after: aText, order: ORDER };
const named = fields({ id: text({ min: 1 }) });

/** What a request about files and batches has to look like, as far as Sluice relies on it. */
export const FILE_SHAPES = {
  'files.create': fields({ purpose: aText, model: aText, custom_llm_provider: aText }),
  'files.list': fields({ ...page, purpose: aText }),
  'files.get': named,
  'files.content': named,
  'files.delete': named,
  'batches.create': fields({
    input_file_id: text({ min: 1 }),
    endpoint: oneOf('/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses', '/v1/moderations'),
    completion_window: text({ min: 1 }),
  }),
  'batches.list': fields(page),
  'batches.get': named,
  'batches.cancel': named,
} as const satisfies Record<FileOperation, ReturnType<typeof fields>>;
