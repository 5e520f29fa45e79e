import { budgetRoom } from '../../pipeline/budget-room.ts';
import type { Context } from '../../pipeline/context.ts';

/** Whether all budgets have room for one more answer, which is then held for. A store that is away has none. */
export async function takeAnother(ctx: Context): Promise<boolean> {
  try {
    return (await ctx.get(budgetRoom)?.takeAnother()) ?? true;
  } catch {
    return false;
  }
}
