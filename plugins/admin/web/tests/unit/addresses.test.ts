import { describe, expect, it } from 'vitest';
import { safeNext, studyAddress } from '../../src/app/addresses';
import { query } from '../../src/api/client';
import { desktopViewerAddress } from '../../src/pages/studies/desktop_viewer';

describe('where to go after signing in', () => {
  const base = 'https://pacs.example.org/archive/?next=x';
  it.each([
    ['/viewer?StudyInstanceUIDs=1.2', 'https://pacs.example.org/archive/viewer?StudyInstanceUIDs=1.2'],
    ['/archive/viewer', 'https://pacs.example.org/archive/viewer'], ['viewer', 'https://pacs.example.org/archive/viewer'], ['/#/nodes', 'https://pacs.example.org/archive/#/nodes'],
  ])('%s is below the application', (next, target) => {
    expect(safeNext(next, base)).toBe(target);
  });
  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', '../other', '/../other', 'http://pacs.example.org/archive/', '', null])('%s is not', next => {
    expect(safeNext(next, base)).toBeNull();
  });
});

describe('addresses', () => {
  it('of requests leave out what has no value', () => {
    expect(query({ a: '', b: [], c: null, d: 0, e: ['x', 'y'], f: 'ä b' })).toBe('?d=0&e=x%2Cy&f=%C3%A4+b');
    expect(query({ a: '' })).toBe('');
  });
  it('of studies name their UID', () => {
    expect(studyAddress('1.2.3')).toBe('/studies/1.2.3');
    expect(desktopViewerAddress('horos', 'MY PACS', '1.2')).toBe('horos://?methodName=retrieve&serverName=MY%20PACS&filterKey=StudyInstanceUID&filterValue=1.2');
  });
});
