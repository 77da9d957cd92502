// A form generated from a JSON Schema, with fields and nested forms.

import { h } from "./dom.js";
import { Field } from "./field.js";
import { isObject } from "./json.js";
import { Variable } from "./secrets.js";

export class Form {
	element = h("div", { class: "fields" });
	#parts = [];
	#path;

	constructor(schemas, schema, path) {
		this.#path = path;
		for (const [name, property] of Object.entries(schema.properties ?? {})) {
			this.#parts.push({ name, ...this.#part(schemas, name, schemas.resolve(property), schema.required?.includes(name)) });
		}
	}

	#part(schemas, name, schema, required) {
		const preset = schema.const ?? (schema.field_type === "HIDDEN" ? schema.default : undefined);
		if (preset !== undefined) return { preset };
		const path = [...this.#path, name];
		if (schema.properties && schema.field_type !== "SECRET") {
			const form = new Form(schemas, schema, path);
			this.element.append(h("fieldset", {}, h("legend", {}, name), form.element));
			return { form, required };
		}
		const isSecret = schemas.secrets(schema).length > 0;
		const field = new Field(name, schema, { path, required, isSecret, choices: schemas.choices(schema) });
		this.element.append(field.element);
		return { field };
	}

	/** The values of the form as an object. With `redacted`, secrets are replaced by variables. */
	read(redacted = false) {
		const found = {};
		for (const { name, preset, form, field, required } of this.#parts) {
			const value = preset ?? (form ?? field).read(redacted);
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
	}

	/** All fields, including those of nested forms. */
	get fields() {
		return this.#parts.flatMap(({ form, field }) => form?.fields ?? field ?? []);
	}
}

/** Whether an object has no values from the user. */
const isEmpty = (value) => Object.values(value).every((part) => isObject(part) && !(part instanceof Variable) && isEmpty(part));
