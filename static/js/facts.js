// The conversation in facts, below a recording's stage: fetched when somebody comes near it, so that the stage is there
// first. The page that it is taken from has the same for readers without a script.

const place = document.querySelector("#facts");
if (place instanceof HTMLElement) fetchWhenNear(place);

/** @param {HTMLElement} place */
function fetchWhenNear(place) {
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    watch.disconnect();
    fetchInto(place);
  }, { rootMargin: "200px" });
  watch.observe(place);
}

/** @param {HTMLElement} place */
function fetchInto(place) {
  const request = new XMLHttpRequest();
  request.open("GET", place.dataset["from"] ?? "");
  request.responseType = "document";
  request.addEventListener("load", () => {
    const facts = request.response instanceof Document ? request.response.querySelector("#conversation") : null;
    if (request.status !== 200 || facts === null) return;
    const sheets = /** @type {Document} */ (request.response).querySelectorAll("main link[rel=stylesheet]");
    place.replaceChildren(...sheets, facts);
  });
  request.send();
}
