import { expect, test } from 'vitest';
import { desktopViewerAddress } from '../../src/pages/studies/desktop_viewer';

test('a link for Horos and OsiriX names the method, the server by its description, and the study, in that order', () => {
  expect(desktopViewerAddress('horos', 'FERMATA', '1.2.3'))
    .toBe('horos://?methodName=retrieve&serverName=FERMATA&filterKey=StudyInstanceUID&filterValue=1.2.3');
  expect(desktopViewerAddress('osirix', 'FERMATA', '1.2.3').startsWith('osirix://?methodName=retrieve&')).toBe(true);
});

test('what an AE title may hold and a link may not is percent-encoded', () => {
  expect(desktopViewerAddress('horos', 'OUR PACS&1', '1.2.3')).toContain('serverName=OUR%20PACS%261&');
});
