// An answer, as it is shown.

import { copy, button, download, h } from "./dom.js";
import { layout } from "./json.js";
import { masked, places, textsOf } from "./secrets.js";
import { meaning } from "./send.js";

/** So much of an answer is shown; more would make the page slow. It can be downloaded as a whole. */
const SHOWN = 200_000;
/** So much of it in colours, which cost an element a token. */
const COLOURED = 60_000;

export class Answer {
	#secrets;
	#name;
	#body = h("div", { class: "stack" });

	constructor(operation, schemas) {
		this.#name = operation.name;
		this.#secrets = schemas.secrets(operation.response);
		this.status = h("p", { class: "status", role: "status" }, "Nothing has been sent yet.");
		this.detail = h("p", { class: "detail" });
		this.element = h("div", { class: "stack" }, this.status, this.detail, this.#body);
	}

	/** Says that the call is under way. */
	wait() {
		this.status.className = "status";
		this.status.replaceChildren("Sending …");
		this.detail.replaceChildren();
		this.element.setAttribute("aria-busy", "true");
	}

	/** Says that nothing was sent, and why. */
	refuse(why) {
		this.#say("error", "Not sent", []);
		this.detail.replaceChildren(why);
		this.#body.replaceChildren();
	}

	#say(kind, title, facts) {
		this.element.removeAttribute("aria-busy");
		this.status.className = `status ${kind}`;
		this.status.replaceChildren(h("strong", {}, title), ...facts.map((fact) => h("span", {}, fact)));
	}

	/** Shows what came back for a request that had these secrets in it. */
	show(reply, secrets) {
		const found = this.#secrets.flatMap(({ path }) => [...places(reply.json, path)]);
		const own = found.flatMap(([, holder, key]) => [...textsOf(holder[key])]);
		const hide = (text) => masked(text, [...secrets, ...own]);
		const { kind, title, detail = "" } = meaning(reply);
		const facts = reply.failure ? [] : [`HTTP ${reply.status} ${reply.reason}`.trim()];
		facts.push(`${Math.round(reply.ms)} ms`);
		if (!reply.failure) facts.push(`${reply.bytes.toLocaleString("en")} bytes`, ...items(reply.json));
		this.#say(kind, hide(title), facts);
		this.detail.replaceChildren(hide(detail));
		this.#body.replaceChildren();
		if (!reply.failure) this.#render(hide(reply.text), reply.json !== undefined, own.length > 0);
	}

	#render(text, isJson, hasOwn) {
		const part = text.slice(0, SHOWN);
		const pieces = isJson ? [...layout(part)] : [[part, ""]];
		const pre = h("pre", { class: "code", tabindex: "0", role: "region", "aria-label": "Response" });
		const plain = pieces.map(([piece]) => piece).join("");
		if (part.length > COLOURED) pre.append(plain);
		else pre.append(...pieces.map(([piece, kind]) => (kind ? h("span", { class: kind }, piece) : piece)));
		const whole = text.length > SHOWN ? text : plain;
		const notes = [];
		if (text.length > SHOWN) notes.push(`Only the first ${SHOWN.toLocaleString("en")} characters are shown; the download has all.`);
		if (hasOwn) notes.push("Values that the schema marks as secret are masked, here and in the download.");
		this.#body.append(
			h("p", { class: "buttons" }, button("Copy", () => copy(whole)), button("Download", () => download(whole, `${this.#name}.json`))),
			...notes.map((note) => h("p", { class: "hint" }, note)),
			pre,
		);
	}
}

/** How many items a listing's answer has. */
function items(json) {
	const response = json?.response;
	if (Array.isArray(response)) return [`${response.length} items`];
	const [name, list] = Object.entries(response ?? {}).find(([, value]) => Array.isArray(value)) ?? [];
	return list ? [`${list.length} ${name}`] : [];
}
