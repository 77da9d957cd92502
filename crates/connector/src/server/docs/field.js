// One field of a form: its input and its value.

import { h } from "./dom.js";
import { fault, parse, write } from "./json.js";
import { isMultiline, kind } from "./schema.js";
import { Variable, textsOf } from "./secrets.js";

let count = 0;

export class Field {
	constructor(name, schema, { path, required, isSecret, choices }) {
		Object.assign(this, { path, required, isSecret });
		const type = kind(schema);
		this.choices = choices ?? (type === "boolean" ? [true, false].map((value) => ({ value, label: String(value) })) : null);
		this.preset = schema.default;
		this.isText = type === "string" && !this.choices;
		this.isNumber = ["integer", "number"].includes(type) && !this.choices && !isSecret;
		const id = `field-${(count += 1)}`;
		this.shared = { id, "aria-describedby": `${id}-hint ${id}-problem`, autocomplete: "off", spellcheck: "false" };
		this.input = this.#makeInput(schema, type);
		this.problem = h("p", { class: "problem", id: `${id}-problem` });
		const hint = [schema.description?.replace(/\.$/, ""), this.#constraints(schema, type), required && "required"];
		this.element = h(
			"div",
			{ class: this.isWide ? "field wide" : "field", oninput: () => this.#check() },
			h("label", { for: id }, schema.title ?? name),
			this.input,
			h("p", { class: "hint", id: `${id}-hint` }, hint.filter(Boolean).join(" · ")),
			this.problem,
		);
	}

	#makeInput(schema, type) {
		const { shared } = this;
		const { minimum: min, maximum: max, default: preset } = schema;
		this.isWide = isMultiline(schema) && !this.choices && !this.isNumber;
		if (this.isSecret && this.isWide) return this.#makeMasked();
		if (this.isSecret) {
			// `new-password` prevents browsers from filling in or saving passwords here, because they belong to another system.
			return h("input", { ...shared, type: "password", autocomplete: "new-password", onpaste: (event) => this.#paste(event) });
		}
		if (this.choices) {
			const options = this.choices.map(({ label }, index) => h("option", { value: index }, label));
			const usual = this.choices.find(({ value }) => value === preset);
			return h("select", shared, h("option", { value: "" }, usual ? `default: ${usual.label}` : "not set"), ...options);
		}
		if (this.isNumber) {
			return h("input", { ...shared, type: "number", min, max, step: type === "integer" ? 1 : "any", placeholder: preset });
		}
		if (!this.isText) return h("textarea", { ...shared, rows: 3 });
		return this.isWide ? h("textarea", { ...shared, rows: 4, placeholder: preset }) : h("input", { ...shared, type: "text", placeholder: preset });
	}

	#makeMasked() {
		return h("textarea", { ...this.shared, rows: 3, class: "masked" });
	}

	/** Password inputs drop line breaks, but private keys contain some. So the input becomes a textarea, which is masked too. */
	#paste(event) {
		const text = event.clipboardData.getData("text");
		if (!text.trim().includes("\n")) return;
		event.preventDefault();
		this.fill(text);
		this.input.focus();
		this.element.dispatchEvent(new Event("input", { bubbles: true }));
	}

	#constraints({ minimum: min, maximum: max, default: preset }, type) {
		let text = this.isSecret ? "secret" : this.choices && type !== "boolean" ? "choice" : type;
		if (!this.isText && !this.isNumber && !this.choices) text += ", as JSON";
		if (min !== undefined) text += ` from ${min}`;
		if (max !== undefined) text += ` to ${max}`;
		return this.isNumber && preset != null ? `${text}, default ${preset}` : text;
	}

	#check() {
		this.problem.textContent = this.fault ?? "";
		this.input.setAttribute("aria-invalid", String(Boolean(this.fault)));
	}

	/** What is wrong with the input, or `null`. */
	get fault() {
		const { value, validity, validationMessage } = this.input;
		if (!validity.valid) return validationMessage;
		const invalid = this.isText || this.isNumber || this.choices || !value.trim() ? null : fault(value);
		return invalid && `invalid JSON: line ${invalid.line}, column ${invalid.column}: ${invalid.message}`;
	}

	/** The value, or `undefined` if the field is empty. With `redacted`, a secret is replaced by a variable. */
	read(redacted) {
		const { value } = this.input;
		if (this.isSecret && redacted && (value || this.required)) return new Variable(this.path, this.isText);
		if (value === "") return undefined;
		if (this.choices) return this.choices[Number(value)].value;
		if (this.isText) return value;
		return this.fault ? undefined : parse(value);
	}

	fill(value) {
		const text = typeof value === "string" ? value : this.isSecret ? JSON.stringify(value) : write(value);
		if (this.isSecret && !this.isWide && text.trim().includes("\n")) {
			const wide = this.#makeMasked();
			this.input.replaceWith(wide);
			this.input = wide;
		}
		this.input.value = this.choices ? this.choices.findIndex((choice) => choice.value === value) : text;
		this.#check();
	}

	/** The strings that must be masked. */
	get secretTexts() {
		const { value } = this.input;
		if (!this.isSecret || !value) return [];
		return this.isText || this.fault ? [value] : [value, ...textsOf(parse(value))];
	}
}
