/** Sends one file with XMLHttpRequest, which, other than fetch, tells how far it is. */

import { address, askAgain, query } from '../api/client';
import type { UploadResult } from '../api/types';
import { currentLanguage } from '../i18n/language';
import { UploadError, type SendFile } from './queue';

function detailOf(text: string): string {
  try {
    const problem: unknown = JSON.parse(text);
    const detail: unknown = problem && typeof problem === 'object' ? Reflect.get(problem, 'detail') : '';
    return typeof detail === 'string' ? detail : '';
  } catch {
    return '';
  }
}

function resultsOf(text: string): UploadResult[] {
  try {
    return (JSON.parse(text) as { results: UploadResult[] }).results;
  } catch {
    throw new UploadError('nonsense');
  }
}

const sendOnce: SendFile = ({ name, file }, progress, signal) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open('POST', address(`api/upload${query({ name })}`));
  request.setRequestHeader('Accept-Language', currentLanguage());
  request.upload.addEventListener('progress', event => progress(event.loaded));
  request.addEventListener('error', () => reject(new UploadError('lost')));
  request.addEventListener('abort', () => reject(new UploadError('lost')));
  request.addEventListener('load', () => {
    if (request.status === 413) reject(new UploadError('too_large', detailOf(request.responseText)));
    else if (request.status >= 400) reject(new UploadError('refused', detailOf(request.responseText), request.status));
    else {
      try {
        resolve(resultsOf(request.responseText));
      } catch (error) {
        reject(error as UploadError);
      }
    }
  });
  signal.addEventListener('abort', () => request.abort());
  request.send(file);
});

/** A file that is refused since nobody is signed in any more, or whose connection was cut for that, waits for the sign-in. */
export const sendFile: SendFile = async (file, progress, signal) => {
  try {
    return await sendOnce(file, progress, signal);
  } catch (error) {
    const status = error instanceof UploadError && error.kind === 'lost' ? 403 : error instanceof UploadError ? error.status : 0;
    if (signal.aborted || !await askAgain(status) || signal.aborted) throw error;
    return await sendOnce(file, progress, signal);
  }
};
