/** A DICOM person name ("Doe^Jane^Q^Dr.^Jr.", PS3.5 6.2.1.2) as people read it: "Doe, Jane Q, Dr., Jr.". */
export function personName(pn: string): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] =
    (pn.split('=')[0] ?? '').split('^').map(component => component.trim());
  const first = [given, middle].filter(Boolean).join(' ');
  return [family, first, prefix, suffix].filter(Boolean).join(', ');
}
