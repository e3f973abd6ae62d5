const kPause = 2000;

/** Whether the server answers at all. */
const isThere = (): Promise<boolean> => fetch(document.baseURI, { method: 'HEAD', cache: 'no-store' }).then(answer => answer.ok, () => false);
const pause = () => new Promise(resolve => { setTimeout(resolve, kPause); });

/**
 * For parts of the application that are loaded when they are needed: as long as the archive is away, they are waited for. Where it
 * answers and does not have the part, it was upgraded, and the error says so to whoever shows it.
 */
export const patiently = <T>(load: () => Promise<T>, there = isThere, wait = pause) => async (): Promise<T> => {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      // Asked again after it has answered: it may have been away when the part was asked for, and be back.
      if (await there()) return await load().catch(() => { throw error; });
      await wait();
    }
  }
};
