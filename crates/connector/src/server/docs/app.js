// The whole page: fetches the OpenAPI document, then shows its capabilities.

import { Capability } from "./capability.js";
import { Connection } from "./connection.js";
import { Description } from "./description.js";
import { byId, button, h } from "./dom.js";
import { menu } from "./menu.js";

const DOCUMENT_URL = new URL("openapi.json", location.href);
const isNarrow = matchMedia("(max-width: 55rem)");

/** Fetches the document, with the server's token if it requires one. */
async function open(token) {
	let response;
	try {
		const headers = token ? { Authorization: `Bearer ${token}` } : {};
		response = await fetch(DOCUMENT_URL, { headers, cache: "no-store" });
		if (response.status === 401) askForToken(token ? "Wrong token." : "");
		else if (response.ok) start(new Description(await response.json(), DOCUMENT_URL), token);
		else showError(`The server returned status ${response.status} for openapi.json.`);
	} catch (error) {
		showError(response ? `Cannot show openapi.json: ${error.message}` : "The server does not respond. Is it still running?");
	}
}

function gate(...children) {
	byId("gate").replaceChildren(...children);
	byId("gate").hidden = children.length === 0;
}

function showError(message) {
	gate(h("p", { role: "alert" }, message), button("Try again", () => open()));
}

function askForToken(problem) {
	const input = h("input", { type: "password", id: "token", autocomplete: "off", "aria-describedby": "token-problem" });
	const onsubmit = (event) => {
		event.preventDefault();
		open(input.value);
	};
	gate(
		h("form", { onsubmit },
			h("label", { for: "token" }, "This server requires a bearer token"),
			h("div", { class: "row" }, input, h("button", { class: "primary" }, "Open")),
			h("p", { class: "problem", id: "token-problem", role: "alert" }, problem),
			h("p", { class: "hint" }, "It is only kept in this tab's memory.")),
	);
	input.focus();
}

function start(description, token) {
	gate();
	const { title } = description;
	byId("title").textContent = title;
	byId("description").textContent = description.description;
	const facts = { Version: description.version, "Wire format": description.wire, "App ID": description.appId };
	byId("facts").prepend(...Object.entries(facts).map(([name, value]) => h("li", {}, `${name} `, h("code", {}, value))));
	let current;
	const connection = new Connection(description, token, () => changed());
	const changed = () => {
		byId("connection-state").textContent = connection.state;
		current?.refresh();
	};
	byId("connection-form").append(...connection.parts);
	byId("connection-form").addEventListener("submit", (event) => event.preventDefault());
	byId("connection").hidden = connection.parts.length === 0;
	const links = menu(description);
	// In the order of the menu.
	const operations = [...links.keys()];
	const views = new Map();
	const show = (isMove) => {
		const name = decodeURIComponent(location.hash.slice(2));
		const operation = operations.find((one) => one.name === name) ?? operations.find((one) => one.paginated) ?? operations[0];
		if (!views.has(operation)) views.set(operation, new Capability(operation, description, connection));
		current = views.get(operation);
		changed();
		byId("capability").replaceChildren(current.element);
		document.title = `${operation.title} – ${title}`;
		for (const link of links.values()) link.removeAttribute("aria-current");
		links.get(operation).setAttribute("aria-current", "page");
		// Browsers move the start of keyboard navigation to what is scrolled to.
		if (name) links.get(operation).scrollIntoView({ block: "nearest" });
		byId("menu").open = !isNarrow.matches;
		if (isMove) current.heading.focus();
	};
	addEventListener("hashchange", () => show(true));
	isNarrow.addEventListener("change", () => (byId("menu").open = !isNarrow.matches));
	byId("skip").addEventListener("click", (event) => {
		event.preventDefault();
		current.heading.focus();
	});
	byId("layout").hidden = false;
	show(false);
}

open();
