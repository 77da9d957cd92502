// The view of a response.

import { copy, button, download, h } from "./dom.js";
import { fault, layout, parse } from "./json.js";
import { isListing, lists } from "./listing.js";
import { masked, places, textsOf } from "./secrets.js";
import { describe } from "./send.js";
import { Table } from "./table.js";

/** Number of characters shown. More would make the page slow; the whole response can be downloaded. */
const MAX_SHOWN = 200_000;
/** Number of characters shown in color. Each token in color needs an element. */
const MAX_COLORED = 60_000;

export class ResponseView {
	#secrets;
	#name;
	#body = h("div", { class: "stack" });
	/** The view of listings that was chosen last. */
	#view = "JSON";

	constructor(operation, schemas) {
		this.#name = operation.name;
		this.#secrets = schemas.secrets(operation.response);
		this.status = h("p", { class: "status", role: "status" }, "Nothing has been sent yet.");
		this.detail = h("p", { class: "detail" });
		this.element = h("div", { class: "stack" }, this.status, this.detail, this.#body);
	}

	/** Shows that the call is in progress. */
	wait(progress = "Sending …") {
		this.status.className = "status";
		this.status.replaceChildren(progress);
		this.detail.replaceChildren();
		this.element.setAttribute("aria-busy", "true");
	}

	/** Shows that nothing was sent, and why. */
	reject(reason) {
		this.#setStatus("error", "Not sent", []);
		this.detail.replaceChildren(reason);
		this.#body.replaceChildren();
	}

	#setStatus(kind, title, facts) {
		this.element.removeAttribute("aria-busy");
		this.status.className = `status ${kind}`;
		this.status.replaceChildren(h("strong", {}, title), ...facts.map((fact) => h("span", {}, fact)));
	}

	/** Shows the response to a request that contained these secrets. */
	show(reply, secrets) {
		const found = this.#secrets.flatMap(({ path }) => [...places(reply.json, path)]);
		const responseSecrets = found.flatMap(([, holder, key]) => [...textsOf(holder[key])]);
		const hide = (text) => masked(text, [...secrets, ...responseSecrets]);
		const { kind, title, detail = "" } = describe(reply);
		const facts = reply.failure ? [] : [`HTTP ${reply.status} ${reply.reason}`.trim()];
		facts.push(`${Math.round(reply.ms)} ms`);
		if (reply.pages) facts.push(reply.pages);
		if (!reply.failure) facts.push(`${reply.bytes.toLocaleString("en")} bytes`, ...counts(reply.json));
		this.#setStatus(kind, hide(title), facts);
		this.detail.replaceChildren(hide(detail));
		this.#body.replaceChildren();
		if (reply.failure) return;
		const hint = responseSecrets.length > 0 && h("p", { class: "hint" }, "Values that the schema marks as secret are masked, here and in the download.");
		const views = { JSON: () => this.#text(hide(reply.text), reply.json !== undefined) };
		if (isListing(reply.json)) views.Table = () => this.#tables(reply.text, hide);
		this.#body.append(...this.#switch(views), ...(hint ? [hint] : []));
	}

	/** The chosen view, and buttons to choose another. */
	#switch(views) {
		const box = h("div", { class: "stack" });
		const choose = (name) => {
			for (const choice of choices) choice.ariaPressed = String(choice.textContent === name);
			box.replaceChildren(...views[name]());
		};
		const choices = Object.keys(views).map((name) => button(name, () => {
			choose((this.#view = name));
			// The table is wider, so it has another place.
			this.element.scrollIntoView({ block: "nearest" });
		}));
		choose(this.#view in views ? this.#view : "JSON");
		return [choices.length > 1 && h("p", { class: "buttons", role: "group", "aria-label": "View" }, ...choices), box].filter(Boolean);
	}

	/** A table for each list. Secrets are masked after the text is parsed, because then it has no other escapes. */
	#tables(text, hide) {
		const json = hide(JSON.stringify(parse(text)));
		if (fault(json)) return [h("p", { class: "hint" }, "Masked, this response is not JSON, so it cannot be shown as a table.")];
		const found = lists(parse(json));
		const file = (name) => (found.length > 1 ? `${this.#name}-${name}` : this.#name);
		return found.map(([name, items]) => (items.length > 0 ? new Table(name, items, file(name)).element : h("p", { class: "hint" }, `No ${name}.`)));
	}

	#text(text, isJson) {
		const part = text.slice(0, MAX_SHOWN);
		const pieces = isJson ? [...layout(part)] : [[part, ""]];
		const pre = h("pre", { class: "code", tabindex: "0", role: "region", "aria-label": "Response" });
		const plain = pieces.map(([piece]) => piece).join("");
		if (part.length > MAX_COLORED) pre.append(plain);
		else pre.append(...pieces.map(([piece, kind]) => (kind ? h("span", { class: kind }, piece) : piece)));
		const whole = text.length > MAX_SHOWN ? text : plain;
		const notes = [];
		if (text.length > MAX_SHOWN) notes.push(`Only the first ${MAX_SHOWN.toLocaleString("en")} characters are shown. Download the response to see all of it.`);
		return [
			h("p", { class: "buttons" }, button("Copy", () => copy(whole)), button("Download", () => download(whole, `${this.#name}.json`))),
			...notes.map((note) => h("p", { class: "hint" }, note)),
			pre,
		];
	}
}

/** The number of items in each list of a response. */
const counts = (json) => lists(json).map(([name, list]) => `${list.length} ${name}`);
