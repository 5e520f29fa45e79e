import { warn } from '../../errors/warn.ts';
import { defineStrategy } from '../define-strategy.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { prefer } from './prefer.ts';

export type SemanticRoute = {
  /** A group, a deployment or a model. */
  readonly use: string;
  /** What people say who are meant. */
  readonly examples: readonly string[];
  /** How near one has to come, as the cosine of two vectors. Default 0.5. */
  readonly threshold?: number;
};

export type SemanticOptions = {
  /** The gateway's own model that makes vectors of texts. */
  readonly embeddingModel: string;
  readonly routes: readonly SemanticRoute[];
  /** For what comes near no route, and while no vectors can be had. */
  readonly otherwise: string;
  /** Hears of vectors that could not be had. Default: `process.emitWarning`. */
  readonly onError?: (error: unknown) => void;
};

type Vector = readonly number[];
type Match = { readonly use: string; readonly because: string };

const THRESHOLD = 0.5;
const MOST_CHARACTERS = 8_000;

/** Goes by what is meant: to the route whose examples come nearest to what the caller said last. */
export function semantic({ embeddingModel, routes, otherwise, onError = warn }: SemanticOptions): Strategy {
  let known: Promise<readonly (readonly Vector[])[]> | undefined;
  const matched = new WeakMap<RoutedCall, Promise<Match>>();

  /** The examples, asked for once; again when that failed. */
  function examples(call: RoutedCall): Promise<readonly (readonly Vector[])[]> {
    known ??= embedExamples(call, embeddingModel, routes).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  async function match(call: RoutedCall): Promise<Match> {
    try {
      const [vectors, [said = []]] = await Promise.all([examples(call), call.embed(embeddingModel, [call.text.slice(0, MOST_CHARACTERS)])]);
      const nearness = vectors.map((own) => Math.max(-1, ...own.map((vector) => cosine(vector, said))));
      const best = nearness.indexOf(Math.max(...nearness));
      const route = routes[best];
      const near = nearness[best] ?? -1;
      if (route && near >= (route.threshold ?? THRESHOLD)) return { use: route.use, because: `nearest to '${route.use}', by ${near.toFixed(2)}` };
      return { use: otherwise, because: `near to no route: ${near.toFixed(2)} at best` };
    } catch (error) {
      onError(error);
      return { use: otherwise, because: 'no vectors could be had' };
    }
  }

  function matchOf(call: RoutedCall): Promise<Match> {
    let found = matched.get(call);
    if (!found) matched.set(call, (found = match(call)));
    return found;
  }

  return defineStrategy({
    name: 'semantic',
    pick: async (candidates, call) => prefer([(await matchOf(call)).use, otherwise], candidates, call),
    reason: async (_, call) => (await matchOf(call)).because,
  });
}

async function embedExamples(call: RoutedCall, model: string, routes: readonly SemanticRoute[]): Promise<readonly (readonly Vector[])[]> {
  const vectors = await call.embed(
    model,
    routes.flatMap(({ examples }) => examples),
  );
  let at = 0;
  return routes.map(({ examples }) => vectors.slice(at, (at += examples.length)));
}

function cosine(a: Vector, b: Vector): number {
  let [dot, lengthA, lengthB] = [0, 0, 0];
  for (let index = 0; index < a.length; index += 1) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0];
    dot += x * y;
    lengthA += x * x;
    lengthB += y * y;
  }
  return lengthA === 0 || lengthB === 0 ? -1 : dot / Math.sqrt(lengthA * lengthB);
}
