// The parts of JSON Schema (2020-12) that are needed for forms and for masking secrets.

/** Maximum depth, because schemas may be recursive. No request is nested this deeply. */
const MAX_DEPTH = 8;

export class Schemas {
	#document;

	constructor(document) {
		this.#document = document;
	}

	/** Resolves references, and removes the `null` alternative of optional values. */
	resolve(schema) {
		let found = schema ?? {};
		for (let step = 0; step < MAX_DEPTH; step += 1) {
			if (found.$ref) {
				const { $ref, ...siblings } = found;
				found = { ...this.#at($ref), ...siblings };
				continue;
			}
			const [key, alternatives] = found.anyOf ? ["anyOf", found.anyOf] : ["oneOf", found.oneOf ?? []];
			const possible = alternatives.filter((one) => one.type !== "null");
			if (possible.length !== 1) break;
			const { [key]: _, ...siblings } = found;
			found = { ...possible[0], ...siblings };
		}
		for (const part of found.allOf ?? []) {
			const { properties, ...rest } = this.resolve(part);
			found = { ...rest, ...found, properties: { ...properties, ...found.properties } };
		}
		return found;
	}

	#at(reference) {
		let found = this.#document;
		for (const step of reference.replace(/^#\/?/, "").split("/")) {
			found = found?.[decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")];
		}
		return found ?? {};
	}

	/** The alternative schemas of a value. */
	alternatives(schema) {
		const found = this.resolve(schema);
		const several = (found.oneOf ?? found.anyOf ?? []).filter((one) => one.type !== "null");
		return several.length > 1 ? several.map((one) => this.resolve(one)) : [found];
	}

	/** The values that a schema lists, each with a label, or `null`. */
	choices(schema) {
		const choice = (value, title) => ({ value, label: title ?? String(value) });
		// In an enum without a list of alternatives, the title is that of the whole field.
		const listed = this.alternatives(schema).map((part, _, { length }) =>
			"const" in part ? [choice(part.const, length > 1 ? part.title : null)] : part.enum?.map((value) => choice(value)),
		);
		return listed.every(Boolean) ? listed.flat().filter(({ value }) => value !== null) : null;
	}

	/** The paths of the secrets in a schema. A `*` matches any item or field. */
	secrets(schema, path = [], found = new Map()) {
		if (path.length > MAX_DEPTH) return [];
		for (const part of new Set([this.resolve(schema), ...this.alternatives(schema)])) {
			if (isSecret(part)) {
				found.set(path.join("\n"), { path, isText: kind(part) === "string", isLong: isMultiline(part) });
				continue;
			}
			for (const [name, property] of Object.entries(part.properties ?? {})) this.secrets(property, [...path, name], found);
			if (part.items) this.secrets(part.items, [...path, "*"], found);
			if (typeof part.additionalProperties === "object") this.secrets(part.additionalProperties, [...path, "*"], found);
		}
		return [...found.values()];
	}
}

// The marks of a field. Classic has only `field_type`.

export const isSecret = (schema) => schema.field_type === "SECRET" || schema["x-secret"] === true;
export const isHidden = (schema) => schema.field_type === "HIDDEN" || schema["x-hidden"] === true;
export const isMultiline = (schema) => schema.field_type === "MULTI_LINES" || schema["x-multiline"] === true;

/** The type of a value that isn't null: `["string", "null"]` is `string`. */
export function kind(schema) {
	const kinds = [schema.type ?? []].flat().filter((one) => one !== "null");
	return kinds.length === 1 ? kinds[0] : schema.properties ? "object" : "any";
}
