// The request: its text, and what is sent.
//
// The text contains no secrets. Credentials and settings come from the connection, and secrets of the payload have
// their own fields. Secrets that are typed or pasted into the text are moved there.

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
		for (const { path, isText, isLong } of this.#secrets.filter((secret) => !secret.path.includes("*"))) {
			const schema = { type: isText ? "string" : "object", description: path.join("."), "x-multiline": isLong };
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
				if (inputType === "insertFromPaste") this.#moveSecrets();
				this.#check();
			},
			onchange: () => {
				this.#moveSecrets();
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
			h("p", { class: "hint", id: `${id}-hint` }, "Credentials and settings are added from the connection. Press Ctrl+Enter to send, Tab to leave the field."),
		);
		this.reset();
	}

	reset() {
		this.#setText(this.#example);
		this.note.textContent = "";
	}

	format() {
		if (!this.#check()) this.#setText(parse(this.area.value));
	}

	#setText(envelope) {
		this.area.value = write(envelope);
		this.area.rows = Math.min(Math.max(this.area.value.split("\n").length + 1, 6), 24);
		this.#check();
	}

	/** Shows what is wrong with the text, and returns it. */
	#check() {
		const invalid = fault(this.area.value);
		let message = invalid && `Line ${invalid.line}, column ${invalid.column}: ${invalid.message}.`;
		if (!invalid && !isObject(parse(this.area.value))) message = "A request must be an object: { … }.";
		this.problem.textContent = message ?? "";
		this.area.setAttribute("aria-invalid", String(Boolean(message)));
		return message;
	}

	/** Moves secrets, and everything that belongs to the connection, out of the text. */
	#moveSecrets() {
		if (this.#check()) return;
		const envelope = parse(this.area.value);
		const moved = [];
		const { auth, settings, ...rest } = envelope;
		const credentials = this.#connection.hasIds ? rest.credentials : undefined;
		if (credentials !== undefined) delete rest.credentials;
		if (auth !== undefined || credentials !== undefined || settings !== undefined) {
			this.#connection.adopt(envelope);
			moved.push("Moved credentials and settings to the connection, as far as it has fields for them.");
		}
		for (const field of this.#fields) {
			for (const [, holder, key] of [...places(rest, field.path)]) {
				const preset = this.#preset(field.path);
				if (!holder[key] || isSame(holder[key], preset)) continue;
				field.fill(holder[key]);
				if (preset === undefined) delete holder[key];
				else holder[key] = preset;
				moved.push(`Moved ${field.path.join(".")} to its field.`);
			}
		}
		if (moved.length === 0) return;
		this.note.textContent = moved.join(" ");
		this.#setText(rest);
	}

	#preset(path) {
		const [place] = places(this.#example, path);
		return place?.[1][place[2]];
	}

	/** Sets the page token of the request. `null` requests the first page. */
	setPageToken(token) {
		const envelope = parse(this.area.value);
		this.#setText({ ...envelope, page: { ...envelope.page, token } });
	}

	/** The request to send, or `{ problem }`. */
	request() {
		this.#moveSecrets();
		const [invalid] = [...this.#connection.faults, ...this.#fields.filter(({ fault }) => fault)];
		const problem = this.#check() ?? (invalid && `${invalid.path.join(".")}: ${invalid.fault}`);
		if (problem) return { problem };
		const envelope = parse(this.area.value);
		if ("credentials" in envelope) return { problem: "credentials: remove this field. The connection's credentials are sent as auth." };
		const body = { ...this.#connection.sections(this.#operation.request), ...envelope };
		for (const field of this.#fields) if (field.input.value) setAtPath(body, field.path, field.read());
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

	/** The request to display, with variables in place of secrets; `null` if the text is not a valid request. */
	redacted() {
		if (fault(this.area.value)) return null;
		const envelope = parse(this.area.value);
		if (!isObject(envelope)) return null;
		const { auth, credentials, settings, ...rest } = envelope;
		const body = { ...this.#connection.sections(this.#operation.request, true), ...rest };
		for (const { path, isText } of this.#secrets) {
			for (const [here, holder, key] of [...places(body, path)]) if (holder[key] != null) holder[key] = new Variable(here, isText);
		}
		for (const { path, input, isText } of this.#fields) if (input.value) setAtPath(body, path, new Variable(path, isText));
		return body;
	}
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Sets the value at a path and creates missing objects. */
function setAtPath(object, path, value) {
	let holder = object;
	for (const step of path.slice(0, -1)) {
		if (!isObject(holder[step])) holder[step] = {};
		holder = holder[step];
	}
	holder[path.at(-1)] = value;
}
