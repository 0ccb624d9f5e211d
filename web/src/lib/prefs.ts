// What this browser remembers. Storage may be refused (private windows): then nothing is remembered, and all works.

export function stored(name: string, otherwise: string): string {
  try {
    return localStorage.getItem(`tocsin.${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function store(name: string, value: string): void {
  try {
    localStorage.setItem(`tocsin.${name}`, value);
  } catch {
    // Nothing is lost but the preference.
  }
}

/** Text that was typed and not yet sent, kept over a reload and a new log-in, until this tab closes. */
export const drafts = {
  get(name: string): string {
    try {
      return sessionStorage.getItem(`tocsin.draft.${name}`) ?? '';
    } catch {
      return '';
    }
  },
  set(name: string, value: string): void {
    try {
      if (value) sessionStorage.setItem(`tocsin.draft.${name}`, value);
      else sessionStorage.removeItem(`tocsin.draft.${name}`);
    } catch {
      // As above.
    }
  },
};
