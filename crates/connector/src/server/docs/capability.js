// The view of one capability: its request, its response, and the call as commands.

import { fetchAll } from "./all.js";
import { ResponseView } from "./response.js";
import { commandLine, curl } from "./commands.js";
import { confirmed } from "./confirm.js";
import { button, copy, h } from "./dom.js";
import { EFFECTS } from "./description.js";
import { Editor } from "./editor.js";
import { Pages } from "./pages.js";
import { send } from "./send.js";

export class Capability {
	#operation;
	#description;
	#connection;
	#editor = null;
	#response;
	#pages = null;
	#abort = null;
	#commands = h("div", { class: "commands stack" });

	constructor(operation, description, connection) {
		this.#operation = operation;
		this.#description = description;
		this.#connection = connection;
		this.#response = new ResponseView(operation, description.schemas);
		if (operation.method === "POST") {
			this.#editor = new Editor(operation, description, connection, () => this.refresh(), () => this.#submit());
		}
		this.sendButton = button("Send", () => this.#submit(), { class: "primary" });
		this.allButton = button("All pages", () => this.#submit(true), { hidden: !operation.paginated || operation.effect !== "read" });
		this.cancelButton = button("Cancel call", () => this.#abort?.abort(), { hidden: true });
		this.stopButton = button("Stop", () => this.#abort?.abort(), { hidden: true });
		this.heading = h("h2", { tabindex: "-1" }, operation.title);
		this.element = h("div", { class: "card" }, ...this.#head(), h("div", { class: "columns" }, this.#requestSide(), this.#responseSide(), this.#commandsSide()));
		this.refresh();
	}

	#head() {
		const { name, effect, description, method } = this.#operation;
		const { label, text } = EFFECTS[effect];
		return [
			h("div", { class: "title" }, this.heading, h("code", {}, `${method} /${name}`), h("span", { class: `effect ${effect}` }, label)),
			h("p", { class: "about" }, description && `${description.replace(/\.$/, "")}. `, text),
		];
	}

	#requestSide() {
		const editor = this.#editor;
		const buttons = h("p", { class: "buttons" }, this.sendButton, this.allButton, this.cancelButton, this.stopButton);
		if (editor) buttons.append(button("Format", () => editor.format()), button("Reset", () => this.#reset()));
		return h("section", { "aria-label": "Request" }, editor?.element ?? h("h3", {}, "No request"), buttons);
	}

	#commandsSide() {
		return h("details", { open: true }, h("summary", {}, h("h3", {}, "As commands")), this.#commands);
	}

	#responseSide() {
		const side = h("section", { class: "response", "aria-label": "Response" }, h("h3", {}, "Response"));
		if (this.#operation.paginated) {
			this.#pages = new Pages();
			this.pageLabel = h("span", { class: "page-label" });
			this.steps = [
				button("First page", () => this.#turn(0, null)),
				button("Previous page", () => this.#turn(1, this.#pages.previous)),
				button("Next page", () => this.#turn(2, this.#pages.next)),
			];
			this.bar = h("div", { class: "pages", role: "group", "aria-label": "Pages", hidden: true }, this.pageLabel, ...this.steps);
			side.append(this.bar);
		}
		side.append(this.#response.element);
		return side;
	}

	#reset() {
		this.#editor.reset();
		this.refresh();
	}

	/** Updates the commands for the current values. */
	refresh() {
		const body = this.#editor ? this.#editor.redacted() : undefined;
		if (body === null) {
			this.#commands.replaceChildren(h("p", { class: "hint" }, "The request is not valid JSON."));
			return;
		}
		const { program, wire } = this.#description;
		const commands = [
			["curl", curl(this.#operation, body, this.#connection.requiresToken)],
			["Command line", commandLine(program, wire, this.#operation, body)],
		];
		const variables = [...new Set(commands.flatMap(([, command]) => command.variables))].map((name) => `read -rs ${name}`).join("; ");
		const hint = h("p", { class: "hint" }, "Secrets are read from variables. Set them first: ", h("code", {}, variables));
		const shown = commands.map(([title, { text }]) => [
			h("div", { class: "title" }, h("h4", {}, title), button("Copy", () => copy(text), { "aria-label": `Copy ${title}` })),
			h("pre", { class: "code", tabindex: "0", role: "region", "aria-label": title }, text),
		]);
		this.#commands.replaceChildren(...(variables ? [hint] : []), ...shown.flat());
	}

	#turn(step, token) {
		if (this.#abort || this.steps[step].ariaDisabled === "true") return undefined;
		if (!this.#editor.request().problem) this.#editor.setPageToken(token);
		return this.#submit();
	}

	/** Sends the request for one page, or for all of them. */
	async #submit(isAll = false) {
		if (this.#abort) return;
		const request = this.#editor ? this.#editor.request() : { secrets: this.#connection.secretTexts };
		this.refresh();
		if (request.problem) {
			this.#response.reject(request.problem);
			return;
		}
		// Set this before the confirmation, so a second Enter doesn't ask again.
		this.#abort = new AbortController();
		if (this.#operation.effect === "unsafe_write" && !(await confirmed(this.#operation))) {
			this.#abort = null;
			return;
		}
		this.#response.wait();
		this.#setBusy(true, isAll);
		const { token } = this.#connection;
		const { signal } = this.#abort;
		const call = (text) => send(this.#operation, text, token, signal);
		const reply = isAll ? await fetchAll(request.text, call, this.#pages, (progress) => this.#response.wait(progress)) : await call(request.text);
		this.#abort = null;
		this.#setBusy(false, isAll);
		this.#response.show(reply, [...request.secrets, token]);
		if (reply.requiresToken) this.#connection.focusToken();
		if (!this.#pages || reply.failure || reply.json?.response == null) return;
		if (!isAll) this.#pages.record(request.token, reply.json.page?.token);
		this.#showPages(isAll);
	}

	#setBusy(is, isAll) {
		// A hidden button would lose the focus.
		if (!is && [this.cancelButton, this.stopButton].includes(document.activeElement)) (isAll ? this.allButton : this.sendButton).focus();
		for (const one of [this.sendButton, this.allButton]) one.ariaDisabled = String(is);
		this.cancelButton.hidden = !is || isAll;
		this.stopButton.hidden = !is || !isAll;
	}

	#showPages(isAll) {
		const pages = this.#pages;
		this.bar.hidden = false;
		this.pageLabel.textContent = pages.label(isAll);
		// Don't use `disabled`, because it would take the focus from a button that was just used.
		[pages.isFirst, !pages.hasPrevious, pages.next === null].forEach((is, step) => (this.steps[step].ariaDisabled = String(is)));
	}
}
