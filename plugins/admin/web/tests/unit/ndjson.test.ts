import { expect, it } from 'vitest';
import { readLines } from '../../src/api/ndjson';

function streamOf(parts: string[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(bytes.encode(part));
      controller.close();
    },
  });
}

it('lines of JSON are read however they are cut', async () => {
  const seen: unknown[] = [];
  await readLines(streamOf(['{"a":', '1}\n{"b":"ä', '"}\n\n{"c"', ':3}']), value => seen.push(value));
  expect(seen).toEqual([{ a: 1 }, { b: 'ä' }, { c: 3 }]);
});
