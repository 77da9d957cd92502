// What the OpenAPI document says, as the page needs it.

import { Schemas } from "./schema.js";

/** What the effects are called and mean, in the order they are listed in. */
export const EFFECTS = {
	read: { label: "Read", text: "Reads only." },
	idempotent_write: { label: "Idempotent write", text: "Writes to the app. Sent twice, it leads to the same as once." },
	unsafe_write: { label: "Unsafe write", text: "Writes to the app. Sent twice, it may do it twice: you are asked first." },
};

export class Description {
	operations = [];

	constructor(document, address) {
		const { info, servers, paths, components } = document;
		this.schemas = new Schemas(document);
		this.title = info.title;
		this.version = info.version;
		this.description = info.description ?? "";
		this.appId = info["x-app-id"];
		this.wire = info["x-wire"];
		this.program = info["x-program"];
		this.asksForToken = Boolean(components?.securitySchemes?.bearer);
		const root = new URL(servers[0].url, address).href.replace(/\/$/, "");
		for (const [path, { get, post }] of Object.entries(paths)) {
			if (post?.["x-effect"]) this.#add(root + path, post, { method: "POST", name: path.slice(1) });
			else if (path === "/info") this.#add(root + path, get, { method: "GET", name: "info" });
		}
		/** A request's sections; credentials and settings are the same in all. */
		this.envelope = this.operations.find(({ method }) => method === "POST")?.request.properties ?? {};
	}

	#add(url, operation, { method, name }) {
		const body = operation.requestBody?.content["application/json"];
		this.operations.push({
			name,
			method,
			url,
			title: operation.summary ?? name,
			description: operation.description ?? "",
			effect: operation["x-effect"] ?? "read",
			paginated: operation["x-paginated"],
			request: this.schemas.resolve(body?.schema),
			response: operation.responses["200"]?.content?.["application/json"]?.schema,
			example: body?.example,
		});
	}
}
