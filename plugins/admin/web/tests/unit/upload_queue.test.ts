import { describe, expect, it } from 'vitest';
import type { UploadResult } from '../../src/api/types';
import { UploadError, UploadQueue, type NamedFile, type SendFile } from '../../src/upload/queue';

const result = (file: string, outcome: UploadResult['outcome'] = 'stored'): UploadResult => ({ file, outcome, reason: '', study_instance_uid: '', sop_instance_uid: '' });
const file = (name: string, size = 10): NamedFile => ({ name, file: new Blob(['x'.repeat(size)]) });
const settled = () => new Promise(resolve => { setTimeout(resolve, 0); });

/** A server that answers when it is told to. */
class Server {
  readonly asked: { name: string; progress: (sent: number) => void; answer: (results: UploadResult[]) => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  readonly send: SendFile = ({ name }, progress, signal) => new Promise((answer, fail) => {
    this.asked.push({ name, progress, answer, fail, signal });
    signal.addEventListener('abort', () => fail(new UploadError('lost')));
  });
  at(index: number) {
    const request = this.asked[index];
    if (!request) throw new Error(`request ${index} was not made`);
    return request;
  }
}

describe('an upload queue', () => {
  it('sends a few files at a time, in order', async () => {
    const server = new Server();
    const queue = new UploadQueue(server.send, 2);
    queue.add(['a', 'b', 'c'].map(name => file(name)));
    expect(server.asked.map(request => request.name)).toEqual(['a', 'b']);
    server.at(0).answer([result('a')]);
    await settled();
    expect(server.asked.map(request => request.name)).toEqual(['a', 'b', 'c']);
    expect(queue.snapshot().active).toBe(true);
    server.at(1).answer([result('b')]);
    server.at(2).answer([result('c', 'identical')]);
    await settled();
    expect(queue.snapshot()).toMatchObject({ active: false, finished: 3, outcomes: { stored: 2, identical: 1, failed: 0 } });
  });

  it('counts what is on its way', () => {
    const server = new Server();
    const queue = new UploadQueue(server.send);
    queue.add([file('a', 100), file('b', 300)]);
    server.at(0).progress(60);
    server.at(1).progress(1000);
    queue.add([]);
    expect(queue.snapshot()).toMatchObject({ bytes: 400, sent: 360, finished: 0 });
  });

  it('counts the objects in a ZIP one by one', async () => {
    const server = new Server();
    const queue = new UploadQueue(server.send);
    queue.add([file('all.zip')]);
    server.at(0).answer([result('1'), result('2'), result('readme', 'not_dicom'), result('3', 'refused')]);
    await settled();
    expect(queue.snapshot().outcomes).toMatchObject({ stored: 2, not_dicom: 1, refused: 1, failed: 0 });
  });

  it('tries again what failed, and nothing else', async () => {
    const server = new Server();
    const queue = new UploadQueue(server.send);
    queue.add([file('a'), file('b')]);
    server.at(0).fail(new UploadError('refused', 'The disk is full.'));
    server.at(1).answer([result('b')]);
    await settled();
    expect(queue.snapshot()).toMatchObject({ active: false, outcomes: { failed: 1, stored: 1 } });
    expect(queue.snapshot().items[0]?.error?.detail).toBe('The disk is full.');
    queue.retryFailed();
    expect(server.asked.map(request => request.name)).toEqual(['a', 'b', 'a']);
    server.at(2).answer([result('a')]);
    await settled();
    expect(queue.snapshot()).toMatchObject({ active: false, outcomes: { failed: 0, stored: 2 } });
  });

  it('stops what has not arrived, and keeps what has', async () => {
    const server = new Server();
    const queue = new UploadQueue(server.send, 1);
    queue.add([file('a'), file('b'), file('c')]);
    server.at(0).answer([result('a')]);
    await settled();
    queue.stop();
    await settled();
    expect(server.at(1).signal.aborted).toBe(true);
    expect(queue.snapshot().items.map(item => item.name)).toEqual(['a']);
    expect(server.asked).toHaveLength(2);
    queue.add([file('d')]);
    expect(server.asked).toHaveLength(3);
  });

  it('takes an error that it does not know for a broken connection', async () => {
    const server = new Server();
    const queue = new UploadQueue(server.send);
    queue.add([file('a')]);
    server.at(0).fail(new TypeError('anything'));
    await settled();
    expect(queue.snapshot().items[0]?.error?.kind).toBe('lost');
  });

  it('tells who listens', () => {
    const server = new Server();
    const queue = new UploadQueue(server.send);
    let told = 0;
    const leave = queue.subscribe(() => { told += 1; });
    queue.add([file('a')]);
    expect(told).toBeGreaterThan(0);
    leave();
    const before = told;
    queue.clear();
    expect(told).toBe(before);
    expect(queue.snapshot().items).toEqual([]);
  });
});
