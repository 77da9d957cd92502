// Fetches all pages of a listing, and merges their lists into one response.

import { parse, write } from "./json.js";
import { lists } from "./listing.js";
import { describe } from "./send.js";

/**
 * Sends a request for every page, from the first to the last one or one that fails or repeats. `call` sends a text, `pages`
 * records the position, and `report` shows the progress.
 */
export async function fetchAll(text, call, pages, report) {
	const envelope = parse(text);
	const all = new Merged();
	let token = null;
	do {
		const reply = await call(JSON.stringify({ ...envelope, page: { ...envelope.page, token } }));
		const { kind, title, detail } = describe(reply);
		if (kind === "error" || kind === "failure") {
			if (all.isEmpty) return reply;
			return all.reply(reply.isCancelled ? "" : [title, detail].filter(Boolean).join(" — "), reply.requiresToken);
		}
		all.add(reply);
		report(`Fetching … ${all.progress}`);
		pages.record(token, reply.json.page?.token);
		token = pages.next;
	} while (token !== null);
	return all.reply(pages.isLoop ? "the next page is a previous one, so the listing never ends" : null);
}

class Merged {
	#pages = 0;
	#count = 0;
	#ms = 0;
	#bytes = 0;
	#first = null;
	#lists;
	#partial;

	add({ text, ms, bytes }) {
		const json = parse(text);
		this.#pages += 1;
		this.#ms += ms;
		this.#bytes += bytes;
		this.#partial ??= json.partial;
		this.#first ??= json.response;
		this.#lists ??= new Map(lists(json).map(([name]) => [name, []]));
		for (const [name, items] of lists(json)) {
			this.#count += items.length;
			// A list may be missing from the first page.
			if (!this.#lists.has(name)) this.#lists.set(name, []);
			for (const item of items) this.#lists.get(name).push(item);
		}
	}

	get isEmpty() {
		return this.#pages === 0;
	}

	get #counted() {
		return `${this.#pages} ${this.#pages === 1 ? "page" : "pages"}`;
	}

	get progress() {
		return `${this.#counted}, ${this.#count.toLocaleString("en")} items`;
	}

	/** The merged response, as if it had come in one page. A `reason`, even an empty one, means that it is incomplete. */
	reply(reason, requiresToken = false) {
		const response = Array.isArray(this.#first) ? this.#lists.get("items") : { ...this.#first, ...Object.fromEntries(this.#lists) };
		const partial = reason === null ? this.#partial : { reason: [`Stopped after ${this.progress}`, reason].filter(Boolean).join(": ") };
		return { status: 200, reason: "OK", ms: this.#ms, bytes: this.#bytes, text: write({ response, partial }), json: { response, partial }, pages: this.#counted, requiresToken };
	}
}
