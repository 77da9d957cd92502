// A form generated from a JSON Schema, with fields and nested forms.

import { h } from "./dom.js";
import { Field } from "./field.js";
import { isObject } from "./json.js";
import { isHidden, isSecret } from "./schema.js";
import { Variable } from "./secrets.js";

export class Form {
	element = h("div", { class: "fields", oninput: () => this.refresh() });
	#parts = [];
	#path;
	#groups = new Map();

	constructor(schemas, schema, path) {
		this.#path = path;
		for (const [name, property] of Object.entries(schema.properties ?? {})) {
			this.#parts.push({ name, ...this.#part(schemas, name, schemas.resolve(property), schema.required?.includes(name)) });
		}
		this.refresh();
	}

	#part(schemas, name, schema, required) {
		const preset = schema.const ?? (isHidden(schema) ? schema.default : undefined);
		// A hidden field that is required but has no default is shown: without it, no request is valid.
		if (preset != null || (isHidden(schema) && !required)) return { preset: preset ?? undefined };
		const path = [...this.#path, name];
		const shared = { required, condition: schema["x-discriminator"], isShown: true };
		const place = (element) => this.#place(schema["x-field_group"], element);
		if (schema.properties && !isSecret(schema)) {
			const form = new Form(schemas, schema, path);
			const element = h("fieldset", {}, h("legend", {}, schema.title ?? name), form.element);
			place(element);
			return { ...shared, form, element };
		}
		const hasSecret = schemas.secrets(schema).length > 0;
		const field = new Field(name, schema, { path, required, isSecret: hasSecret, choices: schemas.choices(schema) });
		place(field.element);
		return { ...shared, field, element: field.element };
	}

	/** Adds an element to its group. Fields of no group come first: below a group, they would look like part of it. */
	#place(group, element) {
		if (!group) {
			const [first] = this.#groups.values();
			this.element.insertBefore(element, first?.parentElement ?? null);
			return;
		}
		if (!this.#groups.has(group)) {
			this.#groups.set(group, h("div", { class: "fields" }));
			this.element.append(h("fieldset", {}, h("legend", {}, group), this.#groups.get(group)));
		}
		this.#groups.get(group).append(element);
	}

	/** Shows only fields whose condition is met, and groups that have such a field. */
	refresh() {
		for (const part of this.#parts.filter(({ condition }) => condition)) {
			const { field, one_of_expected_values: several, expected_value: only } = part.condition;
			const other = this.#parts.find(({ name }) => name === field);
			// A field that isn't shown is not sent, so it has no value.
			const value = other?.isShown === false ? undefined : (other?.preset ?? other?.field?.read() ?? other?.field?.preset);
			part.isShown = (several ?? [only]).includes(value);
			part.element.hidden = !part.isShown;
		}
		for (const place of this.#groups.values()) place.parentElement.hidden = [...place.children].every(({ hidden }) => hidden);
		for (const { form } of this.#parts) form?.refresh();
	}

	/** The values of the form as an object. With `redacted`, secrets are replaced by variables. */
	read(redacted = false) {
		const found = {};
		for (const { name, preset, form, field, required, isShown } of this.#parts) {
			const value = preset ?? (isShown ? (form ?? field).read(redacted) : undefined);
			if (value !== undefined && (!form || required || !isEmpty(value))) found[name] = value;
		}
		return found;
	}

	/** Fills in the values that have a field. */
	fill(object) {
		for (const { name, form, field } of this.#parts) {
			const value = object?.[name];
			if (value != null) (isObject(value) && form ? form : field)?.fill(value);
		}
		this.refresh();
	}

	/** All fields, including those of nested forms. */
	get fields() {
		return this.#parts.flatMap(({ form, field }) => form?.fields ?? field ?? []);
	}

	/** The fields whose condition is met. The values of others aren't sent. */
	get shownFields() {
		const shown = this.#parts.filter(({ isShown }) => isShown);
		return shown.flatMap(({ form, field }) => form?.shownFields ?? field ?? []);
	}
}

/** Whether an object has no values from the user. */
const isEmpty = (value) => Object.values(value).every((part) => isObject(part) && !(part instanceof Variable) && isEmpty(part));
