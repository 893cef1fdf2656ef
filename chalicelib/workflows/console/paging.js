// A list whose later pages are shown when somebody wants them, and which stays true while it changes.
//
// A look reads the first page; while later ones are shown, every other look reads one of those in its turn, from where
// the page before it ended when it was last read. So what moves from page to page as new things come is found again, and
// what changes far down is seen.

/**
 * @param read (place, signal) => { entries, next } gives a page; the first one's place, and the last one's next, are null
 * @param id the name of an entry's id
 */
export function paged(read, id) {
  const pages = [{ entries: [], next: null, age: 0 }];
  let looks = 0, reads = 0;

  function keep(index, { entries, next }) {
    reads += 1;
    pages[index] = { entries, next, age: reads };
    if (next === null) pages.length = index + 1;
  }

  return {
    async look(signal) {
      const later = pages.length - 1;
      const index = later && looks % 2 ? 1 + ((looks - 1) / 2) % later : 0;
      looks += 1;
      keep(index, await read(index ? pages[index - 1].next : null, signal));
    },
    /** Read the page behind the last. */
    async more() {
      const index = pages.length;
      const found = await read(pages[index - 1].next);
      if (index <= pages.length) keep(index, found);
    },
    get next() { return pages.at(-1).next; },
    /** All that is known; of what two pages have, what was read last. */
    get entries() {
      const latest = new Map();
      for (const page of [...pages].sort((one, other) => one.age - other.age)) for (const entry of page.entries) latest.set(entry[id], entry);
      return [...new Set(pages.flatMap((page) => page.entries.map((entry) => entry[id])))].map((one) => latest.get(one));
    },
  };
}
