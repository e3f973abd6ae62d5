/** The files in what somebody dropped or chose, folders included. */

import type { NamedFile } from './queue';

/** What systems put beside files, and nobody means to upload. */
const isClutter = (path: string): boolean => /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX(\/.*)?)$/i.test(path);

const pathOf = (file: File): string => file.webkitRelativePath || file.name;

export const chosenFiles = (files: Iterable<File>): NamedFile[] =>
  [...files].map(file => ({ name: pathOf(file), file })).filter(({ name }) => !isClutter(name));

async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  // A reader gives a hundred entries at a time, and none when it is through.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (some.length === 0) return all;
    all.push(...some);
  }
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

async function filesIn(entry: FileSystemEntry): Promise<NamedFile[]> {
  const name = entry.fullPath.replace(/^\//, '');
  if (isClutter(name)) return [];
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => { entry.file(resolve, reject); });
    return [{ name, file }];
  }
  if (!isFolder(entry)) return [];
  const found: NamedFile[] = [];
  for (const inner of await readFolder(entry)) found.push(...await filesIn(inner));
  return found;
}

export async function droppedFiles(transfer: DataTransfer): Promise<NamedFile[]> {
  // Entries have to be taken before anything is awaited: then the browser forgets them.
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry()).filter(entry => entry !== null);
  if (entries.length === 0) return chosenFiles(transfer.files);
  const found: NamedFile[] = [];
  for (const entry of entries) found.push(...await filesIn(entry));
  return found;
}

export const hasFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes('Files') ?? false;
