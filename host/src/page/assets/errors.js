// Collects what goes wrong, where a reader and a test can see it.
window.weft = { errors: [] };
const failed = (what) => {
  window.weft.errors.push(String(what));
  document.documentElement.dataset.errors = window.weft.errors.join("\n");
  const banner = document.getElementById("failure");
  if (banner) banner.hidden = false;
};
addEventListener("error", (event) => failed(event.message));
addEventListener("unhandledrejection", (event) => failed(event.reason));
addEventListener("securitypolicyviolation", (event) => failed(event.violatedDirective));
