import { describe, expect, it } from 'vitest';
import { roughHours } from '../../src/pages/system/rough_hours';

describe('how long it takes to read the archive', () => {
  it('follows the rate that reading is bound to', () => {
    expect(roughHours(36e9, 10e6)).toBe(1);
    expect(roughHours(360e9, 5e6)).toBe(20);
  });

  it('is a guess where nothing bounds it', () => {
    expect(roughHours(360e9, 0)).toBe(2);
    expect(roughHours(1e9)).toBe(0);
  });
});
