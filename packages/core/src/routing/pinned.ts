import { contextKey } from '../pipeline/context.ts';
import type { ModelGroup } from '../types/model-group.ts';

/** The group that a call has to be answered by, whatever its model's name means otherwise. */
export const pinnedGroup = contextKey<ModelGroup>('pinned group');
