// What every page loads.
import "./site.css";

document.documentElement.dataset["site"] = "ready";
