/** Requests to the server. Addresses are relative to the page, which may lie below any path. */

import { currentLanguage } from '../i18n/language';

/** The server said no, or (status 0) could not be reached. `detail` is meant for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly retryAfter: number | null = null,
  ) {
    super(detail || title);
  }
}

/** The server is not there, or a proxy says that it is not. */
export const kAway = [0, 502, 503, 504];

export const address = (path: string): string => new URL(path, document.baseURI).href;

/** `final`: a refusal is an answer, and nobody is asked to sign in for it. */
interface Options { method?: string; body?: unknown; signal?: AbortSignal; final?: boolean }

/** Whether to ask again after a refusal; what it waits for is somebody signing in. */
type Again = (status: number) => Promise<boolean>;
let again: Again = () => Promise.resolve(false);
export const setAgain = (decide: Again): void => { again = decide; };
export const askAgain = (status: number): Promise<boolean> => again(status);

async function problemOf(answer: Response): Promise<ApiError> {
  const wait = Number.parseInt(answer.headers.get('Retry-After') ?? '', 10);
  const retryAfter = Number.isNaN(wait) ? null : wait;
  const problem: unknown = await answer.json().catch(() => null);
  const text = (name: string) => {
    const value: unknown = problem && typeof problem === 'object' ? Reflect.get(problem, name) : '';
    return typeof value === 'string' ? value : '';
  };
  return new ApiError(answer.status, text('title') || answer.statusText, text('detail'), retryAfter);
}

/** The answer to a request; throws ApiError for what is not a success. */
export async function request(path: string, { method = 'GET', body, signal, final = false }: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': currentLanguage() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(address(path), {
      method, headers, signal: signal ?? null, credentials: 'same-origin',
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, '', '');
  }
  if (!answer.ok) {
    const problem = await problemOf(answer);
    if (!final && await askAgain(answer.status)) return request(path, { method, body, ...(signal && { signal }), final: true });
    throw problem;
  }
  return answer;
}

/** The JSON of an answer; undefined where there is no content. */
export async function call<T>(path: string, options?: Options): Promise<T> {
  const answer = await request(path, options);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const part = encodeURIComponent;

/** "?a=1&b=2" of what has a value; lists are joined by commas. */
export function query(values: Record<string, string | number | string[] | null | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (text !== null && text !== undefined && text !== '') parameters.set(name, String(text));
  }
  const text = parameters.toString();
  return text && `?${text}`;
}
