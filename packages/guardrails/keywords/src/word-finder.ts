/** A place in a text, from `start` up to, not including, `end`. */
export type Found = { readonly start: number; readonly end: number };

type Node = {
  readonly next: Map<number, Node>;
  /** The node of the longest proper suffix that is the beginning of some word. */
  fallback: Node;
  /** The word that ends here, by its length; 0 for none. */
  length: number;
  /** The nearest node on the way of fallbacks at which a word ends. */
  shorter: Node | undefined;
};

/** Calls `found` for each occurrence, by where it ends, and stops when that answers true. */
export type FindWords = (text: string, found: (place: Found) => boolean) => void;

/**
 * Finds every occurrence of every word in one pass, in time linear in the text however many words there are:
 * the automaton of Aho and Corasick.
 */
export function wordFinder(words: Iterable<string>): FindWords {
  const root = createNode();
  for (const word of words) insert(root, word);
  link(root);
  const beginnings = new Set(root.next.keys());
  // Most characters begin no word, and most of those are plain.
  const begins = Uint8Array.from({ length: 128 }, (_, unit) => (beginnings.has(unit) ? 1 : 0));

  return (text, found) => {
    let node = root;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (node === root && unit < 128 && begins[unit] === 0) continue;
      node = step(node, unit, root);
      for (let end: Node | undefined = node.length > 0 ? node : node.shorter; end; end = end.shorter) {
        if (found({ start: index + 1 - end.length, end: index + 1 })) return;
      }
    }
  };
}

function createNode(fallback?: Node): Node {
  const node = { next: new Map<number, Node>(), length: 0, shorter: undefined } as unknown as Node;
  node.fallback = fallback ?? node;
  return node;
}

function insert(root: Node, word: string): void {
  let node = root;
  for (let index = 0; index < word.length; index += 1) {
    const unit = word.charCodeAt(index);
    let child = node.next.get(unit);
    if (!child) node.next.set(unit, (child = createNode(root)));
    node = child;
  }
  node.length = word.length;
}

/** Breadth first, so that the fallback of a shorter beginning is known before it is needed. */
function link(root: Node): void {
  const queue = [...root.next.values()];
  for (const node of queue) {
    for (const [unit, child] of node.next) {
      child.fallback = step(node.fallback, unit, root);
      child.shorter = child.fallback.length > 0 ? child.fallback : child.fallback.shorter;
      queue.push(child);
    }
  }
}

function step(from: Node, unit: number, root: Node): Node {
  let node = from;
  for (;;) {
    const child = node.next.get(unit);
    if (child) return child;
    if (node === root) return root;
    node = node.fallback;
  }
}
