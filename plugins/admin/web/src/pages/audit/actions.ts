/** What the audit trail calls by words of its own, such as "study.read", in the language of the page. */

import type { AuditEntry } from '../../api/types';
import type { Messages } from '../../i18n/en';

/** What a plugin calls by a word that nobody knows here keeps that word. */
export function actionName(action: string, t: Messages): string {
  const names: Record<string, string> = t.audit.actions;
  return names[action] ?? action;
}

/** Those that the page knows, and what else is among the entries or chosen. */
export function actionsToChoose(entries: AuditEntry[], chosen: string, t: Messages): { action: string; name: string }[] {
  const all = new Set([...Object.keys(t.audit.actions), ...entries.map(entry => entry.action), ...(chosen ? [chosen] : [])]);
  return [...all].map(action => ({ action, name: actionName(action, t) }));
}
