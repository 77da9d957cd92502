// A form made from a JSON Schema.

import { h } from "./dom.js";
import { Field } from "./field.js";
import { isObject } from "./json.js";
import { Variable } from "./secrets.js";

export class Form {
  /** The fields of a schema's properties, to be put somewhere. */
  element = h("div", { class: "fields" });
  #parts = [];
  #schemas;
  #path;
  #required;

  constructor(schemas, schema, path) {
    this.#schemas = schemas;
    this.#path = path;
    this.#required = new Set(schema.required ?? []);
    for (const [name, property] of Object.entries(schema.properties ?? {})) this.#add(name, schemas.resolve(property));
  }

  #add(name, schema) {
    const preset = schema.const ?? (schema.field_type === "HIDDEN" ? schema.default : undefined);
    if (preset !== undefined) {
      this.#parts.push({ name, preset });
      return;
    }
    const path = [...this.#path, name];
    const required = this.#required.has(name);
    if (schema.properties && schema.field_type !== "SECRET") {
      const form = new Form(this.#schemas, schema, path);
      this.#parts.push({ name, form, required });
      this.element.append(h("fieldset", {}, h("legend", {}, name), form.element));
      return;
    }
    const isSecret = schema.field_type === "SECRET" || this.#schemas.secrets(schema).length > 0;
    const field = new Field(name, schema, { path, required, isSecret, choices: this.#schemas.choices(schema) });
    this.#parts.push({ name, field, required });
    this.element.append(field.element);
  }

  /** The object that is filled in; with `shown`, variables in place of its secrets. */
  read(shown = false) {
    const found = {};
    for (const { name, preset, form, field, required } of this.#parts) {
      const value = preset !== undefined ? preset : (form ?? field).read(shown);
      const isMissing = value === undefined || (form && !required && isBare(value));
      if (!isMissing) found[name] = value;
    }
    return found;
  }

  /** Fills in an object; says which of its fields there are no places for. */
  fill(object) {
    return Object.entries(object).flatMap(([name, value]) => {
      const part = this.#parts.find((one) => one.name === name);
      if (!part) return [[...this.#path, name].join(".")];
      if (part.form) return isObject(value) ? part.form.fill(value) : [];
      part.field?.fill(value);
      return [];
    });
  }

  /** All fields, those of nested forms as well. */
  get fields() {
    return this.#parts.flatMap(({ form, field }) => form?.fields ?? field ?? []);
  }
}

/** Whether an object has nothing that someone filled in. */
const isBare = (value) => Object.values(value).every((part) => isObject(part) && !(part instanceof Variable) && isBare(part));
