import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';

export const toastManager = Toast.createToastManager();

interface Message {
  title: string;
  description?: ReactNode;
  tone?: 'good' | 'error' | 'busy';
  /** Milliseconds; 0 stays until it is closed. */
  timeout?: number;
  action?: { label: string; run: () => void };
}

/** Shows a message; gives its id, with which `dismiss` takes it away. */
export function notify({ title, description, tone = 'good', timeout = tone === 'error' ? 10000 : 5000, action }: Message): string {
  const id: string = toastManager.add({
    title, description, timeout, type: tone, priority: tone === 'error' ? 'high' : 'low',
    actionProps: action && { children: action.label, onClick: () => { toastManager.close(id); action.run(); } },
  });
  return id;
}

/** Another title and tone for a message that is shown. */
export const change = (id: string, { title, tone }: { title: string; tone: 'good' | 'error' | 'busy' }): void => toastManager.update(id, { title, type: tone });

export const dismiss = (id: string): void => toastManager.close(id);
