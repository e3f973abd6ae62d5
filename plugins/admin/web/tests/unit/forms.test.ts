import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/i18n/en';
import { actionName, actionsToChoose } from '../../src/pages/audit/actions';
import { draftErrors, emptyNode, rightsIn, sensibleRights, toFields, withRight } from '../../src/pages/nodes/draft';
import { nextOrder } from '../../src/pages/studies/next_order';
import { grantable } from '../../src/pages/users/grantable';
import { isNarrowed, readFilter, toQuery, writeFilter } from '../../src/pages/studies/filter';
import { isAtLeast } from '../../src/pages/system/log';
import { isComplete, toDrafts, toVisibility, withRule } from '../../src/pages/users/visibility';
import { browserName } from '../../src/pages/account/browser_name';

describe('a node that is typed in', () => {
  const good = { ...emptyNode, ae_title: 'CT_1', host: '10.0.0.1', port: '104' };
  it('is checked', () => {
    expect(draftErrors(good)).toEqual({ ae_title: false, host: false, port: false });
    expect(draftErrors({ ...good, ae_title: 'A'.repeat(17) }).ae_title).toBe(true);
    expect(draftErrors({ ...good, ae_title: 'A\\B' }).ae_title).toBe(true);
    expect(draftErrors({ ...good, ae_title: '  ' }).ae_title).toBe(true);
    expect(draftErrors({ ...good, port: '70000' }).port).toBe(true);
    expect(draftErrors({ ...good, port: '1e3' }).port).toBe(true);
    expect(draftErrors({ ...good, port: '' }).port).toBe(false);
    expect(draftErrors({ ...good, host: '' }).host).toBe(true);
    expect(draftErrors({ ...good, host: '', any_address: true }).host).toBe(false);
  });
  it('is sent without spaces around', () => {
    expect(toFields({ ...good, host: ' 10.0.0.1 ', port: '' })).toEqual({ host: '10.0.0.1', rights: good.rights, tls: false, any_address: false, description: '', preferred_transfer_syntaxes: [], certificate: '', user_required: false });
  });
  it('keeps its rights in one order', () => {
    expect(withRight(['retrieve'], 'echo', true)).toEqual(['echo', 'retrieve']);
    expect(withRight(['echo', 'store'], 'echo', false)).toEqual(['store']);
  });
  it('is let in with what it wanted', () => {
    expect(sensibleRights('store')).toEqual(['echo', 'store']);
    expect(sensibleRights('query, retrieve')).toEqual(['echo', 'query', 'retrieve']);
    expect(sensibleRights('')).toEqual(['echo', 'store', 'query', 'retrieve']);
  });
  it('wanted rights, of whatever kinds of images', () => {
    expect(rightsIn('store Ambulatory ECG Waveform Storage and 63 more, query')).toEqual(['store', 'query']);
    expect(rightsIn('Basic Grayscale Print Management')).toEqual([]);
  });
});

describe('the order of studies', () => {
  const date = { ascending: 'oldest_first', descending: 'newest_first', first: 'newest_first' } as const;
  const name = { ascending: 'patient_name', descending: 'patient_name_reversed', first: 'patient_name' } as const;

  it('turns round with each click on a heading, and begins anew with another one', () => {
    expect(nextOrder('newest_first', date)).toBe('oldest_first');
    expect(nextOrder('oldest_first', date)).toBe('newest_first');
    expect(nextOrder('oldest_first', name)).toBe('patient_name');
    expect(nextOrder('patient_name', name)).toBe('patient_name_reversed');
    expect(nextOrder('patient_name_reversed', date)).toBe('newest_first');
  });

  it('narrows nothing, and is newest first unless the address says one that there is', () => {
    expect(isNarrowed(readFilter(new URLSearchParams('order=oldest_first')))).toBe(false);
    expect(readFilter(new URLSearchParams('order=tallest_first')).order).toBe('newest_first');
    expect(writeFilter(readFilter(new URLSearchParams())).size).toBe(0);
  });
});

