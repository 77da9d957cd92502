// One field of a form: its input, and what is in it.

import { h } from "./dom.js";
import { fault, parse, write } from "./json.js";
import { kind } from "./schema.js";
import { Variable, textsOf } from "./secrets.js";

let count = 0;

export class Field {
  constructor(name, schema, { path, required, isSecret, choices }) {
    this.path = path;
    this.required = required;
    this.isSecret = isSecret;
    this.kind = kind(schema);
    this.choices = choices ?? (this.kind === "boolean" ? [true, false] : null);
    this.isLines = this.kind === "array" && kind(schema.items ?? {}) === "string" && !isSecret;
    this.isText = this.kind === "string";
    const id = `field-${(count += 1)}`;
    this.input = this.#makeInput(schema, id);
    this.problem = h("p", { class: "problem", id: `${id}-problem`, hidden: true });
    const told = [schema.description?.replace(/\.$/, ""), this.#type(schema), required && "required"].filter(Boolean).join(" · ");
    this.element = h(
      "div",
      { class: "field" },
      h("label", { for: id }, schema.title ?? name),
      this.input,
      h("p", { class: "hint", id: `${id}-hint` }, told),
      this.problem,
    );
    this.element.addEventListener("input", () => this.#check());
  }

  #makeInput(schema, id) {
    const shared = { id, "aria-describedby": `${id}-hint ${id}-problem`, autocomplete: "off", spellcheck: "false" };
    if (this.isSecret) {
      // `new-password` keeps browsers from filling in, and offering to keep, what belongs to another system.
      const input = h("input", { ...shared, type: "password", autocomplete: "new-password" });
      input.addEventListener("paste", (event) => this.#pasted(event, shared));
      return input;
    }
    if (this.choices) {
      const told = "default" in schema ? `default: ${schema.default}` : "not set";
      const options = this.choices.map((value, index) => h("option", { value: index }, String(value)));
      return h("select", shared, h("option", { value: "" }, told), ...options);
    }
    if (this.kind === "integer" || this.kind === "number") {
      const { minimum: min, maximum: max } = schema;
      const step = this.kind === "integer" ? 1 : "any";
      return h("input", { ...shared, type: "number", min, max, step, placeholder: schema.default });
    }
    if (this.isText) return h("input", { ...shared, type: "text", placeholder: schema.default });
    return h("textarea", { ...shared, rows: 3, placeholder: this.isLines ? "one a line" : "JSON" });
  }

  /** A password input drops line breaks, and a private key has some: it becomes a field of several lines, masked too. */
  #pasted(event, shared) {
    const text = event.clipboardData.getData("text");
    if (!text.trim().includes("\n")) return;
    event.preventDefault();
    this.#widen(shared);
    this.input.value = text;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.focus();
  }

  #widen(shared) {
    const wide = h("textarea", { ...shared, rows: 3, class: "masked" });
    this.input.replaceWith(wide);
    this.input = wide;
  }

  #type({ minimum, maximum, default: preset, format }) {
    let type = this.isSecret ? "secret" : this.isLines ? "texts" : this.choices ? "choice" : this.kind;
    if (this.kind === "boolean") type = "true or false";
    if (this.isSecret && !this.isText) type += ", as JSON";
    if (minimum !== undefined && maximum !== undefined) type += ` from ${minimum} to ${maximum}`;
    else if (minimum !== undefined) type += ` of at least ${minimum}`;
    if (preset != null && !this.isSecret && typeof preset !== "object") type += `, default ${preset}`;
    return format && this.isText ? `${type} (${format})` : type;
  }

  #check() {
    const message = this.fault ?? "";
    this.problem.textContent = message;
    this.problem.hidden = !message;
    this.input.setAttribute("aria-invalid", String(Boolean(message)));
  }

  /** What is wrong with what is filled in, or `null`. */
  get fault() {
    if (!this.input.validity.valid) return this.input.validationMessage;
    const isJson = !this.isText && !this.choices && !this.isLines && this.input.type !== "number";
    const wrong = isJson && this.input.value.trim() ? fault(this.input.value) : null;
    return wrong && `not JSON: line ${wrong.line}, column ${wrong.column}: ${wrong.message}`;
  }

  read(shown) {
    const text = this.input.value;
    if (this.isSecret && shown && (text || this.required)) return new Variable(this.path, this.isText);
    if (text === "") return undefined;
    if (this.choices) return this.choices[Number(text)];
    if (this.isText) return text;
    if (this.isLines) return text.split("\n").map((line) => line.trim()).filter(Boolean);
    return this.fault ? undefined : parse(text);
  }

  fill(value) {
    if (value == null) this.input.value = "";
    else if (this.choices) this.input.value = String(Math.max(this.choices.indexOf(value), 0));
    else if (this.isLines && Array.isArray(value)) this.input.value = value.join("\n");
    else if (typeof value === "string" && this.isText) {
      if (this.isSecret && value.trim().includes("\n")) this.#widen({ id: this.input.id, autocomplete: "off", spellcheck: "false" });
      this.input.value = value;
    } else this.input.value = this.isSecret ? JSON.stringify(value) : write(value);
    this.#check();
  }

  /** The texts that must not be seen. */
  get secretTexts() {
    if (!this.isSecret || !this.input.value) return [];
    if (this.isText || this.fault) return [this.input.value];
    return [this.input.value, ...textsOf(parse(this.input.value))];
  }
}
