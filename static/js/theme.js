// Light, dark, or as the system says: set before the first paint, so that nothing flashes, and kept for the next visit.
// A plain script, not a module: it has to run before the page is drawn. A language that is chosen is sent at once.

{
  const KEY = "layersviz-theme";
  const root = document.documentElement;

  /** @param {string | null} chosen */
  const apply = (chosen) => {
    if (chosen === "light" || chosen === "dark") root.dataset["theme"] = chosen;
    else delete root.dataset["theme"];
  };

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  /** @param {string} chosen */
  const keep = (chosen) => {
    try {
      localStorage.setItem(KEY, chosen);
    } catch { /* a browser that keeps nothing: the choice holds for this page */ }
  };

  apply(stored());
  window.addEventListener("storage", (event) => { if (event.key === KEY) apply(event.newValue); });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("#language")?.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLSelectElement) target.form?.requestSubmit();
    });
    const select = document.querySelector("#theme");
    if (!(select instanceof HTMLSelectElement)) return;
    select.value = stored() ?? "auto";
    select.addEventListener("change", () => {
      keep(select.value);
      apply(select.value);
    });
  });
}
