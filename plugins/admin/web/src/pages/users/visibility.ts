/** Rules about which studies somebody sees, while they are typed in. */

import type { Visibility, VisibilityAttribute } from '../../api/types';

export interface RuleDraft { key: number; attribute: VisibilityAttribute; values: string }
export const kAttributes: VisibilityAttribute[] = ['referring_physician', 'institution', 'modality', 'label'];

const split = (values: string): string[] => values.split(',').map(value => value.trim()).filter(Boolean);

export const toDrafts = (visibility: Visibility | null): RuleDraft[] =>
  (visibility?.all_of ?? []).map((rule, key) => ({ key, attribute: rule.attribute, values: rule.values.join(', ') }));

export const toVisibility = (rules: RuleDraft[]): Visibility => ({ all_of: rules.map(rule => ({ attribute: rule.attribute, values: split(rule.values) })) });

export const isComplete = (rules: RuleDraft[]): boolean => rules.length > 0 && rules.every(rule => split(rule.values).length > 0);

export const withRule = (rules: RuleDraft[]): RuleDraft[] =>
  [...rules, { key: Math.max(-1, ...rules.map(rule => rule.key)) + 1, attribute: 'referring_physician', values: '' }];
