// What the OpenAPI document says, as the page needs it.

import { Schemas } from "./schema.js";

export const EFFECTS = {
  read: { label: "Read", text: "Reads only." },
  idempotent_write: { label: "Idempotent write", text: "Writes to the app. Sent twice, it does no more than once." },
  unsafe_write: { label: "Unsafe write", text: "Writes to the app. Sent twice, it may do it twice: you are asked first." },
};

export class Description {
  constructor(document, address) {
    const { info = {}, servers, paths = {}, components } = document;
    this.schemas = new Schemas(document);
    this.title = info.title || info["x-app-id"] || "Connector";
    this.version = info.version ?? "";
    this.description = info.description ?? "";
    this.appId = info["x-app-id"] ?? this.title;
    this.wire = info["x-wire"] ?? "classic";
    this.program = info["x-program"] || `${this.appId.replaceAll("_", "-")}-connector`;
    this.asksForToken = Boolean(components?.securitySchemes?.bearer);
    const root = new URL(servers?.[0]?.url ?? ".", address).href.replace(/\/$/, "");
    this.operations = [];
    for (const [path, methods] of Object.entries(paths)) {
      if (methods.post?.["x-effect"]) this.operations.push(this.#operation(methods.post, root + path, path));
    }
    if (paths["/info"]) this.operations.unshift(this.#info(paths["/info"], `${root}/info`));
    /** A request schema that has credentials and settings, which are the same in all. */
    this.envelope = this.operations.map(({ request }) => request.properties ?? {}).find(({ auth }) => auth)
      ?? this.operations.at(-1)?.request.properties ?? {};
  }

  #operation(operation, url, path) {
    const body = operation.requestBody?.content?.["application/json"] ?? {};
    const request = this.schemas.resolve(body.schema);
    return {
      name: operation.operationId ?? path.slice(1),
      method: "POST",
      url,
      title: operation.summary ?? operation.operationId ?? path.slice(1),
      description: operation.description ?? "",
      effect: operation["x-effect"],
      paginated: Boolean(operation["x-paginated"]),
      request,
      response: answered(operation),
      example: body.example ?? Object.values(body.examples ?? {})[0]?.value ?? {},
    };
  }

  #info({ get = {} }, url) {
    const title = get.summary ?? "Info";
    const description = get.description ?? "What this connector is and can do";
    return { name: "info", method: "GET", url, title, description, effect: "read", request: {}, response: answered(get) };
  }
}

const answered = (operation) => operation.responses?.["200"]?.content?.["application/json"]?.schema ?? {};
