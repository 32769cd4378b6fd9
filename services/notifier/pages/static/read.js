// Tells that the publication was read, once somebody looks at it: programs that fetch links run no page.
const tell = () => {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", tell);
  fetch(`${location.pathname.replace(/\/answer$/, "")}/read`, { method: "POST", keepalive: true }).catch(() => {});
};
document.addEventListener("visibilitychange", tell);
tell();
