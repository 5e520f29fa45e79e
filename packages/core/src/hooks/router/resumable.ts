import { join, openBranch } from '../../pipeline/branch.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Reply } from '../../types/call.ts';
import { type GoOn, resumed } from './resumed.ts';

/** Answers on a branch, so that another answer can follow with books of its own. Says in a header that one may. */
export async function resumable(ctx: Context, ask: (branch: Context) => Promise<Reply>, goOn: GoOn): Promise<Reply> {
  const branch = openBranch(ctx);
  try {
    const reply = await ask(branch);
    if (reply.kind === 'stream') {
      ctx.setHeader('x-sluice-resumable', 'true');
      return { kind: 'stream', batches: resumed(ctx, { branch, reply }, goOn) };
    }
    join(ctx, branch);
    return reply;
  } catch (error) {
    join(ctx, branch);
    throw error;
  }
}
