// Sends a call over HTTP, and describes its outcome.

/** Sends a request. Never rejects: if there is no response, the reason is in `failure`. */
export async function send({ method, url }, body, token, signal) {
	const headers = { Accept: "application/json" };
	if (body !== undefined) headers["Content-Type"] = "application/json";
	if (token) headers.Authorization = `Bearer ${token}`;
	const start = performance.now();
	try {
		const options = { method, headers, body, signal, cache: "no-store", redirect: "error" };
		const response = await fetch(url, options);
		const blob = await response.blob();
		const ms = performance.now() - start;
		const text = await blob.text();
		const { status, statusText: reason, headers: responseHeaders } = response;
		return { status, reason, ms, bytes: blob.size, text, json: read(text), requiresToken: responseHeaders.has("www-authenticate") };
	} catch (error) {
		const ms = performance.now() - start;
		if (error.name === "AbortError") return { failure: "You cancelled the call. Changes that it has already made are kept.", isCancelled: true, ms };
		return { failure: "The server did not respond: it was stopped, or the connection was lost. The call may have been carried out.", ms };
	}
}

function read(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Describes a response: `kind` is success, partial, error or failure; `title` and `detail` are texts to show. */
export function describe({ failure, status, reason, json, requiresToken }) {
	if (failure) return { kind: "failure", title: "No response", detail: failure };
	const serverError = requiresToken ? "The server requires a bearer token" : SERVER_ERRORS[status];
	const error = json?.error;
	if (error) {
		const { message, status_code, raised_by, raised_in } = error;
		const code = error.app_error_code ?? error.error_code;
		const upstream = status_code && `the app returned ${status_code}`;
		const origin = raised_by && `raised by ${raised_by}${raised_in ? ` in ${raised_in}` : ""}`;
		const title = [serverError ?? "Connector error", code].filter(Boolean).join(": ");
		return { kind: "error", title, detail: [message, upstream, origin].filter(Boolean).join(" — ") };
	}
	if (status >= 300) return { kind: "error", title: serverError ?? `Error: ${status} ${reason}` };
	if (!json) return { kind: "error", title: "The response is not a JSON object" };
	if (!json.partial) return { kind: "success", title: "Success" };
	const { reason: why, skipped } = json.partial;
	return { kind: "partial", title: "Partial success", detail: skipped ? `${why} (${skipped} skipped)` : why };
}

/** Errors of the server, by a status that connector errors never have. */
const SERVER_ERRORS = {
	408: "The request took too long to arrive",
	413: "The request is too large",
	422: "Invalid request",
	503: "The server is busy",
	504: "The call timed out",
};
