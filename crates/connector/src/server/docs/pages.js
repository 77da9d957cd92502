// Where in a listing one is.

/** The tokens of the pages that led to this one; the first page has none. */
export class Pages {
  #trail = [null];
  #next = null;
  #isWhole = true;

  /** Notes that the page of this token was answered, and with which token the next one is asked for. */
  note(token, next) {
    const asked = token || null;
    const known = this.#trail.indexOf(asked);
    if (known >= 0) this.#trail.length = known + 1;
    else if (asked !== null && asked === this.#next) this.#trail.push(asked);
    else {
      this.#trail = [asked];
      this.#isWhole = asked === null;
    }
    if (this.#trail[0] === null) this.#isWhole = true;
    // A listing that leads back to a page it came from would never end.
    this.isLoop = Boolean(next) && this.#trail.includes(next);
    this.#next = this.isLoop ? null : next || null;
  }

  get label() {
    const number = this.#trail.length;
    return this.#isWhole ? `Page ${number}` : number === 1 ? "A page of your own token" : `${number - 1} pages after your own token`;
  }

  get next() {
    return this.#next;
  }

  get isLast() {
    return this.#next === null;
  }

  /** Whether there are pages before this one, and the token of the nearest. */
  get hasPrevious() {
    return this.#trail.length > 1;
  }

  get previous() {
    return this.#trail.at(-2) ?? null;
  }

  get isFirst() {
    return this.#isWhole && this.#trail.length === 1;
  }
}
