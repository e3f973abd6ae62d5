import type { Job } from '../../api/types';
import type { Format } from '../../i18n/format';
import type { Messages } from '../../i18n/en';

const kSend = /^Send (?:(\d+) stud(?:y|ies))?(?: and )?(?:(\d+) series)? to (.+)$/;

/** The server names jobs in English; those that are known are named in the language of the page, with `say` for what needs no plural. */
export function jobTitle({ kind, title }: Pick<Job, 'kind' | 'title'>, t: Messages, f: Format, say: (text: string) => string): string {
  const [, studies, series, node] = (kind === 'send' && kSend.exec(title)) || [];
  if (!node) return say(title);
  const what = [studies ? t.studies.count(Number(studies), false) : '', series ? t.studies.series(Number(series)) : ''];
  return t.queue.sending(f.list(what.filter(Boolean)), node);
}
