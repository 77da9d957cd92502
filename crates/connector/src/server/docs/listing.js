// The lists in a response, as rows and columns.

import { isObject } from "./json.js";

/** The lists in a response, as `[name, items]`. */
export function lists(json) {
	const response = json?.response;
	if (Array.isArray(response)) return [["items", response]];
	return Object.entries(isObject(response) ? response : {}).filter(([, value]) => Array.isArray(value));
}

/** Whether the response consists of lists. */
export const isListing = (json) => lists(json).length > 0 && (Array.isArray(json.response) || lists(json).length === Object.keys(json.response).length);

/** The columns of items: all their fields, in the order in which they first appear. Other items have one column. */
export function columns(items) {
	const names = new Set();
	for (const item of items) for (const name of isObject(item) ? Object.keys(item) : ["value"]) names.add(name);
	return [...names];
}

/** The cells of an item, as `{ text, isNumber }`. Objects and lists are cells of JSON. */
export function cells(item, names) {
	return names.map((name) => {
		const value = isObject(item) ? (Object.hasOwn(item, name) ? item[name] : null) : name === "value" ? item : null;
		if (value === null) return { text: "", isNumber: false };
		const text = typeof value === "string" ? value : JSON.stringify(value);
		return { text, isNumber: typeof value !== "string" && /^[-\d]/.test(text) };
	});
}
