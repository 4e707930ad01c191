// Shows a call while it goes on.

/**
 * Fill `list` with what is said in the call of that SID, and `status` with what the call does.
 *
 * Returns an object whose `stop()` ends it.
 */
export function watchCall({ list, status, sid }) {
  list.replaceChildren();
  status.textContent = "";
  list.dataset.sid = sid;
  return { stop() {} };
}
