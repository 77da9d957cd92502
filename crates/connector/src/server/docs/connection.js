// The data that every call carries: the server's token, credentials and settings.
//
// Secrets and credentials are only kept in the fields, that is, in this tab's memory. The browser's storage would be on
// disk, would be restored with the tab, and could be read by every page of this origin. Other settings are stored so
// that they survive a reload.

import { Credentials } from "./credentials.js";
import { h } from "./dom.js";
import { Field } from "./field.js";
import { Form } from "./form.js";

export class Connection {
	/** The fieldsets of the form. */
	parts = [];
	#kinds;
	/** The credentials with IDs, or `null`. */
	#credentials = null;
	#settings;
	#token = null;
	#choice = null;
	#store;
	#changed;

	constructor(description, token, changed) {
		const { schemas, envelope, wire, appId } = description;
		this.#store = `connector-docs:${appId}:settings`;
		this.#changed = changed;
		if (description.requiresToken || token) {
			const schema = { type: "string", title: "Bearer token", description: "Required by this server" };
			this.#token = new Field("token", schema, { path: ["token"], required: true, isSecret: true });
			this.#token.fill(token ?? "");
			this.#add("Server", h("div", { class: "fields" }, this.#token.element));
		}
		this.#kinds = kinds(schemas, envelope.auth, wire).map(({ key, label, schema }) => {
			return { key, label, form: new Form(schemas, schema, key ? ["auth", key] : ["auth"]) };
		});
		if (this.#kinds.length > 0) this.#addCredentials();
		if (Credentials.areIn(schemas, envelope.credentials)) {
			this.#credentials = new Credentials(schemas, envelope.credentials, description.exampleCredentials);
			this.#add("Credentials", this.#credentials.element);
		}
		this.#settings = new Form(schemas, schemas.resolve(envelope.settings), ["settings"]);
		if (this.#settings.fields.length > 0) this.#add("Settings", this.#settings.element);
		this.#restore();
		for (const part of this.parts) part.addEventListener("input", () => this.#save());
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
		return [this.#token ?? [], this.#kind?.form.shownFields ?? [], this.#credentials?.shownFields ?? [], this.#settings.shownFields].flat();
	}

	get token() {
		return this.#token?.input.value ?? "";
	}

	get requiresToken() {
		return this.#token !== null;
	}

	focusToken() {
		this.#token?.input.focus();
	}

	/** The sections of a request that come from the connection. With `redacted`, secrets are replaced by variables. */
	sections(request, redacted = false) {
		const { auth, credentials, settings } = request.properties ?? {};
		const found = {};
		if (credentials && this.#credentials) found.credentials = this.#credentials.read(redacted);
		if (auth && this.#kind) {
			const { key, form } = this.#kind;
			found.auth = key ? { [key]: form.read(redacted) } : form.read(redacted);
		}
		const values = this.#settings.read(redacted);
		if (settings && (Object.keys(values).length > 0 || request.required?.includes("settings"))) found.settings = values;
		return found;
	}

	/** Whether credentials have IDs, so that requests carry a list of them. */
	get hasIds() {
		return this.#credentials !== null;
	}

	/** Moves the credentials and settings of a pasted request to the fields. */
	adopt({ auth, credentials, settings }) {
		this.#settings.fill(settings);
		this.#credentials?.fill(credentials);
		const isOf = ({ key, form }) => auth && (key ? key in auth : form.read().model === auth.model);
		const index = this.#kinds.findIndex(isOf);
		if (index >= 0) {
			const { key, form } = this.#kinds[index];
			form.fill(key ? auth[key] : auth);
			this.#choose(index);
		}
		this.#save();
	}

	/** A short summary of what is invalid or missing. */
	get state() {
		const names = (fields) => fields.map(({ path }) => path.at(-1)).join(", ");
		if (this.faults.length > 0) return `invalid: ${names(this.faults)}`;
		const missing = this.#fields.filter(({ required, input }) => required && !input.value);
		return missing.length > 0 ? `missing: ${names(missing)}` : "complete";
	}

	get faults() {
		return this.#fields.filter(({ fault }) => fault);
	}

	/** All strings that must be masked, including those in fields that are not shown and of credentials that are not selected. */
	get secretTexts() {
		const forms = [this.#settings, ...this.#kinds.map(({ form }) => form), ...(this.#credentials?.forms ?? [])];
		const fields = [this.#token ?? [], forms.flatMap(({ fields }) => fields)].flat();
		return fields.flatMap(({ secretTexts }) => secretTexts);
	}

	get #storedFields() {
		return this.#settings.fields.filter(({ isSecret }) => !isSecret);
	}

	#save() {
		this.#changed();
		const values = Object.fromEntries(this.#storedFields.map(({ path, input }) => [path.join("."), input.value]));
		try {
			sessionStorage.setItem(this.#store, JSON.stringify(values));
		} catch {
			// Without storage, a reload loses the settings.
		}
	}

	#restore() {
		try {
			const values = JSON.parse(sessionStorage.getItem(this.#store) ?? "{}");
			for (const { path, input } of this.#storedFields) input.value = values[path.join(".")] ?? "";
			this.#settings.refresh();
		} catch {
			// As above.
		}
	}
}

/** The kinds of credentials. Classic has one schema per kind; openapi has one object with a key per kind. */
function kinds(schemas, auth, wire) {
	if (!auth) return [];
	const all = schemas.alternatives(auth);
	if (wire === "classic") return all.map((schema) => ({ label: schema.properties?.model?.const ?? "auth", schema }));
	const found = all.flatMap(({ properties = {} }) => Object.entries(properties));
	return found.map(([key, property]) => ({ key, label: key, schema: schemas.resolve(property) })).filter(({ schema }) => schema.properties);
}