describe('the filter of studies', () => {
  it('survives the address', () => {
    const filter = { search: 'doe jane', modality: ['CT', 'MR'], date: 'range' as const, from: '2026-01-01', to: '2026-02-01', label: 'urgent', order: 'patient_name' as const };
    expect(readFilter(writeFilter(filter))).toEqual(filter);
    expect(isNarrowed(filter)).toBe(true);
    expect(toQuery(filter, new Date()).order).toBe('patient_name');
    expect(isNarrowed(readFilter(new URLSearchParams('date=nonsense')))).toBe(false);
  });
  it('counts seven days with today', () => {
    const filter = readFilter(new URLSearchParams('date=week'));
    expect(toQuery(filter, new Date(2026, 2, 3))).toMatchObject({ from: '20260225', to: '20260303' });
    expect(toQuery({ ...filter, date: 'range', from: '2026-01-31' }, new Date())).toMatchObject({ from: '20260131', to: '' });
  });
});

describe('visibility rules', () => {
  it('come and go unchanged', () => {
    const visibility = { all_of: [{ attribute: 'label' as const, values: ['a', 'b c'] }, { attribute: 'modality' as const, values: ['CT'] }] };
    expect(toVisibility(toDrafts(visibility))).toEqual(visibility);
  });
  it('need values', () => {
    expect(isComplete([])).toBe(false);
    const rules = withRule(withRule([]));
    expect(rules.map(rule => rule.key)).toEqual([0, 1]);
    expect(isComplete(rules)).toBe(false);
    expect(isComplete(rules.map(rule => ({ ...rule, values: 'x , ,y' })))).toBe(true);
  });
});

describe('the log', () => {
  it('is filtered by level', () => {
    const entry = (level: string) => ({ number: 1, level, time: '', instance: '', message: '', fields: '' });
    expect(['debug', 'info', 'warning', 'error'].map(level => isAtLeast(entry(level), 'warning'))).toEqual([false, false, true, true]);
    expect(isAtLeast(entry('WARN'), 'warning')).toBe(true);
    expect(isAtLeast(entry('trace'), 'all')).toBe(true);
  });
});

describe('actions of the audit trail', () => {
  it('all have a name in the language of the page', () => {
    const sdk = readFileSync(join('..', '..', '..', 'sdk', 'include', 'fermata', 'audit_trail.hpp'), 'utf8');
    const known = [...sdk.matchAll(/std::string_view k\w+ =\s+"([a-z.]+)"/g)].map(([, action = '']) => action);
    expect(known).toContain('study.read');
    for (const action of [...known, 'audit.read']) expect(actionName(action, en), action).not.toBe(action);
  });
  it('can be chosen where a plugin has one of its own, too', () => {
    const entry = { id: 1, time: '', action: 'print.job', outcome: 'success' as const, user: '', address: '', object: '', patient_id: '', detail: '' };
    expect(actionsToChoose([entry], 'other.word', en).slice(-2)).toEqual([{ action: 'print.job', name: 'print.job' }, { action: 'other.word', name: 'other.word' }]);
  });
});

describe('browsers', () => {
  it('are named as people know them', () => {
    expect(browserName('Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1')).toBe('Safari, iOS');
    expect(browserName('curl/8.1')).toBe('curl/8.1');
  });
});

describe('what may be allowed besides a role', () => {
  const roles = [{ name: 'administrator', permissions: ['studies.read', 'studies.store', 'users.manage'] }, { name: 'clinician', permissions: ['studies.read'] }];

  it('is what the role lacks, but never to manage users', () => {
    expect(grantable(roles, 'clinician')).toEqual(['studies.store']);
    expect(grantable(roles, 'administrator')).toEqual([]);
    expect(grantable([], 'clinician')).toEqual([]);
  });
});
