// One call over HTTP, and what its answer means.

/** Sends a request. Never rejects: what kept it from being answered is in `failure`. */
export async function send({ method, url }, body, token, signal) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const begun = performance.now();
  try {
    const options = { method, headers, body, signal, cache: "no-store", credentials: "same-origin", redirect: "error" };
    const response = await fetch(url, options);
    const blob = await response.blob();
    const ms = performance.now() - begun;
    const text = await blob.text();
    return { status: response.status, reason: response.statusText, ms, bytes: blob.size, text, json: read(text) };
  } catch (error) {
    const ms = performance.now() - begun;
    if (error.name === "AbortError") return { failure: "You cancelled the call. What it did until then stays done.", ms };
    if (error instanceof TypeError && /header|ByteString|ISO-8859-1/i.test(error.message)) {
      return { failure: "The bearer token has characters in it that a header cannot carry.", ms };
    }
    return { failure: "The server did not answer: it has been stopped, or the connection was cut. Nothing says whether the call was made.", ms };
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
export function meaning({ failure, status, reason, json }) {
  if (failure) return { kind: "failure", title: "No answer", detail: failure };
  const error = json?.error;
  if (json?.is_error || (typeof error === "object" && error !== null)) {
    const from = status < 300 ? "Error of the connector" : REFUSALS[status] ?? "Error";
    const origin = [error?.raised_by, error?.raised_in].filter(Boolean).join(" in ");
    const upstream = error?.status_code ? `the app answered ${error.status_code}` : "";
    const more = [upstream, origin && `raised by ${origin}`].filter(Boolean).join("; ");
    const code = error?.app_error_code ?? error?.error_code;
    return { kind: "error", title: [from, code].filter(Boolean).join(": "), detail: [error?.message, more].filter(Boolean).join(" — ") };
  }
  if (status >= 300) return { kind: "error", title: `${REFUSALS[status] ?? "Error"}: ${status} ${reason}`.trim(), detail: "" };
  if (json === undefined) return { kind: "error", title: "The answer is not JSON", detail: "" };
  const { partial } = json;
  if (partial) {
    const skipped = partial.skipped ? ` (${partial.skipped} skipped)` : "";
    return { kind: "partial", title: "Success, but not all of it", detail: `${partial.reason}${skipped}` };
  }
  return { kind: "success", title: "Success", detail: "" };
}

const REFUSALS = {
  400: "The request was refused",
  401: "The server asks for its bearer token",
  404: "There is no such capability here",
  413: "The request is too large",
  415: "The request was refused",
  422: "The request is not valid",
  503: "The server is busy",
  504: "The call took too long",
};
