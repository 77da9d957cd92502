// What must not be seen: found by the schema, replaced by value.

export const DOTS = "••••••••";

/** Parts shorter than this are replaced only where they are a whole JSON text: else an answer would be full of holes. */
const SHORTEST_PART = 4;

/** Stands in a request for a secret that a command takes from the environment. */
export class Variable {
	constructor(path, isText) {
		this.name = path.join("_").replace(/[^A-Za-z0-9]+/g, "_").toUpperCase().replace(/^(\d)/, "_$1");
		this.isText = isText;
	}
}

/** The values at a path, in which `*` is any item or field: `[path, holder, key]`. */
export function* places(value, path, taken = []) {
	if (typeof value !== "object" || value === null) return;
	const [step, ...rest] = path;
	for (const key of step === "*" ? Object.keys(value) : [step]) {
		if (!Object.hasOwn(value, key)) continue;
		const here = [...taken, key];
		if (rest.length === 0) yield [here, value, key];
		else yield* places(value[key], rest, here);
	}
}

/** All texts in a value, however deep. */
export function* textsOf(value) {
	if (typeof value === "string") yield value;
	else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) yield* textsOf(part);
}

/** Replaces secrets in a text, as they are, as JSON and URLs write them, and line by line. */
export function masked(text, secrets) {
	const parts = new Set();
	let found = text;
	for (const secret of secrets) {
		if (!secret) continue;
		const quoted = JSON.stringify(secret);
		found = found.replace(new RegExp(`${escaped(quoted)}(?!\\s*:)`, "g"), () => `"${DOTS}"`);
		for (const part of [secret, ...secret.split(/\r?\n/)]) {
			for (const spelled of [part, JSON.stringify(part).slice(1, -1), ascii(part), encodeURIComponent(part.toWellFormed?.() ?? "")]) {
				if (spelled.length >= SHORTEST_PART) parts.add(spelled);
			}
		}
	}
	// The longest first: a secret may be a part of another.
	for (const part of [...parts].sort((a, b) => b.length - a.length)) found = found.replaceAll(part, DOTS);
	return found;
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** JSON's text of a value with every character beyond ASCII escaped. */
const ascii = (text) =>
	JSON.stringify(text).slice(1, -1).replace(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
