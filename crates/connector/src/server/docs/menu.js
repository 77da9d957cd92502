// The menu of capabilities, grouped by family. A field narrows it by name or summary.

import { EFFECTS } from "./description.js";
import { byId, h } from "./dom.js";

/** Fills the menu. Returns the link of each operation. */
export function menu({ operations, families }) {
	const links = new Map();
	const entries = new Map();
	const entry = (operation) => {
		const { name, title, description, effect } = operation;
		// Long names break between words.
		const words = name.split(/(?<=_)/).flatMap((word) => [word, h("wbr")]);
		const link = h("a", { href: `#/${name}`, class: effect }, h("span", {}, ...words), h("span", { class: "unseen" }, `, ${EFFECTS[effect].label}`));
		const item = h("li", { "data-name": name }, link);
		links.set(operation, link);
		entries.set(item, plain(`${name} ${title} ${description}`));
		return item;
	};
	const group = (family) => {
		const members = operations.filter((operation) => operation.family === family);
		return members.length > 0 && h("li", { class: "group" }, h("h2", {}, family), h("ul", {}, ...members.map(entry)));
	};
	byId("capabilities").append(...families.map(group).filter(Boolean));
	byId("count").textContent = operations.length;
	byId("filter").addEventListener("input", () => narrow(entries));
	byId("filter").addEventListener("keydown", (event) => {
		if (event.key === "Escape") byId("filter").value = "";
		else if (event.key === "Enter") document.querySelector("[data-name]:not([hidden]) a")?.click();
		else return;
		event.preventDefault();
		narrow(entries);
	});
	return links;
}

/** Lowercase words, so that `list_accounts` is found as `list-accounts` too. */
const plain = (text) => text.toLowerCase().replace(/[-_]/g, " ");

/** Shows only the entries that contain every word, and announces how many there are. */
function narrow(entries) {
	const words = byId("filter").value.trim().split(/\s+/).map(plain);
	let count = 0;
	for (const [item, text] of entries) {
		item.hidden = !words.every((word) => text.includes(word));
		if (!item.hidden) count += 1;
	}
	for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector("li:not([hidden])");
	byId("matches").textContent = words[0] === "" ? "" : count === 0 ? "No matching capabilities." : `${count} of ${entries.size} match.`;
}
