/**
 * What is done about a request that the server refuses because the session has ended: it waits, and is made again when the same
 * person has signed in. Knows no page.
 */

/** What a refusal (401, 403) means: nobody is signed in any more; somebody is again by now; or this is not allowed. */
export type Meaning = 'ended' | 'signed_in' | 'not_allowed';

export class Refusals {
  private readonly waiting = new Set<(again: boolean) => void>();

  constructor(private readonly meaningOf: (status: number) => Promise<Meaning>) {}

  /** Whether to make the request again. Answers once it is clear who goes on. */
  readonly again = async (status: number): Promise<boolean> => {
    if (status !== 401 && status !== 403) return false;
    const meaning = await this.meaningOf(status).catch((): Meaning => 'not_allowed');
    if (meaning !== 'ended') return meaning === 'signed_in';
    return new Promise(answer => { this.waiting.add(answer); });
  };

  /** Somebody has signed in: `same` as before, or another. */
  signedIn(same: boolean): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const answer of waiting) answer(same);
  }
}
