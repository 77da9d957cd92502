// Masks secrets: the schema says where they are, and their values are replaced.

export const DOTS = "••••••••";

/** Shorter parts are only replaced where they are a whole JSON string. Otherwise, responses would be full of dots. */
const SHORTEST_PART = 4;

/** Replaces a secret in a request. A command reads the value from an environment variable. */
export class Variable {
	constructor(path, isText) {
		this.name = path.join("_").replace(/[^A-Za-z0-9]+/g, "_").toUpperCase().replace(/^(\d)/, "_$1");
		this.isText = isText;
	}
}

/** The values at a path, as `[path, holder, key]`. A `*` in the path matches any item or field. */
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

/** All strings in a value, at any depth. */
export function* textsOf(value) {
	if (typeof value === "string") yield value;
	else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) yield* textsOf(part);
}

/** Replaces secrets in a text: verbatim, as encoded in JSON and URLs, and line by line. */
export function masked(text, secrets) {
	const parts = new Set();
	let found = text;
	for (const secret of secrets) {
		if (!secret) continue;
		const quoted = JSON.stringify(secret);
		found = found.replace(new RegExp(`${escaped(quoted)}(?!\\s*:)`, "g"), () => `"${DOTS}"`);
		for (const part of [secret, ...secret.split(/\r?\n/)]) {
			for (const encoded of [part, JSON.stringify(part).slice(1, -1), ascii(part), encodeURIComponent(part.toWellFormed?.() ?? "")]) {
				if (encoded.length >= SHORTEST_PART) parts.add(encoded);
			}
		}
	}
	// Replace the longest parts first, because a secret may be part of another.
	for (const part of [...parts].sort((a, b) => b.length - a.length)) found = found.replaceAll(part, DOTS);
	return found;
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** A value as JSON, with all non-ASCII characters escaped. */
const ascii = (text) =>
	JSON.stringify(text).slice(1, -1).replace(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
