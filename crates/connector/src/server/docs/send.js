// One call over HTTP, and what its answer means.

/** Sends a request. Never rejects: what kept it from being answered is in `failure`. */
export async function send({ method, url }, body, token, signal) {
	const headers = { Accept: "application/json" };
	if (body !== undefined) headers["Content-Type"] = "application/json";
	if (token) headers.Authorization = `Bearer ${token}`;
	const begun = performance.now();
	try {
		const options = { method, headers, body, signal, cache: "no-store", redirect: "error" };
		const response = await fetch(url, options);
		const blob = await response.blob();
		const ms = performance.now() - begun;
		const text = await blob.text();
		const { status, statusText: reason, headers: given } = response;
		return { status, reason, ms, bytes: blob.size, text, json: read(text), asksForToken: given.has("www-authenticate") };
	} catch (error) {
		const ms = performance.now() - begun;
		if (error.name === "AbortError") return { failure: "You cancelled the call. What it did until then stays done.", ms };
		return { failure: "The server did not answer: it was stopped, or the connection was cut. The call may have been made.", ms };
	}
}

function read(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** What an answer means: `kind` is success, partial, error or failure; `title` and `detail` say it in words. */
export function meaning({ failure, status, reason, json, asksForToken }) {
	if (failure) return { kind: "failure", title: "No answer", detail: failure };
	const refused = asksForToken ? "The server asks for its bearer token" : REFUSALS[status];
	const error = json?.error;
	if (error) {
		const { message, status_code, raised_by, raised_in } = error;
		const code = error.app_error_code ?? error.error_code;
		const upstream = status_code && `the app answered ${status_code}`;
		const origin = raised_by && `raised by ${raised_by}${raised_in ? ` in ${raised_in}` : ""}`;
		const title = [refused ?? "Error of the connector", code].filter(Boolean).join(": ");
		return { kind: "error", title, detail: [message, upstream, origin].filter(Boolean).join(" — ") };
	}
	if (status >= 300) return { kind: "error", title: refused ?? `Error: ${status} ${reason}` };
	if (!json) return { kind: "error", title: "The answer is not a JSON object" };
	if (!json.partial) return { kind: "success", title: "Success" };
	const { reason: why, skipped } = json.partial;
	return { kind: "partial", title: "Success, but not all of it", detail: skipped ? `${why} (${skipped} skipped)` : why };
}

/** Statuses that no error of a connector has. */
const REFUSALS = {
	408: "The request took too long to arrive",
	413: "The request is too large",
	422: "The request is not valid",
	503: "The server is busy",
	504: "The call took too long",
};
