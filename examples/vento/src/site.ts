// What every page loads.
import "./site.css";

const here = document.querySelector(`nav a[href="${location.pathname}"]`);
here?.setAttribute("aria-current", "page");
