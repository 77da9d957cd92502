// Credentials that the connector declares by ID. A request carries a list of them.

import { h } from "./dom.js";
import { Form } from "./form.js";

export class Credentials {
	element = h("div", { class: "credentials" });
	#declared;

	/** Whether the items of a list of credentials have IDs. */
	static areIn(schemas, list) {
		return list !== undefined && schemas.alternatives(schemas.resolve(list).items).every(({ properties }) => properties?.id?.const);
	}

	/** `used` are the IDs that are sent unless the user chooses others. */
	constructor(schemas, list, used) {
		const { items, allOf = [] } = schemas.resolve(list);
		const required = new Set(allOf.map(({ contains }) => contains?.properties.id.const));
		this.#declared = schemas.alternatives(items).map(({ title, description, properties }) => {
			const id = properties.id.const;
			const key = Object.keys(properties).find((name) => name !== "id");
			const form = new Form(schemas, schemas.resolve(properties[key]), ["credentials", id]);
			const isUsed = h("input", { type: "checkbox", checked: required.has(id) || used.includes(id), disabled: required.has(id) });
			return { id, key, form, isUsed, title, description, isRequired: required.has(id) };
		});
		for (const { id, form, isUsed, title, description, isRequired } of this.#declared) {
			const label = h("label", {}, isUsed, ` ${title}`, title !== id && ` (${id})`);
			const show = () => (form.element.hidden = !isUsed.checked);
			isUsed.addEventListener("input", show);
			show();
			const hint = [description, isRequired && "required"].filter(Boolean).join(" · ");
			this.element.append(h("fieldset", {}, h("legend", {}, label), h("p", { class: "hint" }, hint), form.element));
		}
	}

	get #used() {
		return this.#declared.filter(({ isUsed }) => isUsed.checked);
	}

	/** The fields of the credentials that are sent. */
	get shownFields() {
		return this.#used.flatMap(({ form }) => form.shownFields);
	}

	/** The forms of all credentials. */
	get forms() {
		return this.#declared.map(({ form }) => form);
	}

	/** The list for a request. With `redacted`, secrets are replaced by variables. */
	read(redacted = false) {
		return this.#used.map(({ id, key, form }) => ({ id, [key]: form.read(redacted) }));
	}

	/** Fills in the credentials of a pasted request, and sends only those. */
	fill(list) {
		if (!Array.isArray(list)) return;
		for (const { id, key, form, isUsed, isRequired } of this.#declared) {
			const found = list.find((item) => item?.id === id);
			form.fill(found?.[key]);
			isUsed.checked = isRequired || found !== undefined;
			isUsed.dispatchEvent(new Event("input"));
		}
	}
}
