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

/**
 * Finds every occurrence of every word in one pass, in time linear in the text however many words there are:
 * the automaton of Aho and Corasick.
 */
export function wordFinder(words: Iterable<string>): (text: string) => Iterable<Found> {
  const root = createNode();
  for (const word of words) insert(root, word);
  link(root);

  return function* find(text) {
    let node = root;
    for (let index = 0; index < text.length; index += 1) {
      node = step(node, text.charCodeAt(index), root);
      for (let end: Node | undefined = node.length > 0 ? node : node.shorter; end; end = end.shorter) {
        yield { start: index + 1 - end.length, end: index + 1 };
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
