/** Splits a stream of JSON lines as it comes; calls `each` for every complete line. */
export async function readLines<T>(stream: ReadableStream<Uint8Array>, each: (value: T) => void): Promise<void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line.trim()) each(JSON.parse(line) as T);
    if (done) return;
  }
}
