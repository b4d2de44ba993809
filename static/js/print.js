// The handout's print button: there only where a script can open the browser's print dialog.

const button = document.querySelector("#print");
if (button instanceof HTMLButtonElement) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
