// Asking first. A modal dialog of the browser's own: Escape closes it, and the focus goes back to where it was.

import { byId } from "./dom.js";

const dialog = byId("confirm");
byId("confirm-no").addEventListener("click", () => dialog.close("no"));
byId("confirm-yes").addEventListener("click", () => dialog.close("yes"));

/** Whether the user says yes. */
export function confirmed({ title, description, name }) {
	byId("confirm-title").textContent = `Send “${title}”?`;
	const what = description ? `${description.replace(/\.$/, "")}. ` : "";
	byId("confirm-text").textContent = `${what}This is an unsafe write: it changes the app, and sent twice it may do so twice.`;
	byId("confirm-yes").textContent = `Send ${name}`;
	dialog.returnValue = "no";
	dialog.showModal();
	byId("confirm-no").focus();
	return new Promise((resolve) => {
		dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
	});
}
