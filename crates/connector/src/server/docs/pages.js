// Where in a listing one is.

/** The tokens of the pages that led to this one; that of the first page is `null`. */
export class Pages {
	#trail = [];
	/** The token of the next page, `null` on the last. */
	next = null;
	/** Whether the next page is one that led here: such a listing would never end. */
	isLoop = false;

	/** Notes that the page of this token was answered, and with which token the next one is asked for. */
	note(token, next) {
		const asked = token || null;
		const known = this.#trail.indexOf(asked);
		if (known >= 0) this.#trail.length = known + 1;
		else if (asked !== null && asked === this.next) this.#trail.push(asked);
		else this.#trail = [asked];
		this.isLoop = this.#trail.includes(next);
		this.next = this.isLoop ? null : next || null;
	}

	get label() {
		const number = this.#trail.length;
		const where = this.#trail[0] === null ? `Page ${number}` : `Page ${number} from your own token`;
		if (this.isLoop) return `${where}: the next is one before it, so the listing has no end`;
		return this.next === null ? `${where}, the last` : where;
	}

	get hasPrevious() {
		return this.#trail.length > 1;
	}

	get previous() {
		return this.#trail.at(-2) ?? null;
	}

	get isFirst() {
		return this.#trail.at(-1) === null;
	}
}
