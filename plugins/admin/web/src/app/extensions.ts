import { useQuery } from '@tanstack/react-query';
import { address } from '../api/client';
import { extensionsQuery } from '../api/queries';
import type { Extension } from '../api/types';
import { useText } from '../i18n/text';

export interface Shown extends Extension { label: string }

/** What plugins add to the application, of one kind, in the chosen language. A server without any says so with 404. */
export function useExtensions(kind: Extension['kind']): Shown[] {
  const { language } = useText();
  const { data = [] } = useQuery({ ...extensionsQuery, staleTime: 60000 });
  return data.filter(extension => extension.kind === kind)
    .map(extension => ({ ...extension, label: language === 'de' ? extension.label_de || extension.label_en : extension.label_en }));
}

/** Paths of the server count from where the application lies. */
export const extensionAddress = (url: string, study = ''): string =>
  address(url.replace(/^\//, '').replace('{study}', encodeURIComponent(study)));
