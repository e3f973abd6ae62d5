// A grey picture that looks a little like a slice, as PNG.

import { crc32, deflateSync } from 'node:zlib';

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

export function picture(text, size = 128) {
  const phase = [...text].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 17;
  const rows = Buffer.alloc(size * (size + 1));
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const [dx, dy] = [(x - size / 2) / (size * 0.42), (y - size / 2) / (size * 0.34)];
      const r = Math.sqrt(dx * dx + dy * dy);
      const grey = r > 1 ? 6 : r > 0.92 ? 210 : 90 + 55 * Math.sin(x / (3 + phase / 3)) * Math.cos(y / (4 + phase / 5)) - (Math.abs(Math.abs(dx) - 0.45) < 0.25 && Math.abs(dy) < 0.55 ? 60 : 0);
      rows[y * (size + 1) + 1 + x] = Math.max(0, Math.min(255, grey));
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 8;
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
