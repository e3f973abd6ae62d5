/** Bytes a second that are read of a disk which others use too, and that is left to them for half of the time. */
const kRate = 50e6;

/** How long it takes to read so much; 0: less than an hour. */
export const roughHours = (bytes: number): number => Math.round(bytes / kRate / 3600);
