/** Files on their way to the archive: a few at a time, with progress, results and another try. Knows no page. */

import type { UploadOutcome, UploadResult } from '../api/types';

export interface NamedFile { name: string; file: Blob }
/** Why a file did not arrive; `detail` is the server's word. */
export class UploadError extends Error {
  constructor(readonly kind: 'lost' | 'too_large' | 'nonsense' | 'refused', readonly detail = '', readonly status = 0) {
    super(detail || kind);
  }
}
export type SendFile = (file: NamedFile, progress: (sent: number) => void, signal: AbortSignal) => Promise<UploadResult[]>;

export interface UploadItem {
  id: number;
  name: string;
  size: number;
  state: 'waiting' | 'sending' | 'done' | 'failed';
  sent: number;
  results: UploadResult[];
  error: UploadError | null;
}
export interface Snapshot {
  items: readonly UploadItem[];
  active: boolean;
  finished: number;
  bytes: number;
  sent: number;
  outcomes: Record<UploadOutcome | 'failed', number>;
}

const kAtATime = 3;
const kPause = 100;

/** Counts what became of all files; a ZIP counts as the objects in it. */
export function summarize(items: readonly UploadItem[]): Snapshot {
  const outcomes = { stored: 0, identical: 0, kept_first: 0, replaced: 0, refused: 0, not_dicom: 0, failed: 0 };
  let finished = 0;
  let bytes = 0;
  let sent = 0;
  for (const item of items) {
    const over = item.state === 'done' || item.state === 'failed';
    bytes += item.size;
    sent += over ? item.size : Math.min(item.sent, item.size);
    if (over) finished += 1;
    if (item.state === 'failed') outcomes.failed += 1;
    for (const result of item.results) outcomes[result.outcome] += 1;
  }
  return { items, active: finished < items.length, finished, bytes, sent, outcomes };
}

export class UploadQueue {
  private items: UploadItem[] = [];
  private readonly files = new Map<number, NamedFile>();
  private readonly running = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private shown = summarize([]);
  private nextId = 1;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly send: SendFile, private readonly atATime = kAtATime) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly snapshot = (): Snapshot => this.shown;

  add(files: readonly NamedFile[]): void {
    for (const file of files) {
      const id = this.nextId++;
      this.files.set(id, file);
      this.items.push({ id, name: file.name, size: file.file.size, state: 'waiting', sent: 0, results: [], error: null });
    }
    this.go();
  }

  retryFailed(): void {
    for (const item of this.items)
      if (item.state === 'failed') this.change(item.id, { state: 'waiting', sent: 0, error: null });
    this.go();
  }

  /** Stops what has not arrived yet; what has arrived stays. */
  stop(): void {
    const running = [...this.running.values()];
    this.running.clear();
    this.items = this.items.filter(item => item.state === 'done' || item.state === 'failed');
    for (const controller of running) controller.abort();
    this.publish();
  }

  clear(): void {
    this.stop();
    this.items = [];
    this.files.clear();
    this.publish();
  }

  private go(): void {
    for (const item of this.items) {
      if (this.running.size >= this.atATime) break;
      if (item.state === 'waiting') void this.run(item.id);
    }
    this.publish();
  }

  private async run(id: number): Promise<void> {
    const file = this.files.get(id);
    if (!file) return;
    const controller = new AbortController();
    this.running.set(id, controller);
    this.change(id, { state: 'sending' });
    const progress = (sent: number) => {
      this.change(id, { sent });
      this.publishSoon();
    };
    try {
      const results = await this.send(file, progress, controller.signal);
      this.change(id, { state: 'done', results });
      this.files.delete(id);
    } catch (error) {
      this.change(id, { state: 'failed', error: error instanceof UploadError ? error : new UploadError('lost') });
    }
    this.running.delete(id);
    this.go();
  }

  private change(id: number, values: Partial<UploadItem>): void {
    const index = this.items.findIndex(item => item.id === id);
    const item = this.items[index];
    if (item) this.items[index] = { ...item, ...values };
  }

  private publishSoon(): void {
    this.timer ??= setTimeout(() => this.publish(), kPause);
  }

  private publish(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.shown = summarize([...this.items]);
    for (const listener of this.listeners) listener();
  }
}
