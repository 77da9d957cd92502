// Extracts from the OpenAPI document what the page needs.

import { Schemas } from "./schema.js";

/** Labels and explanations of the effects. */
export const EFFECTS = {
	read: { label: "Read", text: "Only reads from the app." },
	idempotent_write: { label: "Idempotent write", text: "Writes to the app. Sending it twice has the same effect as sending it once." },
	unsafe_write: { label: "Unsafe write", text: "Writes to the app. Sending it twice may perform the write twice, so you are asked to confirm it." },
};

export class Description {
	operations = [];

	constructor(document, address) {
		const { info, servers, tags, paths, components } = document;
		this.schemas = new Schemas(document);
		this.title = info.title;
		this.version = info.version;
		this.description = info.description ?? "";
		this.appId = info["x-app-id"];
		this.wire = info["x-wire"];
		this.program = info["x-program"];
		/** The names of the families, in the order of the menu. */
		this.families = tags.map(({ name }) => name);
		this.requiresToken = Boolean(components?.securitySchemes?.bearer);
		const root = new URL(servers[0].url, address).href.replace(/\/$/, "");
		for (const [path, { get, post }] of Object.entries(paths)) {
			if (post?.["x-effect"]) this.#add(root + path, post, { method: "POST", name: path.slice(1) });
			else if (path === "/info") this.#add(root + path, get, { method: "GET", name: "info" });
		}
		/** The sections of a request. Credentials are those of any capability whose requests carry some. */
		const calls = this.operations.filter(({ method }) => method === "POST");
		this.envelope = Object.assign({}, ...calls.map(({ request }) => request?.properties ?? {}));
		// A capability that accepts any settings doesn't describe them.
		const settings = calls.map(({ request }) => request?.properties?.settings);
		this.envelope.settings = settings.find((one) => one && this.schemas.resolve(one).properties) ?? settings[0];
		/** The IDs of the credentials in examples. */
		this.exampleCredentials = calls.flatMap(({ example }) => example?.credentials ?? []).map(({ id }) => id);
	}

	#add(url, operation, { method, name }) {
		const body = operation.requestBody?.content["application/json"];
		this.operations.push({
			name,
			method,
			url,
			title: operation.summary ?? name,
			description: operation.description ?? "",
			family: operation.tags[0],
			effect: operation["x-effect"] ?? "read",
			paginated: operation["x-paginated"],
			request: this.schemas.resolve(body?.schema),
			response: operation.responses["200"]?.content?.["application/json"]?.schema,
			example: body?.example,
		});
	}
}
