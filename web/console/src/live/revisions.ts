const KNOWN_MAX = 2_000;

/**
 * The newest revision seen of each conversation, also of those that no list
 * shows any more: late news must not bring them back. The oldest are forgotten.
 */
export class Revisions {
  private readonly known = new Map<number, number>();

  /** Takes note of a revision; tells whether it is news. */
  isNews(id: number, revision: number): boolean {
    const before = this.known.get(id);
    if (before !== undefined && revision < before) return false;
    this.known.delete(id);
    this.known.set(id, revision);
    const oldest = this.known.keys().next().value;
    if (this.known.size > KNOWN_MAX && oldest !== undefined) this.known.delete(oldest);
    return true;
  }
}
