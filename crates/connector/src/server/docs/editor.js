// The request: its text, and what is sent of it.
//
// The text holds no secrets. Credentials and settings come from the connection; secrets of the payload have fields of
// their own; those that are typed or pasted into the text are moved there.

import { h } from "./dom.js";
import { Field } from "./field.js";
import { fault, isObject, parse, write } from "./json.js";
import { Variable, places, textsOf } from "./secrets.js";

export class Editor {
	#operation;
	#connection;
	#secrets;
	#fields = [];
	#example;

	constructor(operation, description, connection, changed, submit) {
		this.#operation = operation;
		this.#connection = connection;
		const isOwn = ({ path }) => !["auth", "credentials", "settings"].includes(path[0]);
		this.#secrets = description.schemas.secrets(operation.request).filter(isOwn);
		const { auth, credentials, settings, ...example } = operation.example ?? {};
		this.#example = example;
		for (const { path, isText } of this.#secrets.filter((secret) => !secret.path.includes("*"))) {
			const schema = { type: isText ? "string" : "object", description: path.join(".") };
			this.#fields.push(new Field(path.at(-1), schema, { path, required: false, isSecret: true }));
		}
		const id = `editor-${operation.name}`;
		this.problem = h("p", { class: "problem", id: `${id}-problem`, "aria-live": "polite" });
		this.note = h("p", { class: "hint", role: "status" });
		this.area = h("textarea", {
			id,
			class: "code",
			spellcheck: "false",
			autocomplete: "off",
			wrap: "off",
			"aria-describedby": `${id}-hint ${id}-problem`,
			oninput: ({ inputType }) => {
				if (inputType === "insertFromPaste") this.#tidy();
				this.#check();
			},
			onchange: () => {
				this.#tidy();
				changed();
			},
			onkeydown: (event) => {
				if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
				event.preventDefault();
				submit();
			},
		});
		const fields = h("div", { class: "fields" }, ...this.#fields.map(({ element }) => element));
		this.element = h(
			"div",
			{ class: "stack", oninput: changed },
			this.#fields.length > 0 && h("fieldset", { class: "own" }, h("legend", {}, "Secrets of the request"), fields),
			h("h3", {}, h("label", { for: id }, "Request")),
			this.area,
			this.problem,
			this.note,
			h("p", { class: "hint", id: `${id}-hint` }, "Credentials and settings are added from the connection. Ctrl+Enter sends, Tab leaves the field."),
		);
		this.reset();
	}

	reset() {
		this.#show(this.#example);
		this.note.textContent = "";
	}

	format() {
		if (!this.#check()) this.#show(parse(this.area.value));
	}

	#show(envelope) {
		this.area.value = write(envelope);
		this.area.rows = Math.min(Math.max(this.area.value.split("\n").length + 1, 6), 24);
		this.#check();
	}

	/** Shows what is wrong with the text, and returns it. */
	#check() {
		const wrong = fault(this.area.value);
		let message = wrong && `Line ${wrong.line}, column ${wrong.column}: ${wrong.message}.`;
		if (!wrong && !isObject(parse(this.area.value))) message = "A request is an object: { … }.";
		this.problem.textContent = message ?? "";
		this.area.setAttribute("aria-invalid", String(Boolean(message)));
		return message;
	}

	/** Moves what is secret, or belongs to the connection, out of the text. */
	#tidy() {
		if (this.#check()) return;
		const envelope = parse(this.area.value);
		const moved = [];
		const { auth, settings, ...rest } = envelope;
		if (auth !== undefined || settings !== undefined) {
			this.#connection.adopt(envelope);
			moved.push("Credentials and settings were moved to the connection, as far as it has fields for them.");
		}
		for (const field of this.#fields) {
			for (const [, holder, key] of [...places(rest, field.path)]) {
				const preset = this.#preset(field.path);
				if (!holder[key] || isSame(holder[key], preset)) continue;
				field.fill(holder[key]);
				if (preset === undefined) delete holder[key];
				else holder[key] = preset;
				moved.push(`${field.path.join(".")} was moved to its field.`);
			}
		}
		if (moved.length === 0) return;
		this.note.textContent = moved.join(" ");
		this.#show(rest);
	}

	#preset(path) {
		const [place] = places(this.#example, path);
		return place?.[1][place[2]];
	}

	/** Asks for the page of this token, the first if it is `null`. */
	turnTo(token) {
		const envelope = parse(this.area.value);
		this.#show({ ...envelope, page: { ...envelope.page, token } });
	}

	/** The request as it is sent, or `{ problem }`. */
	request() {
		this.#tidy();
		const [wrong] = [...this.#connection.faults, ...this.#fields.filter(({ fault }) => fault)];
		const problem = this.#check() ?? (wrong && `${wrong.path.join(".")}: ${wrong.fault}`);
		if (problem) return { problem };
		const envelope = parse(this.area.value);
		if ("credentials" in envelope) return { problem: "credentials: the connection's are sent as auth. Take this out." };
		const body = { ...this.#connection.sections(this.#operation.request), ...envelope };
		for (const field of this.#fields) if (field.input.value) put(body, field.path, field.read());
		return { text: JSON.stringify(body), token: body.page?.token, secrets: this.#secretTexts(body) };
	}

	#secretTexts(body) {
		const found = this.#connection.secretTexts;
		for (const { path } of this.#secrets) {
			for (const [, holder, key] of places(body, path)) {
				if (!isSame(holder[key], this.#preset(path))) found.push(...textsOf(holder[key]));
			}
		}
		return found;
	}

	/** The request as it may be seen, with variables in place of secrets; `null` if the text is no request. */
	shown() {
		if (fault(this.area.value)) return null;
		const envelope = parse(this.area.value);
		if (!isObject(envelope)) return null;
		const { auth, credentials, settings, ...rest } = envelope;
		const body = { ...this.#connection.sections(this.#operation.request, true), ...rest };
		for (const { path, isText } of this.#secrets) {
			for (const [here, holder, key] of [...places(body, path)]) if (holder[key] != null) holder[key] = new Variable(here, isText);
		}
		for (const { path, input, isText } of this.#fields) if (input.value) put(body, path, new Variable(path, isText));
		return body;
	}
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Sets the value at a path, making the objects on the way. */
function put(object, path, value) {
	let holder = object;
	for (const step of path.slice(0, -1)) {
		if (!isObject(holder[step])) holder[step] = {};
		holder = holder[step];
	}
	holder[path.at(-1)] = value;
}
