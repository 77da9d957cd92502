// What every call carries: the server's token, credentials and settings.
//
// Secrets and credentials are kept in the fields alone, so in this tab's memory: a store of the browser is on disk, is
// restored with the tab, and can be read by every page of this origin. Other settings are kept for a reload.

import { h } from "./dom.js";
import { Field } from "./field.js";
import { Form } from "./form.js";
import { isObject } from "./json.js";

export class Connection {
  #kinds;
  #settings;
  #token = null;
  #store;

  constructor(description, token, changed) {
    const { schemas, envelope, wire, appId } = description;
    this.#store = `connector-docs:${appId}:settings`;
    this.#kinds = kinds(schemas, envelope.auth, wire).map(({ key, label, schema }) => ({
      key,
      label,
      form: new Form(schemas, schema, key ? ["auth", key] : ["auth"]),
    }));
    this.#settings = new Form(schemas, schemas.resolve(envelope.settings), ["settings"]);
    this.parts = [];
    if (description.asksForToken || token) this.#addToken(token);
    this.#addCredentials(changed);
    if (this.#settings.fields.length > 0) {
      this.parts.push(h("fieldset", {}, h("legend", {}, "Settings"), this.#settings.element));
    }
    this.#restore();
    for (const part of this.parts) {
      part.addEventListener("input", () => {
        this.#keep();
        changed();
      });
    }
  }

  #addToken(token) {
    const schema = { type: "string", title: "Bearer token", description: "what this server itself asks for" };
    this.#token = new Field("token", schema, { path: ["CONNECTOR_TOKEN"], required: true, isSecret: true });
    this.#token.fill(token);
    this.parts.push(h("fieldset", {}, h("legend", {}, "Server"), h("div", { class: "fields" }, this.#token.element)));
  }

  #addCredentials(changed) {
    if (this.#kinds.length === 0) return;
    const all = this.#kinds.map(({ form }) => form.element);
    const select = h("select", { id: "credential-kind" }, ...this.#kinds.map(({ label }, index) => h("option", { value: index }, label)));
    const show = () => all.forEach((element, index) => (element.hidden = index !== Number(select.value)));
    select.addEventListener("change", () => {
      show();
      changed();
    });
    show();
    this.choice = select;
    const chooser = h("div", { class: "field" }, h("label", { for: "credential-kind" }, "Kind"), select);
    const legend = this.#kinds.length > 1 ? "Credentials" : `Credentials: ${this.#kinds[0].label}`;
    this.parts.push(h("fieldset", {}, h("legend", {}, legend), this.#kinds.length > 1 && chooser, ...all));
  }

  get #kind() {
    return this.#kinds[Number(this.choice?.value ?? 0)];
  }

  get #fields() {
    return [this.#token ?? [], this.#kind?.form.fields ?? [], this.#settings.fields].flat();
  }

  get token() {
    return this.#token?.input.value ?? "";
  }

  get asksForToken() {
    return this.#token !== null;
  }

  focusToken() {
    this.#token?.input.focus();
  }

  /** The sections of a request that come from here; with `shown`, variables in place of secrets. */
  sections(request, shown = false) {
    const { auth, settings } = request.properties ?? {};
    const found = {};
    if (auth && this.#kind) {
      const { key, form } = this.#kind;
      found.auth = key ? { [key]: form.read(shown) } : form.read(shown);
    }
    const given = this.#settings.read(shown);
    if (settings && (Object.keys(given).length > 0 || request.required?.includes("settings"))) found.settings = given;
    return found;
  }

  /** Takes over what a pasted request carries; says what there is no place for. */
  adopt({ auth, settings }) {
    const strange = [];
    if (isObject(auth)) {
      const index = this.#kinds.findIndex(({ key, form }) =>
        key ? key in auth : this.#kinds.length === 1 || form.read().model === auth.model,
      );
      const { key, form } = this.#kinds[index] ?? {};
      if (!form) strange.push("auth");
      else {
        if (this.choice) {
          this.choice.value = String(index);
          this.choice.dispatchEvent(new Event("change"));
        }
        strange.push(...form.fill(key ? auth[key] : auth));
      }
    }
    if (isObject(settings)) strange.push(...this.#settings.fill(settings));
    this.#keep();
    return strange;
  }

  /** What is wrong or missing, in a few words. */
  get state() {
    const wrong = this.#fields.filter((field) => field.fault).map(({ path }) => path.join("."));
    if (wrong.length > 0) return `not valid: ${wrong.join(", ")}`;
    const missing = this.#fields.filter((field) => field.required && !field.input.value).map(({ path }) => path.at(-1));
    return missing.length > 0 ? `not filled in: ${missing.join(", ").replace("CONNECTOR_TOKEN", "token")}` : "filled in";
  }

  get fault() {
    const wrong = this.#fields.find((field) => field.fault);
    return wrong ? `${wrong.path.join(".")}: ${wrong.fault}` : null;
  }

  /** All that must not be seen, of the kinds that are not chosen as well. */
  get secretTexts() {
    const fields = [...this.#fields, ...this.#kinds.flatMap(({ form }) => form.fields)];
    return fields.flatMap((field) => field.secretTexts);
  }

  #keep() {
    const kept = {};
    for (const { path, isSecret, input } of this.#settings.fields) if (!isSecret && input.value) kept[path.join(".")] = input.value;
    try {
      sessionStorage.setItem(this.#store, JSON.stringify(kept));
    } catch {
      // Without a store, a reload forgets the settings, and that is all.
    }
  }

  #restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#store) ?? "{}");
      for (const { path, isSecret, input } of this.#settings.fields) if (!isSecret) input.value = kept[path.join(".")] ?? "";
    } catch {
      // As above.
    }
  }
}

/** The kinds of credentials: classic has one schema a kind, openapi one object with a key a kind. */
function kinds(schemas, auth, wire) {
  if (!auth) return [];
  const all = schemas.alternatives(auth);
  if (wire === "classic") return all.map((schema) => ({ key: null, label: schema.properties?.model?.const ?? "auth", schema }));
  const found = new Map();
  for (const { properties = {} } of all) {
    for (const [key, property] of Object.entries(properties)) {
      const schema = schemas.resolve(property);
      if (schema.properties && Object.keys(schema.properties).length > 0) found.set(key, { key, label: key, schema });
    }
  }
  return [...found.values()];
}

