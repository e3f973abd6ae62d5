import { Activity, Archive, CalendarClock, ChartColumn, ClipboardList, FolderInput, HardDrive, ListChecks, Network, ScanLine, Settings, Trash2, Users, type LucideIcon } from 'lucide-react';
import type { Part, Permission } from '../api/types';
import type { Messages } from '../i18n/en';

interface Entry { path: string; label: keyof Messages['nav'] & ('studies' | 'worklist' | 'nodes' | 'queue' | 'health' | 'storage' | 'statistics' | 'backups' | 'settings' | 'trash' | 'users' | 'audit' | 'imports'); icon: LucideIcon; permission: Permission; accounts?: boolean; part?: Part }
interface Group { label: 'work' | 'system' | 'administration'; entries: Entry[] }

export const navigation: Group[] = [
  {
    label: 'work',
    entries: [
      { path: '/studies', label: 'studies', icon: ScanLine, permission: 'studies.read' },
      { path: '/worklist', label: 'worklist', icon: CalendarClock, permission: 'worklist.read', part: 'worklist' },
      { path: '/nodes', label: 'nodes', icon: Network, permission: 'nodes.read' },
      { path: '/queue', label: 'queue', icon: ListChecks, permission: 'jobs.read', part: 'jobs' },
      { path: '/trash', label: 'trash', icon: Trash2, permission: 'studies.delete', part: 'trash' },
    ],
  },
  {
    label: 'system',
    entries: [
      { path: '/health', label: 'health', icon: Activity, permission: 'system.read' },
      { path: '/storage', label: 'storage', icon: HardDrive, permission: 'system.read' },
      { path: '/statistics', label: 'statistics', icon: ChartColumn, permission: 'system.read' },
      { path: '/backups', label: 'backups', icon: Archive, permission: 'system.read' },
      { path: '/settings', label: 'settings', icon: Settings, permission: 'settings.read' },
    ],
  },
  {
    label: 'administration',
    entries: [
      { path: '/imports', label: 'imports', icon: FolderInput, permission: 'studies.import' },
      { path: '/users', label: 'users', icon: Users, permission: 'users.manage', accounts: true },
      { path: '/audit', label: 'audit', icon: ClipboardList, permission: 'audit.read', part: 'audit' },
    ],
  },
];
