import type { Path } from '../input/issue';

/** Paths of invalid values, in a tree by their steps, so that looking one up takes as long for many as for few. */
export class InvalidPaths {
  private readonly root: Node = { isEnd: false, below: new Map() };

  constructor(paths: readonly Path[]) {
    for (const path of paths) {
      let node = this.root;
      for (const step of path) {
        const inner = node.below.get(step) ?? { isEnd: false, below: new Map() };
        node.below.set(step, inner);
        node = inner;
      }
      node.isEnd = true;
    }
  }

  /** Whether a value is invalid, in an invalid one, or has one in it. */
  isRelated(path: Path): boolean {
    let node: Node | undefined = this.root;
    for (const step of path) {
      if (node.isEnd) return true;
      node = node.below.get(step);
      if (!node) return false;
    }
    return true;
  }
}

interface Node {
  isEnd: boolean;
  readonly below: Map<string | number, Node>;
}
