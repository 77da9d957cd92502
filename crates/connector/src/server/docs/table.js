// A list as a table that can be sorted, filtered and downloaded.

import { csv } from "./csv.js";
import { button, download, h } from "./dom.js";
import { cells, columns } from "./listing.js";

/** Number of rows shown. More would make the page slow; the filter and the download use all of them. */
const MAX_ROWS = 1_000;

const { compare } = new Intl.Collator("en", { numeric: true });

/** Compares numbers as numbers, and if they are too large to differ as such, as text. */
const order = (one, other) => (one.isNumber && other.isNumber && one.text - other.text) || compare(one.text, other.text);

export class Table {
	#name;
	#file;
	#columns;
	#rows;
	#column = -1;
	#direction = 1;
	#body = h("tbody");
	#note = h("span", { class: "hint", role: "status" });
	#filter;
	#headers;

	constructor(name, items, file) {
		this.#name = name;
		this.#file = file;
		this.#columns = columns(items);
		this.#rows = items.map((item) => cells(item, this.#columns));
		this.#filter = h("input", { type: "search", placeholder: `Filter ${name}`, "aria-label": `Filter ${name}`, autocomplete: "off", oninput: () => this.#show(), onkeydown: (event) => this.#clear(event) });
		this.#headers = this.#columns.map((column, index) => h("th", { scope: "col" }, button(column, () => this.#sort(index))));
		const table = h("table", {}, h("thead", {}, h("tr", {}, ...this.#headers)), this.#body);
		this.element = h(
			"div",
			{ class: "stack" },
			h("div", { class: "row" }, this.#filter, button("Download CSV", () => this.#download())),
			this.#note,
			h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table of ${name}` }, table),
		);
		this.#show();
	}

	#clear(event) {
		if (event.key !== "Escape") return;
		event.preventDefault();
		this.#filter.value = "";
		this.#show();
	}

	/** Sorts by a column: ascending, then descending, then as in the response. */
	#sort(index) {
		const isSame = this.#column === index;
		this.#column = isSame && this.#direction < 0 ? -1 : index;
		this.#direction = isSame ? -this.#direction : 1;
		if (this.#column < 0) this.#direction = 1;
		this.#headers.forEach((header, other) => (header.ariaSort = other === this.#column ? (this.#direction > 0 ? "ascending" : "descending") : null));
		this.#show();
	}

	/** The rows that match the filter, sorted. Empty cells are last. */
	get #found() {
		const query = this.#filter.value.trim().toLowerCase();
		const found = this.#rows.filter((row) => !query || row.some(({ text }) => text.toLowerCase().includes(query)));
		if (this.#column < 0) return found;
		return found.sort((row, otherRow) => {
			const [one, other] = [row[this.#column], otherRow[this.#column]];
			if (!one.text || !other.text) return Number(!one.text) - Number(!other.text);
			return this.#direction * order(one, other);
		});
	}

	#show() {
		const found = this.#found;
		const shown = found.slice(0, MAX_ROWS);
		this.#body.replaceChildren(...shown.map((row) => h("tr", {}, ...row.map(({ text, isNumber }) => h("td", { title: text, class: isNumber && "number" }, text)))));
		const count = (rows) => rows.length.toLocaleString("en");
		const limit = shown.length < found.length ? ` The first ${count(shown)} are shown; the download has all.` : "";
		this.#note.textContent = `${count(found)} of ${count(this.#rows)} ${this.#name}.${limit}`;
	}

	#download() {
		const header = this.#columns.map((text) => ({ text, isNumber: false }));
		download(csv([header, ...this.#found]), `${this.#file}.csv`, "text/csv;charset=utf-8");
	}
}
