import { useSyncExternalStore } from 'react';
import { UploadQueue, type Snapshot } from './queue';
import { sendFile } from './send';

/** The uploads of this page; they go on while one looks at other parts of it. */
export const uploads = new UploadQueue(sendFile);

export const useUploads = (): Snapshot => useSyncExternalStore(uploads.subscribe, uploads.snapshot);
