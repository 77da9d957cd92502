// JSON Schema (2020-12), as far as a form and the hiding of secrets need it.

/** Deeper than any request; schemas may contain themselves. */
const DEEPEST = 8;

export class Schemas {
	#document;

	constructor(document) {
		this.#document = document;
	}

	/** A schema without references, and without the `null` that an optional one allows besides. */
	resolve(schema) {
		let found = schema ?? {};
		for (let step = 0; step < DEEPEST; step += 1) {
			if (found.$ref) {
				const { $ref, ...beside } = found;
				found = { ...this.#at($ref), ...beside };
				continue;
			}
			const [key, alternatives] = found.anyOf ? ["anyOf", found.anyOf] : ["oneOf", found.oneOf ?? []];
			const possible = alternatives.filter((one) => one.type !== "null");
			if (possible.length !== 1) break;
			const { [key]: _, ...beside } = found;
			found = { ...possible[0], ...beside };
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

	/** The schemas that a value may have, one of them at a time. */
	alternatives(schema) {
		const found = this.resolve(schema);
		const several = (found.oneOf ?? found.anyOf ?? []).filter((one) => one.type !== "null");
		return several.length > 1 ? several.map((one) => this.resolve(one)) : [found];
	}

	/** The values that a schema lists, or `null`. */
	choices(schema) {
		const listed = this.alternatives(schema).map((part) => ("const" in part ? [part.const] : part.enum));
		return listed.every(Boolean) ? listed.flat().filter((value) => value !== null) : null;
	}

	/** Where a schema has secrets: paths in which `*` is any item or field. */
	secrets(schema, path = [], found = new Map()) {
		if (path.length > DEEPEST) return [];
		for (const part of new Set([this.resolve(schema), ...this.alternatives(schema)])) {
			if (part.field_type === "SECRET") {
				found.set(path.join("\n"), { path, isText: kind(part) === "string" });
				continue;
			}
			for (const [name, property] of Object.entries(part.properties ?? {})) this.secrets(property, [...path, name], found);
			if (part.items) this.secrets(part.items, [...path, "*"], found);
			if (typeof part.additionalProperties === "object") this.secrets(part.additionalProperties, [...path, "*"], found);
		}
		return [...found.values()];
	}
}

/** The type of a value that is there: `["string", "null"]` is `string`. */
export function kind(schema) {
	const kinds = [schema.type ?? []].flat().filter((one) => one !== "null");
	return kinds.length === 1 ? kinds[0] : schema.properties ? "object" : "any";
}
