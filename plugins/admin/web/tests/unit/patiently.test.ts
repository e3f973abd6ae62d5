import { expect, it } from 'vitest';
import { patiently } from '../../src/app/patiently';

const noWait = () => Promise.resolve();

it('a part is waited for until the archive is back', async () => {
  let asked = 0;
  let away = 3;
  const load = () => (++asked > 3 ? Promise.resolve('the part') : Promise.reject(new Error('away')));
  expect(await patiently(load, () => Promise.resolve(--away < 0), noWait)()).toBe('the part');
  expect(asked).toBe(4);
});

it('a part that is gone from an archive that answers is an error', async () => {
  const load = () => Promise.reject(new Error('gone'));
  await expect(patiently(load, () => Promise.resolve(true), noWait)()).rejects.toThrow('gone');
});

it('a part that came is asked for once', async () => {
  let asked = 0;
  await patiently(() => Promise.resolve(++asked))();
  expect(asked).toBe(1);
});
