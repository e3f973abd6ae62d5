import { describe, expect, it } from 'vitest';
import { Refusals, type Meaning } from '../../src/app/sign_in_again';

const settled = () => new Promise(resolve => { setTimeout(resolve, 0); });
const refusals = (meaning: Meaning) => new Refusals(() => Promise.resolve(meaning));

describe('a request that was refused', () => {
  it('waits while nobody is signed in, and is made again for the same person', async () => {
    const all = refusals('ended');
    const answers: boolean[] = [];
    for (const status of [401, 403]) void all.again(status).then(again => answers.push(again));
    await settled();
    expect(answers).toEqual([]);
    all.signedIn(true);
    await settled();
    expect(answers).toEqual([true, true]);
  });
  it('is given up when another person has signed in', async () => {
    const all = refusals('ended');
    const again = all.again(401);
    await settled();
    all.signedIn(false);
    expect(await again).toBe(false);
  });
  it('is made again at once where somebody has signed in meanwhile', async () => {
    expect(await refusals('signed_in').again(401)).toBe(true);
  });
  it('is not made again where it is not allowed, or was no refusal, or nobody knows', async () => {
    expect(await refusals('not_allowed').again(403)).toBe(false);
    expect(await refusals('ended').again(404)).toBe(false);
    expect(await new Refusals(() => Promise.reject(new Error('away'))).again(401)).toBe(false);
  });
});
