// A recording that the address asks to be shown to the class: "Show to the class" leads here from the recording's page.

import { say } from "../core/say.js";

/** @import { OpenRecording } from "../core/messages.js" */

/**
 * It is asked for once: from then on the address names the class alone. Who comes by a link from elsewhere is asked first,
 * for what is shown to a class may be seen by it from then on.
 * @returns {OpenRecording | null}
 */
export function wantedRecording() {
  const query = new URLSearchParams(location.search);
  const [recording, conversation] = [numberOf(query.get("recording")), numberOf(query.get("conversation"))];
  history.replaceState(null, "", location.pathname + location.hash);
  if (recording === null) return null;
  const isOwn = document.referrer !== "" && new URL(document.referrer).origin === location.origin;
  if (!isOwn && !window.confirm(say("Show recording {recording} to the class?", { recording }))) return null;
  return { kind: "open_recording", recording, conversation };
}

/**
 * @param {string | null} text
 * @returns {number | null}
 */
function numberOf(text) {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
