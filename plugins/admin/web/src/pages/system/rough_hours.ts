/** Bytes a second that are read where nothing else bounds it, of a disk which others use too. */
const kRate = 50e6;

/** How long it takes to read so much, at a rate of bytes a second or (0) as fast as it goes; 0: less than an hour. */
export const roughHours = (bytes: number, rate = 0): number => Math.round(bytes / (rate || kRate) / 3600);
