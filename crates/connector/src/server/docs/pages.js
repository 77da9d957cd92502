// The position in a paginated listing.

/** Tracks the tokens of the pages that led to the current one. The token of the first page is `null`. */
export class Pages {
	#trail = [];
	/** The token of the next page; `null` on the last page. */
	next = null;
	/** Whether the next page is one of the previous ones. Such a listing never ends. */
	isLoop = false;

	/** Records a response: the token that was requested, and the token of the next page. */
	record(token, next) {
		const requested = token || null;
		const known = this.#trail.indexOf(requested);
		if (known >= 0) this.#trail.length = known + 1;
		else if (requested !== null && requested === this.next) this.#trail.push(requested);
		else this.#trail = [requested];
		this.isLoop = this.#trail.includes(next);
		this.next = this.isLoop ? null : next || null;
	}

	/** What is shown: this page, or with `isAll`, all pages up to this one. */
	label(isAll) {
		const number = this.#trail.length;
		if (isAll) return number === 1 ? "Page 1" : `Pages 1 to ${number}`;
		const where = this.#trail[0] === null ? `Page ${number}` : `Page ${number} from a custom token`;
		if (this.isLoop) return `${where}: the next page is a previous one, so the listing never ends`;
		return this.next === null ? `${where} (last)` : where;
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
