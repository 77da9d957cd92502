// What every call carries: the server's token, credentials and settings.
//
// Secrets and credentials are kept in the fields alone, so in this tab's memory: a store of the browser is on disk, is
// restored with the tab, and can be read by every page of this origin. Other settings are kept for a reload.

import { h } from "./dom.js";
import { Field } from "./field.js";
import { Form } from "./form.js";

export class Connection {
	/** The parts of its form. */
	parts = [];
	#kinds;
	#settings;
	#token = null;
	#choice = null;
	#store;
	#changed;

	constructor(description, token, changed) {
		const { schemas, envelope, wire, appId } = description;
		this.#store = `connector-docs:${appId}:settings`;
		this.#changed = changed;
		if (description.asksForToken || token) {
			const schema = { type: "string", title: "Bearer token", description: "What this server itself asks for" };
			this.#token = new Field("token", schema, { path: ["token"], required: true, isSecret: true });
			this.#token.fill(token ?? "");
			this.#add("Server", h("div", { class: "fields" }, this.#token.element));
		}
		this.#kinds = kinds(schemas, envelope.auth, wire).map(({ key, label, schema }) => {
			return { key, label, form: new Form(schemas, schema, key ? ["auth", key] : ["auth"]) };
		});
		if (this.#kinds.length > 0) this.#addCredentials();
		this.#settings = new Form(schemas, schemas.resolve(envelope.settings), ["settings"]);
		if (this.#settings.fields.length > 0) this.#add("Settings", this.#settings.element);
		this.#restore();
		for (const part of this.parts) part.addEventListener("input", () => this.#keep());
	}

	#add(legend, ...children) {
		this.parts.push(h("fieldset", {}, h("legend", {}, legend), ...children));
	}

	#addCredentials() {
		const options = this.#kinds.map(({ label }, index) => h("option", { value: index }, label));
		this.#choice = h("select", { id: "credential-kind", oninput: () => this.#choose(this.#choice.value) }, ...options);
		const chooser = h("div", { class: "field" }, h("label", { for: "credential-kind" }, "Kind"), this.#choice);
		const isOne = this.#kinds.length === 1;
		this.#add(isOne ? `Credentials: ${this.#kinds[0].label}` : "Credentials", !isOne && chooser, ...this.#kinds.map(({ form }) => form.element));
		this.#choose(0);
	}

	#choose(index) {
		this.#choice.value = index;
		this.#kinds.forEach(({ form }, other) => (form.element.hidden = other !== Number(index)));
	}

	get #kind() {
		return this.#kinds[Number(this.#choice?.value)];
	}

	get #fields() {
		return [this.#token ?? [], this.#kind?.form.fields ?? [], this.#settings.fields].flat();
	}

	get token() {
		return this.#token?.input.value ?? "";
	}

	get asksForToken() {
		return this.#token !== null;
	}

	focusToken() {
		this.#token?.input.focus();
	}

	/** The sections of a request that come from here; with `shown`, variables in place of secrets. */
	sections(request, shown = false) {
		const { auth, settings } = request.properties ?? {};
		const found = {};
		if (auth && this.#kind) {
			const { key, form } = this.#kind;
			found.auth = key ? { [key]: form.read(shown) } : form.read(shown);
		}
		const given = this.#settings.read(shown);
		if (settings && (Object.keys(given).length > 0 || request.required?.includes("settings"))) found.settings = given;
		return found;
	}

	/** Takes over what a pasted request carries. */
	adopt({ auth, settings }) {
		this.#settings.fill(settings);
		const isOf = ({ key, form }) => auth && (key ? key in auth : form.read().model === auth.model);
		const index = this.#kinds.findIndex(isOf);
		if (index >= 0) {
			const { key, form } = this.#kinds[index];
			form.fill(key ? auth[key] : auth);
			this.#choose(index);
		}
		this.#keep();
	}

	/** What is wrong or missing, in a few words. */
	get state() {
		const names = (fields) => fields.map(({ path }) => path.at(-1)).join(", ");
		if (this.faults.length > 0) return `not valid: ${names(this.faults)}`;
		const missing = this.#fields.filter(({ required, input }) => required && !input.value);
		return missing.length > 0 ? `not filled in: ${names(missing)}` : "filled in";
	}

	get faults() {
		return this.#fields.filter(({ fault }) => fault);
	}

	/** All that must not be seen, of the kinds that are not chosen as well. */
	get secretTexts() {
		const fields = [...this.#fields, ...this.#kinds.flatMap(({ form }) => form.fields)];
		return fields.flatMap(({ secretTexts }) => secretTexts);
	}

	get #kept() {
		return this.#settings.fields.filter(({ isSecret }) => !isSecret);
	}

	#keep() {
		this.#changed();
		const kept = Object.fromEntries(this.#kept.map(({ path, input }) => [path.join("."), input.value]));
		try {
			sessionStorage.setItem(this.#store, JSON.stringify(kept));
		} catch {
			// Without a store, a reload forgets the settings, and that is all.
		}
	}

	#restore() {
		try {
			const kept = JSON.parse(sessionStorage.getItem(this.#store) ?? "{}");
			for (const { path, input } of this.#kept) input.value = kept[path.join(".")] ?? "";
		} catch {
			// As above.
		}
	}
}

/** The kinds of credentials: classic has one schema a kind, openapi one object with a key a kind. */
function kinds(schemas, auth, wire) {
	if (!auth) return [];
	const all = schemas.alternatives(auth);
	if (wire === "classic") return all.map((schema) => ({ label: schema.properties?.model?.const ?? "auth", schema }));
	const found = all.flatMap(({ properties = {} }) => Object.entries(properties));
	return found.map(([key, property]) => ({ key, label: key, schema: schemas.resolve(property) })).filter(({ schema }) => schema.properties);
}
