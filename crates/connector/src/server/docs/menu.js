// The menu of capabilities, grouped by their effect on the app.

import { EFFECTS } from "./description.js";
import { byId, h } from "./dom.js";

/** Fills the menu. Returns the link of each operation. */
export function menu(operations) {
	const links = new Map();
	const group = ([effect, { label }]) => {
		const entries = operations.filter((operation) => operation.effect === effect).map((operation) => {
			const { name } = operation;
			const link = h("a", { href: `#/${name}` }, name, h("span", { class: "unseen" }, `, ${label}`));
			links.set(operation, link);
			return h("li", { "data-name": name }, link);
		});
		return entries.length > 0 && h("li", { class: "group" }, h("h2", { class: effect }, label), h("ul", {}, ...entries));
	};
	byId("capabilities").append(...Object.entries(EFFECTS).map(group).filter(Boolean));
	byId("count").textContent = operations.length;
	byId("filter").addEventListener("input", filter);
	return links;
}

function filter() {
	const query = byId("filter").value.trim().toLowerCase().replace(/[-\s]/g, "_");
	for (const entry of document.querySelectorAll("[data-name]")) entry.hidden = !entry.dataset.name.includes(query);
	for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector("li:not([hidden])");
	byId("none").hidden = Boolean(document.querySelector(".group:not([hidden])"));
}
