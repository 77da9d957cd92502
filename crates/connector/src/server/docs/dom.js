// Creates elements without parsing markup, so text from a document or response always stays text.

/** Creates an element. `on…` properties are listeners, `true` is an attribute without a value, `false` and `null` are ignored. */
export function h(name, properties = {}, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(properties)) {
		if (key.startsWith("on")) {
			element.addEventListener(key.slice(2), value);
		} else if (value === true) {
			element.setAttribute(key, "");
		} else if (value !== false && value != null) {
			element.setAttribute(key, value);
		}
	}
	element.append(...children.filter((child) => child != null && child !== false));
	return element;
}

export const byId = (id) => document.getElementById(id);

/** A button that briefly shows the result of the click. */
export function button(label, action, properties = {}) {
	const element = h("button", { type: "button", ...properties, onclick: act }, label);
	let timer;
	async function act() {
		const result = await action();
		if (typeof result !== "string") return;
		clearTimeout(timer);
		element.textContent = result;
		timer = setTimeout(() => (element.textContent = label), 1500);
	}
	return element;
}

/** Copies text to the clipboard. `navigator.clipboard` is missing if the page was not loaded over TLS or from this machine. */
export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return "Copied";
	} catch {
		const field = h("textarea", { class: "offscreen", "aria-hidden": "true", tabindex: "-1" });
		const focused = document.activeElement;
		field.value = text;
		document.body.append(field);
		field.select();
		const copied = document.execCommand("copy");
		field.remove();
		focused?.focus();
		return copied ? "Copied" : "Not allowed";
	}
}

/** Downloads text as a file. */
export function download(text, name, type = "application/json") {
	const url = URL.createObjectURL(new Blob([text], { type }));
	h("a", { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
